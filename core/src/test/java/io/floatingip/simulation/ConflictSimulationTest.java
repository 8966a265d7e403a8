package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Another host answers for the address of a master. */
class ConflictSimulationTest {
    private static final String VIP = "10.0.0.10";

    private final SimLan lan = SimLan.withSeed(1);
    private final SimHost a = lan.host("10.0.0.1");
    private final SimHost b = lan.host("10.0.0.2");
    private final SimHost stranger = lan.host("10.0.0.66");
    private final SimHost client = lan.host("10.0.0.99");

    private static FloatingIp join(SimHost host, int priority) {
        return FloatingIp.join(FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(7)
                .priority(priority)
                .address(VIP + "/24")
                .network(host.network())
                .build());
    }

    private static long conflicts(FloatingIp of) {
        return of.status().counters().get("addresses.conflicts");
    }

    @Test
    void aFrozenMasterWhoseKernelStillAnswersIsNamedAtOnce() {
        stranger.addAddress(VIP);
        FloatingIp web = join(a, 100);
        lan.runUntil(() -> web.role() == Role.MASTER, Duration.ofSeconds(5));
        lan.runFor(Duration.ofMillis(5));
        assertThat(conflicts(web)).isEqualTo(1);
        assertThat(web.status().warnings())
                .anySatisfy(warning -> assertThat(warning)
                        .contains(stranger.kernel()
                                .interfaces
                                .get("eth0")
                                .hardwareAddress
                                .toString()));
    }

    @Test
    void neighboursAreToldAgainButNotInABattle() {
        FloatingIp web = join(a, 100);
        lan.runFor(Duration.ofSeconds(10));
        assertThat(client.ask(VIP)).contains(a);
        int[] announcements = new int[1];
        lan.observer = new Observer() {
            @Override
            public void sent(SimHost host, Flight flight) {}

            @Override
            public void announced(SimHost host, InetAddress address) {
                announcements[0]++;
            }
        };
        stranger.announce(VIP);
        lan.runFor(Duration.ofMillis(5));
        assertThat(client.neighbor(VIP)).contains(a);
        for (int i = 0; i < 20; i++) {
            lan.runFor(Duration.ofMillis(100));
            stranger.announce(VIP);
        }
        lan.runFor(Duration.ofMillis(5));
        assertThat(announcements[0]).isEqualTo(3);
        assertThat(conflicts(web)).isEqualTo(21);
    }

    @Test
    void nobodyIsBlamedWhoAnswersAsHeShould() {
        FloatingIp first = join(a, 100);
        lan.runFor(Duration.ofSeconds(5));
        FloatingIp second = join(b, 200);
        lan.runFor(Duration.ofSeconds(5));
        assertThat(second.role()).as("preempted").isEqualTo(Role.MASTER);
        second.handOver();
        lan.runFor(Duration.ofSeconds(5));
        assertThat(first.role()).as("handed over").isEqualTo(Role.MASTER);
        b.restart();
        FloatingIp third = join(b, 50);
        lan.runFor(Duration.ofSeconds(5));
        first.close();
        lan.runFor(Duration.ofSeconds(5));
        assertThat(third.role()).as("left").isEqualTo(Role.MASTER);
        assertThat(conflicts(first) + conflicts(second) + conflicts(third)).isZero();
    }

    @Test
    void nobodyIsBlamedForAClaimAtTheSameMoment() {
        FloatingIp first = join(a, 100);
        FloatingIp second = join(b, 100);
        lan.runFor(Duration.ofSeconds(10));
        assertThat(conflicts(first) + conflicts(second)).isZero();
    }
}
