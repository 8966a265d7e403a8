package io.floatingip.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIpConfig;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.NamedCheck;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnitTest {
    @Test
    void theGateGivesWayToTheNamesOfTheFile() {
        NamedCheck loops = new NamedCheck("event loops", () -> true, HealthPolicy.release());
        NamedCheck upstreams = new NamedCheck("upstreams", () -> true, HealthPolicy.release());
        FloatingIpConfig config = FloatingIpConfig.builder()
                .name("web")
                .networkInterface("eth0")
                .virtualRouterId(52)
                .address("10.99.0.66")
                .check("upstreams", () -> true, HealthPolicy.weight(-10))
                .check("gateway upstreams", () -> true, HealthPolicy.weight(-10))
                .build();
        assertThat(Unit.gated(config, List.of(loops, upstreams)).checks())
                .extracting(NamedCheck::name)
                .containsExactly("upstreams", "gateway upstreams", "event loops", "gateway gateway upstreams");
    }
}
