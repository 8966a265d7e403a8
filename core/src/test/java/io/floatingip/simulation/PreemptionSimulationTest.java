package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A better node takes the place of a live master, which gives its address away as soon as it hears of that. */
class PreemptionSimulationTest {
    private static final String VIP = "10.0.0.10";
    private static final String ADDS = "a adds 10.0.0.10";
    private static final String ADVERTISES = "a sends advert 7 prio 200";

    private final SimLan lan = SimLan.withSeed(1);
    private final SimHost better = lan.host("10.0.0.1");
    private final SimHost master = lan.host("10.0.0.2");
    private final SimHost third = lan.host("10.0.0.3");

    private static FloatingIp join(SimHost host, int priority, String... more) {
        FloatingIpConfig.Builder config = FloatingIpConfig.builder()
                .name(host.toString())
                .networkInterface("eth0")
                .virtualRouterId(7)
                .priority(priority)
                .address(VIP)
                .network(host.network());
        for (String address : more) {
            config.address(address);
        }
        return FloatingIp.join(config.build());
    }

    private int lineOf(String event) {
        List<String> trace = lan.trace();
        for (int i = 0; i < trace.size(); i++) {
            if (trace.get(i).contains(event)) {
                return i;
            }
        }
        throw new AssertionError("never: " + event);
    }

    private void preempt(String... more) {
        join(master, 100, more);
        lan.runFor(Duration.ofSeconds(10));
        join(better, 200, more);
        lan.runFor(Duration.ofSeconds(10));
        assertThat(lan.answering(VIP)).containsExactly(better);
    }

    @Test
    void theAddressIsThereWhenTheOldMasterHearsTheAdvert() {
        preempt();
        assertThat(lineOf(ADDS)).isLessThan(lineOf(ADVERTISES));
    }

    @Test
    void whoeverIsStoppedInBetweenHasTheAddressAndNobodyHearsOfIt() {
        FloatingIp b = join(master, 100);
        lan.runFor(Duration.ofSeconds(10));
        FloatingIp a = join(better, 200);
        better.pauseAtNextSend(Duration.ofSeconds(20));
        boolean there = false;
        for (int i = 0; i < 2000; i++) {
            lan.runFor(Duration.ofMillis(10));
            there |= better.holds(VIP);
            if (b.role() == Role.MASTER) {
                assertThat(lan.answering(VIP)).containsExactly(master);
            }
        }
        assertThat(there).isTrue();
        assertThat(lan.trace()).anyMatch(line -> line.contains("a pauses"));
        lan.runFor(Duration.ofSeconds(20));
        assertThat(a.role()).isEqualTo(Role.MASTER);
        assertThat(lan.answering(VIP)).containsExactly(better);
    }

    @Test
    void aClaimWithoutItsAddressDisturbsNobody() {
        FloatingIp b = join(master, 100);
        FloatingIp c = join(third, 50);
        lan.runFor(Duration.ofSeconds(10));
        FloatingIp a = join(better, 200);
        better.failNext(SimFault.ADD_EPERM);
        lan.runFor(Duration.ofMillis(3500));
        assertThat(a.role()).isEqualTo(Role.FAULT);
        assertThat(b.role()).isEqualTo(Role.MASTER);
        assertThat(c.status().epoch()).isZero();
        assertThat(lan.trace()).noneMatch(line -> line.contains("a sends"));
    }

    @Test
    void anAddressWhoseAdvertDoesNotLeaveIsTakenBack() {
        join(master, 100);
        lan.runFor(Duration.ofSeconds(10));
        join(better, 200);
        better.failNext(SimFault.SEND_ENOBUFS);
        lan.runFor(Duration.ofMillis(3300));
        assertThat(lineOf(ADDS)).isPositive();
        assertThat(better.holds(VIP)).isFalse();
        lan.runFor(Duration.ofSeconds(5));
        assertThat(lan.answering(VIP)).containsExactly(better);
    }

    @Test
    void whereNothingHidesTheAddressItComesAfterTheAdvert() {
        better.withoutPacketFilter();
        preempt();
        assertThat(lineOf(ADVERTISES)).isLessThan(lineOf(ADDS));
    }

    @Test
    void soManyAddressesThatTheAdvertWouldBeLateComeAfterIt() {
        String[] more = IntStream.range(0, 16).mapToObj(i -> "10.0.1." + i).toArray(String[]::new);
        preempt(more);
        assertThat(lineOf(ADVERTISES)).isLessThan(lineOf(ADDS));
    }
}
