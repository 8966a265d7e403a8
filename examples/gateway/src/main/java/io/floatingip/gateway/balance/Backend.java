package io.floatingip.gateway.balance;

import io.floatingip.gateway.DataPath.UpstreamState;
import io.floatingip.gateway.config.Check;
import io.floatingip.gateway.config.Service.Upstream;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.HealthState;
import io.floatingip.health.HealthStatus;
import io.floatingip.health.HealthWatch;
import io.floatingip.health.NamedCheck;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One upstream as it is now: its health, and what it is busy with. Any thread. */
public final class Backend {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip.gateway");
    /** One that could not be reached is left alone for this long if there are others; its checks have the last word. */
    private static final long SUSPECT_NANOS = 1_000_000_000L;

    private final String service;
    private final AtomicInteger active = new AtomicInteger();
    private final LongAdder requests = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private volatile Upstream spec;
    private volatile @Nullable HealthWatch watch;
    private volatile boolean alive = true;
    private volatile long suspectUntil = System.nanoTime() - 1;

    Backend(String service, Upstream spec) {
        this.service = service;
        this.spec = spec;
    }

    public InetSocketAddress address() {
        return spec.address();
    }

    public String name() {
        return spec.name();
    }

    int weight() {
        return spec.weight();
    }

    boolean isAlive() {
        return alive;
    }

    /** Requests running now. */
    public int active() {
        return active.get();
    }

    /** A request is sent to it; {@link #ended} must follow. */
    public void begun() {
        active.incrementAndGet();
        requests.increment();
    }

    public void ended() {
        active.decrementAndGet();
    }

    /** It did not answer a request. */
    public void failed() {
        errors.increment();
    }

    /** No connection could be made. */
    public void unreachable() {
        suspectUntil = System.nanoTime() + SUSPECT_NANOS;
    }

    /** It has answered. */
    public void reached() {
        if (suspectUntil - System.nanoTime() > 0) {
            suspectUntil = System.nanoTime() - 1;
        }
    }

    boolean isSuspect() {
        return suspectUntil - System.nanoTime() > 0;
    }

    boolean isFull() {
        int max = spec.connectionsMax();
        return max > 0 && active.get() >= max;
    }

    /** Begins its checks, or goes on with those it has if they are the same. */
    void watch(Upstream latest, Runnable changed) {
        boolean sameChecks = watch != null && spec.checks().equals(latest.checks());
        spec = latest;
        if (sameChecks) {
            return;
        }
        unwatch();
        List<NamedCheck> checks = new ArrayList<>();
        for (Check check : latest.checks()) {
            checks.add(new NamedCheck(
                    service + "/" + latest.name() + " " + (checks.size() + 1), check.health(), policy(check.timing())));
        }
        alive = latest.checks().stream().noneMatch(check -> check.timing().failedAtFirst());
        if (!checks.isEmpty()) {
            watch = HealthWatch.start(checks, () -> {
                if (judge()) {
                    changed.run();
                }
            });
            judge();
        }
    }

    private static HealthPolicy policy(Check.Timing timing) {
        return HealthPolicy.release()
                .interval(timing.interval())
                .timeout(timing.timeout())
                .retries(timing.retries(), timing.delayBeforeRetry())
                .rise(timing.rise())
                .fall(timing.fall())
                .initially(timing.failedAtFirst() ? HealthState.UNHEALTHY : HealthState.PENDING);
    }

    /** Whether it has come to life or died. */
    private synchronized boolean judge() {
        List<HealthStatus> statuses = statuses();
        boolean now = statuses.stream().noneMatch(status -> status.state() == HealthState.UNHEALTHY);
        if (now == alive) {
            return false;
        }
        alive = now;
        if (now) {
            log.info("({}) upstream {} is alive", service, name());
        } else {
            log.warn("({}) upstream {} is dead: {}", service, name(), detail(statuses));
        }
        return true;
    }

    void unwatch() {
        HealthWatch present = watch;
        if (present != null) {
            watch = null;
            present.close();
        }
    }

    private List<HealthStatus> statuses() {
        HealthWatch present = watch;
        return present == null ? List.of() : present.statuses();
    }

    private static String detail(List<HealthStatus> statuses) {
        return statuses.stream()
                .filter(status -> status.state() == HealthState.UNHEALTHY)
                .map(HealthStatus::detail)
                .findFirst()
                .orElse("");
    }

    UpstreamState state() {
        String host = address().getAddress().getHostAddress();
        return new UpstreamState(
                name(),
                (host.contains(":") ? "[" + host + "]" : host) + ":" + address().getPort(),
                weight(),
                alive,
                detail(statuses()),
                active.get(),
                requests.sum(),
                errors.sum());
    }

    @Override
    public String toString() {
        return name();
    }
}
