package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import io.floatingip.RoleListener;
import io.floatingip.health.HealthChecks;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.HealthState;
import io.floatingip.health.HealthStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Health decides who holds the address: two nodes on a simulated LAN, a with priority 200, b with 100. */
class HealthSimulationTest {
    private static final String VIP = "10.0.0.10";
    // Priority 100 waits (256 - 100) / 256 of the interval of 1 s.
    private static final Duration SKEW_OF_B = Duration.ofNanos(1_000_000_000L * 156 / 256);

    private final SimLan lan = SimLan.withSeed(8).delay(Duration.ofNanos(50_000), Duration.ofMillis(1));
    private final SimHost hostA = lan.host("10.0.0.1").named("a");
    private final SimHost hostB = lan.host("10.0.0.2").named("b");
    private final SimHost client = lan.host("10.0.0.99").named("client");

    @Test
    void anUnhealthyApplicationLosesTheAddressWithinTheSkewTime() {
        FloatingIp a = join(hostA, 200, c -> c);
        join(hostB, 100, c -> c);
        lan.runFor(Duration.ofSeconds(10));
        assertThat(client.ask(VIP)).contains(hostA);

        a.health().unhealthy("out of memory");
        boolean taken =
                lan.runUntil(() -> client.ask(VIP).equals(java.util.Optional.of(hostB)), SKEW_OF_B.plusMillis(20));

        assertThat(taken).isTrue();
        assertThat(a.role()).isEqualTo(Role.FAULT);
        assertThat(a.status().faults()).containsExactly("application: out of memory");
        a.health().healthy();
        lan.runFor(Duration.ofSeconds(10));
        assertThat(client.ask(VIP)).contains(hostA);
        assertThat(a.status().health())
                .extracting(HealthStatus::name, HealthStatus::state)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("application", HealthState.HEALTHY));
    }

    @Test
    void nothingIsLostWhenTheUnhealthyNodeCanStillServe() {
        FloatingIp a = join(hostA, 200, c -> c);
        join(hostB, 100, c -> c);
        lan.runFor(Duration.ofSeconds(10));
        AtomicInteger unanswered = new AtomicInteger();
        lan.afterEveryStep(() -> unanswered.addAndGet(client.ask(VIP).isEmpty() ? 1 : 0));

        a.health().unhealthyButServing("disk nearly full");
        lan.runFor(Duration.ofSeconds(5));

        assertThat(client.ask(VIP)).contains(hostB);
        assertThat(a.role()).isEqualTo(Role.FAULT);
        assertThat(unanswered).hasValue(0);
    }

    @Test
    void aWordTakenBackWhileLeavingLeadsBack() {
        FloatingIp a = join(hostA, 200, c -> c);
        lan.runFor(Duration.ofSeconds(10));
        a.health().unhealthyButServing("for a moment");
        lan.runFor(Duration.ofMillis(100));
        a.health().healthy();
        lan.runFor(Duration.ofSeconds(10));
        assertThat(a.role()).isEqualTo(Role.MASTER);
    }

    @Test
    void aFailedCheckWithAWeightLetsTheBetterNodeTakeOver() {
        AtomicBoolean good = new AtomicBoolean(true);
        FloatingIp a = join(
                hostA,
                200,
                c -> c.check(
                        "upstream",
                        HealthChecks.that(good::get),
                        HealthPolicy.weight(-150).fall(2)));
        FloatingIp b = join(hostB, 100, c -> c);
        lan.runFor(Duration.ofSeconds(10));
        assertThat(a.status().effectivePriority()).isEqualTo(200);
        assertThat(a.role()).isEqualTo(Role.MASTER);

        good.set(false);
        lan.runFor(Duration.ofSeconds(10));
        assertThat(a.status().effectivePriority()).isEqualTo(50);
        assertThat(List.of(a.role(), b.role())).containsExactly(Role.BACKUP, Role.MASTER);

        good.set(true);
        lan.runFor(Duration.ofSeconds(10));
        assertThat(List.of(a.role(), b.role())).containsExactly(Role.MASTER, Role.BACKUP);
    }

    @Test
    void takesNoPartBeforeTheFirstResultOfACheckThatReleases() {
        AtomicBoolean good = new AtomicBoolean();
        FloatingIp a = join(hostA, 200, c -> c.check("database", HealthChecks.that(good::get), HealthPolicy.release()));
        assertThat(a.role()).isEqualTo(Role.FAULT);
        assertThat(a.status().faults()).containsExactly("database: waiting for the first result");

        lan.runFor(Duration.ofSeconds(10));
        assertThat(a.role()).isEqualTo(Role.FAULT);
        assertThat(a.status().faults()).containsExactly("database: unhealthy");

        good.set(true);
        assertThat(lan.runUntil(a::isMaster, Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void theOwnerOfTheAddressWaitsForItsHealthToo() {
        AtomicBoolean good = new AtomicBoolean();
        FloatingIp a = join(hostA, 255, c -> c.check("database", HealthChecks.that(good::get), HealthPolicy.release()));
        lan.runFor(Duration.ofSeconds(10));
        assertThat(a.role()).isEqualTo(Role.FAULT);
        good.set(true);
        assertThat(lan.runUntil(a::isMaster, Duration.ofSeconds(2))).isTrue();
    }

    @Test
    void checksCanChangeWhileJoined() {
        FloatingIp a = join(hostA, 200, c -> c);
        lan.runFor(Duration.ofSeconds(10));
        a.change(c -> c.check("new", () -> true, HealthPolicy.release())
                .check("weighted", () -> true, HealthPolicy.weight(20)));
        assertThat(a.role()).isEqualTo(Role.MASTER);
        lan.runFor(Duration.ofSeconds(2));
        assertThat(a.role()).isEqualTo(Role.MASTER);
        assertThat(a.status().effectivePriority()).isEqualTo(220);
        a.change(c -> c.checks(List.of()));
        lan.runFor(Duration.ofSeconds(2));
        assertThat(a.status().effectivePriority()).isEqualTo(200);
        assertThat(a.status().health()).isEmpty();
    }

    @Test
    void takesNoPartBeforeTheApplicationIsReady() {
        FloatingIp a = join(hostA, 255, c -> c.ready(false));
        lan.runFor(Duration.ofSeconds(10));
        assertThat(a.role()).isEqualTo(Role.FAULT);
        assertThat(a.status().faults()).containsExactly("the application is not ready yet");
        assertThat(client.ask(VIP)).isEmpty();

        a.health().ready();
        assertThat(lan.runUntil(a::isMaster, Duration.ofSeconds(1))).isTrue();
        assertThat(a.status().faults()).isEmpty();
    }

    @Test
    void aNodeThatIsNotReadyAnyMoreDrainsAndGivesTheAddressAwayWithoutALoss() {
        List<String> calls = new ArrayList<>();
        FloatingIp a = join(
                hostA,
                200,
                c -> c.drain(Duration.ofSeconds(2))
                        .listener(RoleListener.onAnyChange(change -> calls.add(change.to() + " " + change.reason()))
                                .onDrain(time -> {
                                    calls.add("drain");
                                    lan.runFor(Duration.ofSeconds(1));
                                    assertThat(client.ask(VIP)).contains(hostA);
                                })));
        FloatingIp b = join(hostB, 100, c -> c);
        lan.runFor(Duration.ofSeconds(10));
        AtomicInteger unanswered = new AtomicInteger();
        lan.afterEveryStep(() -> unanswered.addAndGet(client.ask(VIP).isEmpty() ? 1 : 0));

        a.health().notReady("closing");
        lan.runFor(Duration.ofSeconds(10));
        assertThat(client.ask(VIP)).contains(hostB);
        assertThat(a.status().faults()).containsExactly("closing");
        assertThat(b.isMaster()).isTrue();
        a.health().ready();
        lan.runFor(Duration.ofSeconds(10));

        assertThat(client.ask(VIP)).contains(hostA);
        assertThat(unanswered).hasValue(0);
        assertThat(calls)
                .containsExactly(
                        "BACKUP JOINED",
                        "MASTER MASTER_SILENT",
                        "drain",
                        "FAULT NOT_READY",
                        "BACKUP RECOVERED",
                        "MASTER PREEMPTING");
    }

    @Test
    void listenersDrainOnceForTwoReasons() {
        List<String> calls = new ArrayList<>();
        FloatingIp a = join(
                hostA,
                200,
                c -> c.drain(Duration.ofSeconds(2))
                        .listener(RoleListener.onAnyChange(change -> calls.add(change.to() + " " + change.reason()))
                                .onDrain(time -> {
                                    calls.add("drain");
                                    lan.runFor(Duration.ofSeconds(1));
                                })));
        join(hostB, 100, c -> c);
        lan.runFor(Duration.ofSeconds(10));
        calls.clear();

        a.health().notReady("closing");
        a.close();
        lan.runFor(Duration.ofSeconds(1));

        assertThat(calls).containsExactly("drain", "RELEASED RELEASED");
    }

    private static FloatingIp join(SimHost host, int priority, UnaryOperator<FloatingIpConfig.Builder> more) {
        return FloatingIp.join(more.apply(FloatingIpConfig.builder()
                        .name(host.toString())
                        .networkInterface("eth0")
                        .virtualRouterId(7)
                        .priority(priority)
                        .address(VIP)
                        .network(host.network()))
                .build());
    }
}
