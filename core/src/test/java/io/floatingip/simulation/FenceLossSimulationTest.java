package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A master loses its fence: what the status says of it is true, and the kernel keeps the address no longer than that. */
class FenceLossSimulationTest {
    private static final String VIP = "10.0.0.10";

    private final SimLan lan = SimLan.withSeed(1);
    private final SimHost a = lan.host("10.0.0.1");
    private FloatingIp web;

    @BeforeEach
    void master() {
        web = FloatingIp.join(FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(7)
                .address(VIP + "/24")
                .network(a.network())
                .build());
        lan.runUntil(() -> web.role() == Role.MASTER, Duration.ofSeconds(5));
        lan.runFor(Duration.ofMillis(2500));
        assertThat(web.status().fence().closesInTime()).isTrue();
    }

    @Test
    void rulesThatArePutBackAreReportedAsThat() {
        a.flushPacketFilter();
        lan.runFor(Duration.ofMillis(10));
        assertThat(web.status().fence().closesInTime()).isTrue();
        assertThat(web.status().warnings()).anySatisfy(w -> assertThat(w).contains("they were put back"));
    }

    @Test
    void rulesThatCannotBePutBackAreMissedAndTriedAgainWithTheNextAdvert() {
        a.failNext(SimFault.FENCE_REPAIR_EPERM, SimFault.FENCE_OPEN_EPERM);
        a.flushPacketFilter();
        lan.runFor(Duration.ofMillis(10));
        assertThat(web.status().fence().packetFilter()).isFalse();
        assertThat(web.status().warnings())
                .anySatisfy(w -> assertThat(w).contains("could not be put back"))
                .noneSatisfy(w -> assertThat(w).contains("they were put back"));

        lan.runFor(Duration.ofSeconds(1));
        assertThat(web.status().fence().packetFilter()).as("refused once").isFalse();
        lan.runFor(Duration.ofSeconds(1));
        assertThat(web.status().fence().packetFilter()).isTrue();
        assertThat(web.status().fence().closesInTime()).isTrue();
    }

    @Test
    void whatIsNotGuardedAnyMoreLivesForTheShorterTime() {
        a.failNext(SimFault.FENCE_REPAIR_EPERM);
        for (int i = 0; i < 10; i++) {
            a.failNext(SimFault.FENCE_OPEN_EPERM);
        }
        a.flushPacketFilter();
        lan.runFor(Duration.ofSeconds(2));
        int lifetime = web.status().fence().lifetimeSeconds();
        a.pause(Duration.ofSeconds(20));
        // An advert may have left just now; the kernel is late by half a second at most.
        lan.runFor(Duration.ofMillis(lifetime * 1000L + 560));
        assertThat(a.holds(VIP)).isFalse();
    }
}
