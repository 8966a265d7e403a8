package io.floatingip.gateway.status;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpStatus;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.floatingip.gateway.DataPath;
import io.floatingip.gateway.config.GatewayConfig;
import io.floatingip.gateway.config.Service;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What the status page shows: what is now, and what it remembers. Any thread. */
public final class Status implements RoleListener {
    private static final int CHANGES_MAX = 50;
    private static final int PEERS_MAX = 32;

    private final String node;
    private final Supplier<GatewayConfig> config;
    private final Supplier<List<FloatingIp>> floatingIps;
    private final DataPath dataPath;
    private final Instant startedAt = Instant.now();
    private final Deque<RoleChange> changes = new ArrayDeque<>();
    private final Map<String, Map<String, Heard>> heard = new TreeMap<>();
    private long version;

    /** A master that was heard. */
    private record Heard(String address, int priority, Instant last) {}

    /** @param node how this host is called */
    public Status(
            String node, Supplier<GatewayConfig> config, Supplier<List<FloatingIp>> floatingIps, DataPath dataPath) {
        this.node = node;
        this.config = config;
        this.floatingIps = floatingIps;
        this.dataPath = dataPath;
    }

    @Override
    public synchronized void onChange(RoleChange change) {
        changes.addFirst(change);
        if (changes.size() > CHANGES_MAX) {
            changes.removeLast();
        }
        version++;
        notifyAll();
    }

    /** Waits until a role has changed since, or for the given time; returns what to ask with next. */
    synchronized long await(long since, long millis) throws InterruptedException {
        if (version == since) {
            wait(millis);
        }
        return version;
    }

    /** Everything, as JSON. */
    String json() {
        listen();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("node", node);
        all.put("now", Instant.now());
        all.put("startedAt", startedAt);
        all.put("handOver", config.get().status().flatMap(page -> page.token()).isPresent());
        all.put("floatingIps", floatingIps.get().stream().map(this::floatingIp).toList());
        DataPath.Snapshot traffic = dataPath.snapshot();
        all.put("traffic", traffic(traffic));
        all.put("services", traffic.services().stream().map(this::service).toList());
        all.put(
                "certificates",
                traffic.certificates().stream().map(Status::certificate).toList());
        synchronized (this) {
            all.put("changes", changes.stream().map(Status::change).toList());
        }
        return Json.of(all);
    }

    private Map<String, Object> floatingIp(FloatingIp floatingIp) {
        FloatingIpStatus status = floatingIp.status();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", status.name());
        map.put("addresses", addresses(status.name()));
        map.put("role", status.role());
        map.put("since", status.since());
        map.put("epoch", status.epoch());
        map.put("priority", status.effectivePriority());
        map.put("master", status.master().map(address -> address.getHostAddress()));
        map.put("masterPriority", status.masterPriority());
        map.put("peers", peers(status.name()));
        map.put("faults", status.faults());
        map.put("warnings", status.warnings());
        Map<String, Object> fence = new LinkedHashMap<>();
        fence.put("packetFilter", status.fence().packetFilter());
        fence.put("lifetimeSeconds", status.fence().lifetimeSeconds());
        fence.put("closesInTime", status.fence().closesInTime());
        fence.put("reason", status.fence().reason());
        map.put("fence", fence);
        List<Map<String, Object>> checks = new ArrayList<>();
        status.health().forEach(check -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", check.name());
            one.put("state", check.state());
            one.put("detail", check.detail());
            one.put("since", check.since());
            checks.add(one);
        });
        map.put("checks", checks);
        Map<String, Object> takeovers = new LinkedHashMap<>();
        takeovers.put("count", status.takeovers().count());
        takeovers.put("lastMillis", status.takeovers().last().toMillis());
        takeovers.put("maxMillis", status.takeovers().max().toMillis());
        map.put("takeovers", takeovers);
        Map<String, Object> lateness = new LinkedHashMap<>();
        lateness.put("lastMicros", status.lateness().last().toNanos() / 1000);
        lateness.put("maxMicros", status.lateness().max().toNanos() / 1000);
        lateness.put("exceeded", status.lateness().exceeded());
        map.put("lateness", lateness);
        map.put("counters", new TreeMap<>(status.counters()));
        return map;
    }

    private List<String> addresses(String name) {
        return config.get().floatingIps().stream()
                .filter(ip -> ip.name().equals(name))
                .flatMap(ip -> ip.addresses().stream())
                .map(Object::toString)
                .toList();
    }

    /** Notes who is heard; to be called every second or so. Only masters speak, so the peers that can be known are those that were master. */
    synchronized void listen() {
        for (FloatingIp floatingIp : floatingIps.get()) {
            FloatingIpStatus status = floatingIp.status();
            if (status.role() != Role.MASTER && status.master().isPresent()) {
                String address = status.master().get().getHostAddress();
                Map<String, Heard> known = heard.computeIfAbsent(status.name(), name -> new LinkedHashMap<>());
                if (known.size() < PEERS_MAX || known.containsKey(address)) {
                    known.put(
                            address, new Heard(address, status.masterPriority().orElse(0), Instant.now()));
                }
            }
        }
    }

    private synchronized List<Map<String, Object>> peers(String name) {
        List<Map<String, Object>> peers = new ArrayList<>();
        heard.getOrDefault(name, Map.of()).values().forEach(peer -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("address", peer.address());
            one.put("priority", peer.priority());
            one.put("lastHeard", peer.last());
            peers.add(one);
        });
        return peers;
    }

    private static Map<String, Object> traffic(DataPath.Snapshot traffic) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("draining", traffic.draining());
        map.put("connections", traffic.connections());
        map.put("active", traffic.active());
        map.put("requests", traffic.requests());
        map.put("errors", traffic.errors());
        map.put("refused", traffic.refused());
        return map;
    }

    private Map<String, Object> service(DataPath.ServiceState state) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", state.name());
        map.put(
                "algorithm",
                config.get().services().stream()
                        .filter(service -> service.name().equals(state.name()))
                        .map(Service::algorithm)
                        .findFirst()
                        .map(algorithm -> algorithm.name().toLowerCase(Locale.ROOT)));
        map.put("sorry", state.sorry());
        List<Map<String, Object>> upstreams = new ArrayList<>();
        for (DataPath.UpstreamState upstream : state.upstreams()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", upstream.name());
            one.put("address", upstream.address());
            one.put("weight", upstream.weight());
            one.put("alive", upstream.alive());
            one.put("detail", upstream.detail());
            one.put("active", upstream.active());
            one.put("requests", upstream.requests());
            one.put("errors", upstream.errors());
            upstreams.add(one);
        }
        map.put("upstreams", upstreams);
        return map;
    }

    private static Map<String, Object> certificate(DataPath.CertificateState state) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("listener", state.listener());
        map.put("notAfter", state.notAfter());
        return map;
    }

    private static Map<String, Object> change(RoleChange change) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", change.name());
        map.put("at", change.at());
        map.put("from", change.from());
        map.put("to", change.to());
        map.put("reason", change.reason());
        map.put("detail", change.detail());
        map.put("epoch", change.epoch());
        return map;
    }
}
