package io.floatingip.gateway.balance;

import io.floatingip.gateway.DataPath.ServiceState;
import io.floatingip.gateway.config.Service;
import io.floatingip.gateway.config.Service.Upstream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses an upstream of one service for each request. Any thread. */
public final class Balancer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip.gateway");

    private final LongSupplier nanoTime;
    private volatile Service spec;
    private volatile List<Backend> backends = List.of();
    private volatile Backend[] usable = {};
    private volatile boolean quorum = true;
    private volatile @Nullable Backend sorry;
    private volatile Algorithm algorithm;
    private volatile @Nullable Persistence persistence;

    /** Begins to check its upstreams. */
    public Balancer(Service spec) {
        this(spec, System::nanoTime);
    }

    Balancer(Service spec, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.spec = spec;
        algorithm = Algorithm.of(spec.algorithm());
        reload(spec);
    }

    /** Takes over a new configuration. Upstreams with the same name and address keep their health, counters and clients. */
    public synchronized void reload(Service latest) {
        if (latest.algorithm() != spec.algorithm()) {
            algorithm = Algorithm.of(latest.algorithm());
        }
        Persistence kept = persistence;
        if (kept == null || !latest.persistence().map(kept::isAs).orElse(false)) {
            persistence = latest.persistence().map(Persistence::new).orElse(null);
        }
        sorry = latest.sorryServer()
                .map(address -> new Backend(latest.name(), new Upstream("sorry server", address, 1, 0, List.of())))
                .orElse(null);
        List<Backend> before = backends;
        List<Backend> after = new ArrayList<>();
        for (Upstream upstream : latest.upstreams()) {
            Backend backend = before.stream()
                    .filter(known -> known.name().equals(upstream.name())
                            && known.address().equals(upstream.address()))
                    .findFirst()
                    .orElseGet(() -> new Backend(latest.name(), upstream));
            after.add(backend);
        }
        spec = latest;
        backends = List.copyOf(after);
        for (int i = 0; i < after.size(); i++) {
            after.get(i).watch(latest.upstreams().get(i), this::judge);
        }
        before.stream().filter(known -> !after.contains(known)).forEach(Backend::unwatch);
        judge();
    }

    private synchronized void judge() {
        List<Backend> now = new ArrayList<>();
        long weight = 0;
        for (Backend backend : backends) {
            if (backend.isAlive() && backend.weight() > 0) {
                now.add(backend);
                weight += backend.weight();
            }
        }
        usable = now.toArray(Backend[]::new);
        boolean enough = weight >= spec.quorum();
        if (enough != quorum) {
            quorum = enough;
            if (enough) {
                log.info("({}) has its quorum of {} again", spec.name(), spec.quorum());
            } else {
                log.warn(
                        "({}) quorum lost: a weight of {} is alive, {} is wanted{}",
                        spec.name(),
                        weight,
                        spec.quorum(),
                        sorry == null ? "" : "; the sorry server serves");
            }
        }
    }

    /**
     * The upstream for a request.
     *
     * @param tried that failed for this request already
     * @return null if there is none (left)
     */
    public @Nullable Backend choose(Query query, Collection<Backend> tried) {
        Backend stand = sorry;
        if (!quorum && stand != null) {
            return tried.contains(stand) ? null : stand;
        }
        Persistence sticky = persistence;
        if (sticky == null) {
            return fresh(query, tried);
        }
        long now = nanoTime.getAsLong();
        Backend last = sticky.find(query.client(), now);
        // A weight of 0 is no reason to leave: it means no new clients.
        Backend chosen =
                last != null && last.isAlive() && !last.isFull() && !tried.contains(last) && backends.contains(last)
                        ? last
                        : fresh(query, tried);
        if (chosen != null) {
            sticky.remember(query.client(), chosen, now);
        }
        return chosen;
    }

    private @Nullable Backend fresh(Query query, Collection<Backend> tried) {
        Backend[] all = usable;
        Backend[] free = all;
        for (Backend backend : all) {
            if (backend.isFull() || backend.isSuspect() || tried.contains(backend)) {
                free = free(all, tried);
                break;
            }
        }
        return free.length == 0 ? null : algorithm.choose(all, free, query);
    }

    private static Backend[] free(Backend[] all, Collection<Backend> tried) {
        List<Backend> free = new ArrayList<>();
        List<Backend> suspects = new ArrayList<>();
        for (Backend backend : all) {
            if (!backend.isFull() && !tried.contains(backend)) {
                (backend.isSuspect() ? suspects : free).add(backend);
            }
        }
        return (free.isEmpty() ? suspects : free).toArray(Backend[]::new);
    }

    /** Whether somebody can answer: an upstream, or the sorry server. */
    public boolean serves() {
        return usable.length > 0 || sorry != null;
    }

    public String name() {
        return spec.name();
    }

    public ServiceState state() {
        return new ServiceState(
                spec.name(),
                !quorum && sorry != null,
                backends.stream().map(Backend::state).toList());
    }

    @Override
    public void close() {
        backends.forEach(Backend::unwatch);
    }
}
