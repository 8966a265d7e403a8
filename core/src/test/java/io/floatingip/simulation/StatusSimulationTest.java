package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Lateness;
import io.floatingip.Role;
import io.floatingip.Takeovers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The figures of the status, where time is exact: adverts are sent each second, and priority 100 has a skew of 0.609375 s. */
class StatusSimulationTest {
    private static final Duration SKEW = Duration.ofNanos(609_375_000);
    private static final Duration DOWN = SKEW.plusSeconds(3);

    private final SimLan lan = SimLan.withSeed(1).delay(Duration.ZERO, Duration.ZERO);
    private final SimHost a = lan.host("10.0.0.1", "fe80::1");
    private final SimHost b = lan.host("10.0.0.2", "fe80::2");

    @Test
    void aTakeoverFromASilentMasterLastsFromItsLastAdvert() {
        join(a, 200);
        FloatingIp backup = join(b, 100);
        lan.runFor(Duration.ofMillis(10_200));
        a.kill();
        lan.runFor(Duration.ofSeconds(10));
        assertThat(backup.role()).isEqualTo(Role.MASTER);
        assertThat(backup.status().takeovers()).isEqualTo(new Takeovers(1, DOWN, DOWN, DOWN));
    }

    @Test
    void aTakeoverFromAMasterThatLeavesLastsFromItsGoodBye() {
        FloatingIp master = join(a, 200);
        FloatingIp backup = join(b, 100);
        lan.runFor(Duration.ofMillis(10_200));
        master.close();
        lan.runFor(Duration.ofSeconds(10));
        assertThat(backup.status().takeovers()).isEqualTo(new Takeovers(1, SKEW, SKEW, SKEW));
    }

    @Test
    void takeoversAddUp() {
        FloatingIp backup = join(b, 100);
        FloatingIp master = join(a, 200);
        lan.runFor(Duration.ofSeconds(10));
        master.close();
        lan.runFor(Duration.ofSeconds(10));
        join(a, 200);
        lan.runFor(Duration.ofSeconds(10));
        a.kill();
        lan.runFor(Duration.ofSeconds(10));
        assertThat(backup.status().takeovers()).isEqualTo(new Takeovers(2, SKEW.plus(DOWN), DOWN, DOWN));
    }

    @Test
    void whoeverIsFirstOrPreemptsTakesOverFromNobody() {
        FloatingIp first = join(b, 100);
        lan.runFor(Duration.ofSeconds(10));
        FloatingIp better = join(a, 200);
        lan.runFor(Duration.ofSeconds(10));
        assertThat(better.role()).isEqualTo(Role.MASTER);
        assertThat(first.role()).isEqualTo(Role.BACKUP);
        assertThat(better.status().takeovers()).isEqualTo(Takeovers.NONE);
        assertThat(first.status().takeovers()).isEqualTo(Takeovers.NONE);
    }

    @Test
    void aHandOverThatNobodyAcceptedIsNoTakeover() {
        FloatingIp master = join(a, 200);
        FloatingIp backup = join(b, 100);
        lan.runFor(Duration.ofSeconds(10));
        master.close();
        lan.runFor(Duration.ofSeconds(10));
        Takeovers before = backup.status().takeovers();
        backup.handOver();
        lan.runFor(Duration.ofSeconds(20));
        assertThat(backup.role()).isEqualTo(Role.MASTER);
        assertThat(backup.status().takeovers()).isEqualTo(before);
    }

    @Test
    void bothFamiliesTakeOverTogetherSinceTheFirstWasSilent() {
        FloatingIp master = FloatingIp.join(both(a, 200).build());
        FloatingIp backup = FloatingIp.join(both(b, 100).build());
        lan.runFor(Duration.ofMillis(10_200));
        assertThat(master.role()).isEqualTo(Role.MASTER);
        a.kill();
        lan.runFor(Duration.ofSeconds(10));
        assertThat(backup.role()).isEqualTo(Role.MASTER);
        assertThat(backup.status().takeovers()).isEqualTo(new Takeovers(1, DOWN, DOWN, DOWN));
    }

    @Test
    void aLoopThatIsNeverLateSaysSo() {
        FloatingIp master = join(a, 200);
        lan.runFor(Duration.ofSeconds(60));
        Lateness lateness = master.status().lateness();
        assertThat(lateness.turns()).isGreaterThan(50);
        assertThat(lateness)
                .isEqualTo(new Lateness(
                        Duration.ZERO, Duration.ZERO, lateness.turns(), Duration.ZERO, 0, Duration.ofMillis(250)));
    }

    @Test
    void aLateTurnIsSeenAndCountedByThoseWhoseIntervalIsShort() {
        FloatingIp slow = join(a, 200);
        FloatingIp fast = FloatingIp.join(config(a, 200, "10.0.0.11")
                .virtualRouterId(8)
                .advertInterval(Duration.ofMillis(100))
                .build());
        lan.runFor(Duration.ofMillis(10_010));
        a.pause(Duration.ofMillis(150));
        lan.runFor(Duration.ofSeconds(10));

        Lateness lateness = fast.status().lateness();
        assertThat(lateness.max()).isBetween(Duration.ofMillis(50), Duration.ofMillis(150));
        assertThat(lateness.last()).isZero();
        assertThat(lateness.total()).isEqualTo(lateness.max());
        assertThat(lateness.exceeded()).isEqualTo(1);
        assertThat(slow.status().lateness())
                .isEqualTo(new Lateness(
                        lateness.last(),
                        lateness.max(),
                        lateness.turns(),
                        lateness.total(),
                        0,
                        Duration.ofMillis(250)));

        lan.runFor(Duration.ofMinutes(2));
        assertThat(fast.status().lateness().max()).isZero();
        assertThat(fast.status().lateness().exceeded()).isEqualTo(1);
    }

    private FloatingIp join(SimHost host, int priority) {
        return FloatingIp.join(config(host, priority).build());
    }

    private static FloatingIpConfig.Builder both(SimHost host, int priority) {
        return config(host, priority).address("fe80::10");
    }

    private static FloatingIpConfig.Builder config(SimHost host, int priority) {
        return config(host, priority, "10.0.0.10");
    }

    private static FloatingIpConfig.Builder config(SimHost host, int priority, String address) {
        return FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(7)
                .priority(priority)
                .address(address)
                .network(host.network());
    }
}
