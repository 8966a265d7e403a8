package io.floatingip.gateway;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpGroup;
import io.floatingip.RoleListener;
import io.floatingip.gateway.config.GatewayConfig;
import io.floatingip.health.HealthPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A proxy that claims its own floating IPs: this is all it takes. */
final class Gateway implements AutoCloseable {
    private final GatewayConfig config;
    private final DataPath dataPath;
    private final RoleListener listener;
    private final List<FloatingIp> members = new ArrayList<>();
    private final List<AutoCloseable> joined = new ArrayList<>();

    /**
     * Not joined yet.
     *
     * @param dataPath listens already: the addresses need not be there for that
     * @param listener is told about every role too
     */
    Gateway(GatewayConfig config, DataPath dataPath, RoleListener listener) {
        this.config = config;
        this.dataPath = dataPath;
        this.listener = listener;
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
        return floatingIp.toBuilder()
                .check("event loops", this::responsive, HealthPolicy.release().fall(3))
                .check("upstreams", this::everyServiceHasUpstreams, HealthPolicy.weight(-100))
                .listener(RoleListener.onAnyChange(change -> dataPath.resume()).onDrain(this::drain))
                .listener(listener)
                .build();
    }

    private boolean responsive() throws InterruptedException {
        return dataPath.responsive(Duration.ofMillis(900));
    }

    private boolean everyServiceHasUpstreams() {
        return dataPath.snapshot().services().stream()
                .allMatch(service -> service.upstreams().stream().anyMatch(DataPath.UpstreamState::alive));
    }

    private void drain(Duration time) {
        try {
            dataPath.drain(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
        if (joined.isEmpty()) {
            drain(config.limits().drain());
        }
        joined.parallelStream().forEach(Gateway::leave);
        dataPath.close();
    }

    private static void leave(AutoCloseable floatingIp) {
        try {
            floatingIp.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
