package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The sockets cannot be read for a while. */
class UnreadSimulationTest {
    private final SimLan lan = SimLan.withSeed(1);
    private final SimHost a = lan.host("10.0.0.1");
    private final SimHost b = lan.host("10.0.0.2");

    private static FloatingIp join(SimHost host, int priority) {
        return FloatingIp.join(FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(7)
                .priority(priority)
                .address("10.0.0.10/24")
                .network(host.network())
                .build());
    }

    private static void failReading(SimHost host, int times) {
        for (int i = 0; i < times; i++) {
            host.failNext(SimFault.READ_ENOBUFS);
        }
    }

    @Test
    void aBackupDoesNotClaimWhileAdvertsMayWait() {
        FloatingIp first = join(a, 200);
        FloatingIp second = join(b, 100);
        lan.runFor(Duration.ofSeconds(10));
        b.pause(Duration.ofSeconds(10));
        failReading(b, 8);
        lan.runFor(Duration.ofSeconds(15));
        assertThat(first.role()).isEqualTo(Role.MASTER);
        assertThat(second.status().counters().get("transitions.toMaster")).isZero();
    }

    @Test
    void aMasterGoesOnAdvertising() {
        FloatingIp first = join(a, 200);
        FloatingIp second = join(b, 100);
        lan.runFor(Duration.ofSeconds(10));
        failReading(a, 2000);
        lan.runFor(Duration.ofSeconds(10));
        assertThat(first.role()).isEqualTo(Role.MASTER);
        assertThat(second.role()).isEqualTo(Role.BACKUP);
    }

    @Test
    void aSourceThatIsBrokenHoldsUpAClaimForASecond() {
        FloatingIp web = join(a, 200);
        lan.runFor(Duration.ofMillis(3200));
        failReading(a, 100_000);
        lan.runFor(Duration.ofMillis(800));
        assertThat(web.role()).isEqualTo(Role.BACKUP);
        lan.runFor(Duration.ofMillis(500));
        assertThat(web.role()).isEqualTo(Role.MASTER);
    }
}
