package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import io.floatingip.RoleListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Something that is no {@code IOException} is thrown while an action is performed: what a node says and what its kernel does stay one thing. */
class OutOfMemorySimulationTest {
    private static final String VIP = "10.0.0.10";
    private static final Duration MASTER_DOWN = Duration.ofSeconds(4);

    private final SimLan lan = SimLan.withSeed(1);
    private final SimHost a = lan.host("10.0.0.1");
    private final SimHost b = lan.host("10.0.0.2");
    private final List<Role> told = new ArrayList<>();

    @BeforeEach
    void failuresAreLoggedButNotHere() {
        ((Logger) LoggerFactory.getLogger("io.floatingip")).setLevel(Level.OFF);
    }

    @AfterEach
    void logAgain() {
        ((Logger) LoggerFactory.getLogger("io.floatingip")).setLevel(null);
    }

    private FloatingIpConfig config(SimHost host, int priority) {
        return FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(7)
                .priority(priority)
                .address(VIP + "/24")
                .listener(RoleListener.onAnyChange(change -> {
                    if (host == a) {
                        told.add(change.to());
                    }
                }))
                .network(host.network())
                .build();
    }

    @Test
    void whoCannotAddItsAddressGivesWayToOneWhoCan() {
        FloatingIp first = FloatingIp.join(config(a, 200));
        FloatingIp second = FloatingIp.join(config(b, 100));
        a.failNext(SimFault.ADD_OUT_OF_MEMORY);
        lan.runFor(MASTER_DOWN);
        assertThat(first.role()).isEqualTo(Role.FAULT);
        assertThat(second.role()).isEqualTo(Role.MASTER);
        assertThat(lan.answering(VIP)).isEqualTo(Set.of(b));

        lan.runFor(Duration.ofSeconds(100));
        assertThat(first.role()).as("it tries again").isEqualTo(Role.MASTER);
        assertThat(lan.answering(VIP)).isEqualTo(Set.of(a));
        assertThat(told).startsWith(Role.BACKUP, Role.FAULT).endsWith(Role.BACKUP, Role.MASTER);
    }

    @Test
    void whoYieldsAndCannotRemoveItsAddressSaysSoAndTriesAgainBehindTheFence() {
        FloatingIp first = FloatingIp.join(config(a, 100));
        lan.runFor(MASTER_DOWN);
        a.failNext(SimFault.REMOVE_OUT_OF_MEMORY);
        FloatingIp second = FloatingIp.join(config(b, 200));
        lan.runUntil(() -> second.role() == Role.MASTER, MASTER_DOWN);
        lan.runFor(Duration.ofMillis(100));
        assertThat(first.role()).isEqualTo(Role.BACKUP);
        assertThat(told).containsExactly(Role.BACKUP, Role.MASTER, Role.BACKUP);
        assertThat(lan.answering(VIP)).isEqualTo(Set.of(b));
        assertThat(a.holds(VIP)).isTrue();

        lan.runFor(Duration.ofSeconds(2));
        assertThat(a.holds(VIP)).isFalse();
    }

    @Test
    void oneRouterThatFailsLeavesTheOthersOfItsLinkTheirTurn() {
        FloatingIp first = FloatingIp.join(config(a, 200));
        FloatingIp other = FloatingIp.join(FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(8)
                .address("10.0.0.20/24")
                .network(a.network())
                .build());
        a.failNext(SimFault.SEND_OUT_OF_MEMORY, SimFault.FENCE_OPEN_OUT_OF_MEMORY);
        lan.runFor(MASTER_DOWN.multipliedBy(2));
        assertThat(first.role()).isEqualTo(Role.MASTER);
        assertThat(other.role()).isEqualTo(Role.MASTER);
        assertThat(lan.answering(VIP)).isEqualTo(Set.of(a));
    }

    @Test
    void anAddressThatSomebodyTookAndThatCannotBePutBackIsNotHeldInNameOnly() {
        FloatingIp first = FloatingIp.join(config(a, 200));
        FloatingIp second = FloatingIp.join(config(b, 100));
        lan.runFor(MASTER_DOWN);
        a.failNext(SimFault.LIST_OUT_OF_MEMORY);
        a.removeAddress(VIP);
        lan.runFor(Duration.ofSeconds(2));
        assertThat(first.role()).isEqualTo(Role.FAULT);
        assertThat(second.role()).isEqualTo(Role.MASTER);
        assertThat(lan.answering(VIP)).isEqualTo(Set.of(b));
    }

    @Test
    void everyStepIsTakenToItsEndWhateverThrows() {
        for (SimFault fault : SimFault.values()) {
            if (!fault.outOfMemory()) {
                continue;
            }
            SimLan each = SimLan.withSeed(2);
            SimHost c = each.host("10.0.0.1");
            SimHost d = each.host("10.0.0.2");
            FloatingIp first = FloatingIp.join(config(c, 200));
            FloatingIp.join(config(d, 100));
            each.runFor(MASTER_DOWN);
            c.failNext(fault);
            first.standDown(Duration.ofSeconds(5));
            each.runFor(Duration.ofSeconds(3));
            assertThat(first.role()).as("%s", fault).isEqualTo(Role.FAULT);
            assertThat(each.answering(VIP)).as("%s", fault).isEqualTo(Set.of(d));
            each.runFor(Duration.ofSeconds(100));
            assertThat(first.role()).as("%s", fault).isEqualTo(Role.MASTER);
            assertThat(each.answering(VIP)).as("%s", fault).isEqualTo(Set.of(c));
        }
    }
}
