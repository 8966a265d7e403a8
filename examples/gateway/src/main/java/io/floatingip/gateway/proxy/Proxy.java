package io.floatingip.gateway.proxy;

import io.floatingip.gateway.DataPath;
import io.floatingip.gateway.config.GatewayConfig;
import java.time.Duration;

/** Stands in for the data path until it is merged. */
public final class Proxy implements DataPath {
    private volatile GatewayConfig config;

    private Proxy(GatewayConfig config) {
        this.config = config;
    }

    public static DataPath start(GatewayConfig config) {
        return new Proxy(config);
    }

    @Override
    public void reload(GatewayConfig next) {
        config = next;
    }

    @Override
    public void drain(Duration time) {}

    @Override
    public void resume() {}

    @Override
    public boolean responsive(Duration time) {
        return true;
    }

    @Override
    public Snapshot snapshot() {
        return new Snapshot(
                false,
                12,
                3,
                System.nanoTime() / 1_000_000,
                2,
                17,
                config.services().stream()
                        .map(s -> new ServiceState(
                                s.name(),
                                false,
                                s.upstreams().stream()
                                        .map(u -> new UpstreamState(
                                                u.name(),
                                                u.address().toString(),
                                                u.weight(),
                                                u.address().getPort() % 2 == 0,
                                                u.address().getPort() % 2 == 0
                                                        ? ""
                                                        : "connection refused: 10.0.0.3:8081",
                                                1,
                                                1000,
                                                0))
                                        .toList()))
                        .toList());
    }

    @Override
    public void close() {}
}
