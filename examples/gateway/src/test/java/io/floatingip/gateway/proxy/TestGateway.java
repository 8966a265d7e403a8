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
        return sizes(limits, bytes, limits.allowedHosts(), limits.connectionsMax());
    }

    static Limits allowed(Limits limits, String... hosts) {
        return sizes(limits, limits.bodyMax(), Set.of(hosts), limits.connectionsMax());
    }

    static Limits connectionsMax(Limits limits, int connections) {
        return sizes(limits, limits.bodyMax(), limits.allowedHosts(), connections);
    }

    static Limits connectTimeout(Limits limits, Duration time) {
        return times(limits, time, limits.requestTimeout(), limits.responseTimeout(), limits.idleTimeout());
    }

    static Limits requestTimeout(Limits limits, Duration time) {
        return times(limits, limits.connectTimeout(), time, limits.responseTimeout(), limits.idleTimeout());
    }

    static Limits responseTimeout(Limits limits, Duration time) {
        return times(limits, limits.connectTimeout(), limits.requestTimeout(), time, limits.idleTimeout());
    }

    static Limits idleTimeout(Limits limits, Duration time) {
        return times(limits, limits.connectTimeout(), limits.requestTimeout(), limits.responseTimeout(), time);
    }

    private static Limits sizes(Limits l, long bodyMax, Set<String> hosts, int connections) {
        return new Limits(
                bodyMax,
                l.headerMax(),
                hosts,
                connections,
                l.connectTimeout(),
                l.requestTimeout(),
                l.responseTimeout(),
                l.idleTimeout(),
                l.drain());
    }

    private static Limits times(Limits l, Duration connect, Duration request, Duration response, Duration idle) {
        return new Limits(
                l.bodyMax(),
                l.headerMax(),
                l.allowedHosts(),
                l.connectionsMax(),
                connect,
                request,
                response,
                idle,
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
