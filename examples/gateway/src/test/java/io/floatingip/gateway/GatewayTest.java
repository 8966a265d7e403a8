package io.floatingip.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import io.floatingip.gateway.config.GatewayConfig;
import io.floatingip.gateway.config.Limits;
import io.floatingip.gateway.config.Membership;
import io.floatingip.gateway.config.Told;
import io.floatingip.simulation.LiveLan;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GatewayTest {
    private final LiveLan lan = new LiveLan();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final FloatingIpConfig web = FloatingIpConfig.builder()
            .network(lan.network(lan.host("10.99.0.1")))
            .name("web")
            .networkInterface("eth0")
            .virtualRouterId(52)
            .address("10.99.0.66")
            .build();

    @Test
    void whatCannotJoinAnewGoesOnAsItWas() throws Exception {
        try (Gateway gateway = new Gateway(of(web), Optional.empty(), List.of(), said::add)) {
            gateway.join();
            awaitMaster(gateway);

            // Another router id makes it leave; the source makes it stay out.
            gateway.change(of(web.toBuilder()
                    .virtualRouterId(53)
                    .source(InetAddress.getByName("10.99.0.9"))
                    .build()));
            assertThat(said).hasSize(3);
            assertThat(said.get(0)).startsWith("instance web leaves and joins again: ");
            assertThat(said.get(1)).startsWith("instance web: source 10.99.0.9 is not an address of this host");
            assertThat(said.get(2)).isEqualTo("instance web has joined again as it was");
            awaitMaster(gateway);

            gateway.change(of(web.toBuilder()
                    .name("other")
                    .source(InetAddress.getByName("10.99.0.9"))
                    .build()));
            assertThat(said.get(4)).as("under another name").isEqualTo("instance web has joined again as it was");
            awaitMaster(gateway);

            gateway.change(of(web.toBuilder().virtualRouterId(53).build()));
            awaitMaster(gateway);
            assertThat(said).as("once it can").hasSize(6);
        }
    }

    private static void awaitMaster(Gateway gateway) throws InterruptedException {
        List<FloatingIp> joined = gateway.floatingIps();
        assertThat(joined).extracting(FloatingIp::name).containsExactly("web");
        assertThat(joined.get(0).awaitRole(Role.MASTER, Duration.ofSeconds(20))).isTrue();
    }

    private static GatewayConfig of(FloatingIpConfig config) {
        Membership alone = new Membership(
                Optional.empty(), List.of(new Membership.Member(config, Map.of(), Told.NOBODY)), Told.NOBODY);
        return new GatewayConfig(List.of(alone), List.of(), List.of(), List.of(), Limits.DEFAULT, Optional.empty());
    }
}
