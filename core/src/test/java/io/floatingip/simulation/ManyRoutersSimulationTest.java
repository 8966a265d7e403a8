package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every virtual router that one interface can have, on two hosts. */
@Tag("once")
class ManyRoutersSimulationTest {
    private static final int COUNT = 255;
    private static final Duration INTERVAL = Duration.ofMillis(100);
    // RFC 9568 section 6.1, of the backup with priority 100.
    private static final Duration MASTER_DOWN = Duration.ofNanos(100_000_000L * (3 * 256 + 156) / 256);

    private final SimLan lan = SimLan.withSeed(255).keepTrace(100);
    private final SimHost a = lan.host("10.0.0.1");
    private final SimHost b = lan.host("10.0.0.2");
    private final List<FloatingIp> onA = join(a, 200);
    private final List<FloatingIp> onB = join(b, 100);

    @Test
    void noneChangesHandsInTenMinutesAndAllMoveWithinTheMasterDownIntervalOfTheirMastersDeath() {
        lan.runFor(Duration.ofSeconds(2));
        assertThat(onA).allMatch(FloatingIp::isMaster);
        assertThat(onB).allMatch(each -> each.role() == Role.BACKUP);

        lan.runFor(Duration.ofMinutes(10));
        assertThat(onA).allMatch(each -> each.isMaster() && each.status().epoch() == 1);
        assertThat(onA).allMatch(each -> each.status().counter("adverts.sent") >= 6_000);
        assertThat(onB).allMatch(each -> each.status().epoch() == 0);

        a.kill();
        lan.runFor(MASTER_DOWN.plusMillis(5));
        assertThat(onB).allMatch(FloatingIp::isMaster);
        assertThat(b.holds(address(1)) && b.holds(address(COUNT))).isTrue();
    }

    private static List<FloatingIp> join(SimHost host, int priority) {
        List<FloatingIp> joined = new ArrayList<>();
        for (int vrid = 1; vrid <= COUNT; vrid++) {
            joined.add(FloatingIp.join(FloatingIpConfig.builder()
                    .networkInterface("eth0")
                    .virtualRouterId(vrid)
                    .priority(priority)
                    .advertInterval(INTERVAL)
                    .address(address(vrid))
                    .network(host.network())
                    .build()));
        }
        return joined;
    }

    private static String address(int vrid) {
        return "10.0.1." + vrid;
    }
}
