package io.floatingip.gateway;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpGroup;
import io.floatingip.RoleListener;
import io.floatingip.gateway.config.GatewayConfig;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.HealthState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that claims its own floating IPs: this is all it takes. */
final class Gateway implements AutoCloseable {
    private final GatewayConfig config;
    private final DataPath dataPath;
    private final List<RoleListener> listeners;
    // The status page reads it already while they are joined.
    private final List<FloatingIp> members = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> joined = new ArrayList<>();

    /**
     * Not joined yet.
     *
     * @param dataPath listens already: the addresses need not be there for that
     * @param listeners are told about every role: the sockets of the data path, which drain before an address goes, and who wants to know
     */
    Gateway(GatewayConfig config, DataPath dataPath, RoleListener... listeners) {
        this.config = config;
        this.dataPath = dataPath;
        this.listeners = List.of(listeners);
    }

    /** Takes part: from here on this node may get the addresses at any time. Blocks some milliseconds. */
    void join() {
        for (FloatingIpConfig alone : config.floatingIps()) {
            FloatingIp floatingIp = FloatingIp.join(serving(alone));
            members.add(floatingIp);
            joined.add(floatingIp);
        }
        for (GatewayConfig.Group group : config.groups()) {
            FloatingIpGroup together = FloatingIpGroup.join(
                    group.name(),
                    group.members().stream().map(this::serving).toList(),
                    group.roleListeners().toArray(RoleListener[]::new));
            members.addAll(together.members());
            joined.add(together);
        }
    }

    /** The application gate: who cannot serve gives the address up, and who serves worse leaves it to a better one. */
    private FloatingIpConfig serving(FloatingIpConfig floatingIp) {
        FloatingIpConfig.Builder builder = floatingIp.toBuilder()
                .check(
                        "event loops",
                        this::responsive,
                        HealthPolicy.release().fall(3).initially(HealthState.HEALTHY))
                .check("upstreams", this::everyServiceHasUpstreams, HealthPolicy.weight(-100));
        listeners.forEach(builder::listener);
        return builder.build();
    }

    private boolean responsive() throws InterruptedException {
        return dataPath.responsive(Duration.ofMillis(900));
    }

    private boolean everyServiceHasUpstreams() {
        return dataPath.snapshot().services().stream()
                .allMatch(service -> service.upstreams().stream().anyMatch(DataPath.UpstreamState::alive));
    }

    /** Gives the addresses to whoever is best of the others, and stays as their backup. */
    void handOver() {
        members.forEach(FloatingIp::handOver);
    }

    List<FloatingIp> floatingIps() {
        return List.copyOf(members);
    }

    /** Drains, gives the addresses to the successor, and only then stops to serve. Blocks for the drain time and a skew at the most. */
    @Override
    public void close() {
        List<Thread> leaving = joined.stream().map(Gateway::leaving).toList();
        leaving.forEach(Thread::start);
        try {
            for (Thread thread : leaving) {
                thread.join();
            }
            if (joined.isEmpty()) {
                dataPath.drain(config.limits().drain());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dataPath.close();
    }

    private static Thread leaving(AutoCloseable floatingIp) {
        return new Thread(
                () -> {
                    try {
                        floatingIp.close();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                "gateway-leaving");
    }
}
