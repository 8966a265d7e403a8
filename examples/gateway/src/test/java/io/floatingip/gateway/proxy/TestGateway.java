package io.floatingip.gateway.proxy;

import io.floatingip.gateway.config.GatewayConfig;
import io.floatingip.gateway.config.Limits;
import io.floatingip.gateway.config.Listener;
import io.floatingip.gateway.config.Service;
import io.floatingip.gateway.config.Service.Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A proxy with one listener on loopback. */
final class TestGateway implements AutoCloseable {
    final Proxy proxy;
    final GatewayConfig config;

    private TestGateway(GatewayConfig config) {
        this.config = config;
        proxy = Proxy.start(config);
    }

    static TestGateway http(InetSocketAddress... upstreams) {
        return http(limits -> limits, upstreams);
    }

    static TestGateway http(UnaryOperator<Limits> limits, InetSocketAddress... upstreams) {
        return of(Listener.Protocol.HTTP, Optional.empty(), limits, upstreams);
    }

    static TestGateway of(
            Listener.Protocol protocol,
            Optional<Listener.Tls> tls,
            UnaryOperator<Limits> limits,
            InetSocketAddress... upstreams) {
        List<Upstream> list = new ArrayList<>();
        for (InetSocketAddress upstream : upstreams) {
            list.add(new Upstream("u" + list.size(), upstream, 1, 0, List.of()));
        }
        Service service = new Service("web", Service.Algorithm.RR, Optional.empty(), 1, list, Optional.empty());
        Listener listener = new Listener(
                "in",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                protocol,
                tls,
                protocol == Listener.Protocol.HTTP,
                "web");
        return new TestGateway(new GatewayConfig(
                List.of(),
                List.of(),
                List.of(listener),
                List.of(service),
                limits.apply(Limits.DEFAULT),
                Optional.empty()));
    }

    static Limits bodyMax(Limits limits, long bytes) {
        return with(limits, bytes, limits.allowedHosts(), limits.requestTimeout(), limits.responseTimeout());
    }

    static Limits allowed(Limits limits, String... hosts) {
        return with(limits, limits.bodyMax(), Set.of(hosts), limits.requestTimeout(), limits.responseTimeout());
    }

    static Limits requestTimeout(Limits limits, Duration time) {
        return with(limits, limits.bodyMax(), limits.allowedHosts(), time, limits.responseTimeout());
    }

    static Limits responseTimeout(Limits limits, Duration time) {
        return with(limits, limits.bodyMax(), limits.allowedHosts(), limits.requestTimeout(), time);
    }

    static Limits connectionsMax(Limits l, int connections) {
        return new Limits(
                l.bodyMax(),
                l.headerMax(),
                l.allowedHosts(),
                connections,
                l.connectTimeout(),
                l.requestTimeout(),
                l.responseTimeout(),
                l.idleTimeout(),
                l.drain());
    }

    static Limits connectTimeout(Limits l, Duration time) {
        return new Limits(
                l.bodyMax(),
                l.headerMax(),
                l.allowedHosts(),
                l.connectionsMax(),
                time,
                l.requestTimeout(),
                l.responseTimeout(),
                l.idleTimeout(),
                l.drain());
    }

    static Limits idleTimeout(Limits l, Duration time) {
        return new Limits(
                l.bodyMax(),
                l.headerMax(),
                l.allowedHosts(),
                l.connectionsMax(),
                l.connectTimeout(),
                l.requestTimeout(),
                l.responseTimeout(),
                time,
                l.drain());
    }

    private static Limits with(Limits l, long bodyMax, Set<String> hosts, Duration request, Duration response) {
        return new Limits(
                bodyMax,
                l.headerMax(),
                hosts,
                l.connectionsMax(),
                l.connectTimeout(),
                request,
                response,
                l.idleTimeout(),
                l.drain());
    }

    InetSocketAddress address() {
        return proxy.address("in");
    }

    TestClient connect() throws IOException {
        return new TestClient(address());
    }

    @Override
    public void close() {
        proxy.close();
    }
}
