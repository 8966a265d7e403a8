package io.floatingip.health;

import io.floatingip.internal.health.HealthMonitor;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Runs checks for an application's own purposes, on the threads that floating IPs use for theirs: a proxy's upstreams for example. The {@link
 * HealthPolicy#effect} of the checks does not matter.
 */
public final class HealthWatch implements AutoCloseable {
    private final HealthMonitor monitor;

    private HealthWatch(List<NamedCheck> checks, Runnable changed) {
        monitor = new HealthMonitor(
                checks, HealthMonitor.sharedExecutor(HealthWatch::daemon), Instant::now, results -> changed.run());
    }

    /**
     * Begins.
     *
     * @param changed is called after a result has changed the state of a check; by a thread that runs all checks of this process, so it must not block
     */
    public static HealthWatch start(List<NamedCheck> checks, Runnable changed) {
        HealthWatch watch = new HealthWatch(List.copyOf(checks), Objects.requireNonNull(changed, "changed"));
        watch.monitor.start();
        return watch;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    /** What is known now, in the order of the checks. Any thread. */
    public List<HealthStatus> statuses() {
        return monitor.statuses();
    }

    /** No check begins after that. Returns at once; once only. */
    @Override
    public void close() {
        monitor.stop();
    }
}
