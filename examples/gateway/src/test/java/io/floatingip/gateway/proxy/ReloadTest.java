package io.floatingip.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.gateway.config.GatewayConfig;
import io.floatingip.gateway.config.Listener;
import io.floatingip.gateway.config.Service;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReloadTest {
    @Test
    void nobodyWaitsForAReload() throws Exception {
        try (TestUpstream upstream = TestUpstream.answering(TestUpstream.OK);
                TestGateway gateway =
                        TestGateway.http(limits -> TestGateway.connectionsMax(limits, 1), upstream.address())) {
            // What a reload holds while it waits for the event loops to close a socket.
            synchronized (gateway.proxy) {
                for (int i = 0; i < 3; i++) {
                    try (TestClient client = gateway.connect()) {
                        assertThat(client.get("/").status()).isEqualTo(200);
                    }
                }
                Thread checks = TestUpstream.daemon(gateway.proxy::snapshot);
                checks.join();
            }
        }
    }

    @Test
    void listenersComeAndGoWithAllConnectionsInUse() throws Exception {
        try (TestUpstream upstream = TestUpstream.answering(TestUpstream.OK);
                TestGateway gateway =
                        TestGateway.http(limits -> TestGateway.connectionsMax(limits, 1), upstream.address())) {
            Listener in = gateway.config.listeners().get(0);
            Listener more = new Listener(
                    "more",
                    new InetSocketAddress(in.address().getAddress(), 0),
                    in.protocol(),
                    in.tls(),
                    in.http2(),
                    in.service());
            Thread clients = TestUpstream.daemon(() -> {
                while (!Thread.interrupted()) {
                    try (TestClient client = gateway.connect()) {
                        client.get("/");
                    }
                }
            });
            for (int i = 0; i < 30; i++) {
                gateway.proxy.reload(gateway.config.listeners(List.of(in, more)));
                gateway.proxy.reload(gateway.config);
            }
            clients.interrupt();
            clients.join();
            try (TestClient client = gateway.connect()) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void showsServicesInTheOrderOfTheFile() throws Exception {
        try (TestGateway gateway = TestGateway.http()) {
            Service service = gateway.config.services().get(0);
            List<Service> services = Stream.of("z", "web", "a", "m")
                    .map(name -> new Service(
                            name,
                            service.algorithm(),
                            service.persistence(),
                            service.quorum(),
                            service.upstreams(),
                            service.sorryServer()))
                    .toList();
            gateway.proxy.reload(new GatewayConfig(
                    List.of(),
                    List.of(),
                    gateway.config.listeners(),
                    services,
                    gateway.config.limits(),
                    gateway.config.status()));
            assertThat(gateway.proxy.snapshot().services())
                    .extracting(state -> state.name())
                    .containsExactly("z", "web", "a", "m");
        }
    }
}
