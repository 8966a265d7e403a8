package io.floatingip.gateway;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpException;
import io.floatingip.RoleListener;
import io.floatingip.gateway.config.GatewayConfig;
import io.floatingip.gateway.config.Membership;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.HealthState;
import io.floatingip.health.NamedCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A proxy that claims its own floating IPs: this is all it takes. {@link #floatingIps} may be called by any thread, the rest by one at a time. */
final class Gateway implements AutoCloseable {
    private final Optional<DataPath> dataPath;
    private final List<RoleListener> listeners;
    private final StaticAddresses staticAddresses;
    private final Consumer<String> tell;
    // The status page reads it already while they are joined.
    private final List<Unit> units = new CopyOnWriteArrayList<>();
    private GatewayConfig config;

    /**
     * Not joined yet.
     *
     * @param dataPath listens already: the addresses need not be there for that; without one it only joins
     * @param listeners are told about every role: the sockets of the data path, which drain before an address goes, and who wants to know
     * @param tell what went wrong or otherwise than wished, for people to read
     */
    Gateway(GatewayConfig config, Optional<DataPath> dataPath, List<RoleListener> listeners, Consumer<String> tell) {
        this.config = config;
        this.dataPath = dataPath;
        this.listeners = List.copyOf(listeners);
        this.tell = tell;
        staticAddresses = new StaticAddresses(tell);
    }

    /** Takes part: from here on this node may get the addresses at any time. Blocks some milliseconds. */
    void join() {
        staticAddresses.change(config.staticAddresses());
        config.memberships().forEach(this::join);
    }

    private void join(Membership membership) {
        units.add(new Unit(membership, dataPath.map(Gateway::gate).orElse(List.of()), listeners));
    }

    /** The application gate: who cannot serve gives the address up, and who serves worse leaves it to a better one. */
    private static List<NamedCheck> gate(DataPath serving) {
        return List.of(
                new NamedCheck(
                        "event loops",
                        () -> serving.responsive(Duration.ofMillis(900)),
                        HealthPolicy.release().fall(3).initially(HealthState.HEALTHY)),
                new NamedCheck("upstreams", () -> everyServiceHasUpstreams(serving), HealthPolicy.weight(-100)));
    }

    private static boolean everyServiceHasUpstreams(DataPath serving) {
        return serving.snapshot().services().stream()
                .allMatch(service -> service.upstreams().stream().anyMatch(DataPath.UpstreamState::alive));
    }

    /**
     * Follows a file that has changed: what is the same goes on undisturbed, what cannot change while it is joined leaves and joins again. What cannot
     * be joined leaves nobody without a node: those that had its addresses until now have them again.
     */
    void change(GatewayConfig next) {
        Map<String, Membership> wanted = new LinkedHashMap<>();
        next.memberships().forEach(membership -> wanted.put(membership.key(), membership));
        List<Membership> left = new ArrayList<>();
        for (Unit unit : units) {
            if (!wanted.containsKey(unit.key())) {
                left.add(unit.membership());
                leave(unit);
            }
        }
        staticAddresses.change(next.staticAddresses());
        wanted.values().forEach(membership -> change(membership, left));
        config = next;
    }

    private void change(Membership next, List<Membership> left) {
        try {
            Optional<Unit> running =
                    units.stream().filter(unit -> unit.key().equals(next.key())).findFirst();
            Optional<String> obstacle = running.flatMap(unit -> unit.change(next));
            if (obstacle.isPresent()) {
                tell.accept(next.key() + " leaves and joins again: " + obstacle.get());
                left.add(running.get().membership());
                leave(running.get());
            }
            if (running.isEmpty() || obstacle.isPresent()) {
                join(next);
            }
        } catch (FloatingIpException | IllegalArgumentException e) {
            tell.accept(next.key() + ": " + e.getMessage());
            left.stream().filter(former -> former.shares(next)).toList().forEach(former -> {
                left.remove(former);
                rejoin(former);
            });
        }
    }

    private void rejoin(Membership former) {
        try {
            join(former);
            tell.accept(former.key() + " has joined again as it was");
        } catch (FloatingIpException | IllegalArgumentException e) {
            tell.accept(former.key() + " cannot join again as it was either: " + e.getMessage());
        }
    }

    private void leave(Unit unit) {
        units.remove(unit);
        unit.close();
    }

    /** Gives the addresses to whoever is best of the others, and stays as their backup. */
    void handOver() {
        floatingIps().forEach(FloatingIp::handOver);
    }

    List<FloatingIp> floatingIps() {
        return units.stream().flatMap(unit -> unit.floatingIps().stream()).toList();
    }

    /** Drains, gives the addresses to the successor, and only then stops to serve. Blocks for the drain time and a skew at the most. */
    @Override
    public void close() {
        List<Thread> leaving = units.stream()
                .map(unit -> new Thread(unit::close, "leaving-" + unit.key()))
                .toList();
        leaving.forEach(Thread::start);
        try {
            for (Thread thread : leaving) {
                thread.join();
            }
            if (leaving.isEmpty() && dataPath.isPresent()) {
                dataPath.get().drain(config.limits().drain());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dataPath.ifPresent(DataPath::close);
        staticAddresses.change(List.of());
    }
}
