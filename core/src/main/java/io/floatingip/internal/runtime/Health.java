package io.floatingip.internal.runtime;

import io.floatingip.FloatingIpConfig;
import io.floatingip.Reason;
import io.floatingip.health.HealthEffect;
import io.floatingip.health.HealthState;
import io.floatingip.health.HealthStatus;
import io.floatingip.health.NamedCheck;
import io.floatingip.internal.health.CheckExecutor;
import io.floatingip.internal.health.HealthMonitor;
import io.floatingip.internal.health.HealthVerdict;
import io.floatingip.internal.health.Tracked;
import io.floatingip.spi.DrivenNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the health of one floating IP means for it: the results of its checks and the application's word become a part of the effective
 * priority and the fault {@link Reason#UNHEALTHY}. Used by the loop thread only, but for what says otherwise.
 */
final class Health {
    private final RouterLoop loop;
    private final Runnable changed;
    private final ApplicationGate gate;
    private final ThreadFactory threads;
    private volatile @Nullable HealthMonitor monitor;
    private boolean stopped;
    private List<Tracked> results;
    private @Nullable Tracked word;
    private volatile HealthVerdict verdict;

    /**
     * @param changed is called after what health means has changed
     * @param readiness is told by any thread why the application is not ready, or nothing if it is
     */
    Health(
            FloatingIpConfig config,
            RouterLoop loop,
            ThreadFactory threads,
            Runnable changed,
            Consumer<Optional<String>> readiness) {
        this.loop = loop;
        this.changed = changed;
        results = HealthMonitor.initially(config.checks());
        verdict = HealthVerdict.of(results);
        gate = new ApplicationGate(config.name(), loop.network().ticker(), this::said, readiness);
        this.threads = threads;
        monitor = config.checks().isEmpty() ? null : monitor(config.checks());
    }

    private HealthMonitor monitor(List<NamedCheck> checks) {
        return new HealthMonitor(checks, executor(loop, threads), loop.network().ticker()::wallTime, this::measured);
    }

    private static CheckExecutor executor(RouterLoop loop, ThreadFactory threads) {
        return loop.network() instanceof DrivenNetwork driven
                ? new LoopCheckExecutor(loop, driven)
                : HealthMonitor.sharedExecutor(threads);
    }

    void start() {
        HealthMonitor present = monitor;
        if (present != null) {
            present.start();
        }
    }

    void stop() {
        stopped = true;
        gate.close();
        HealthMonitor present = monitor;
        if (present != null) {
            present.stop();
        }
    }

    /** Runs these checks from now on; those that were there before keep what is known of them. */
    void change(List<NamedCheck> checks) {
        HealthMonitor present = monitor;
        if (stopped) {
            return;
        }
        if (present != null) {
            present.change(checks);
        } else if (!checks.isEmpty()) {
            HealthMonitor begun = monitor(List.of());
            monitor = begun;
            begun.change(checks);
        }
    }

    /** Any thread. */
    ApplicationGate gate() {
        return gate;
    }

    /** Any thread. */
    HealthVerdict verdict() {
        return verdict;
    }

    /** The checks in their order, and the application if it has said something. Any thread. */
    List<HealthStatus> statuses() {
        List<HealthStatus> all = new ArrayList<>();
        gate.status().ifPresent(all::add);
        HealthMonitor present = monitor;
        if (present != null) {
            all.addAll(present.statuses());
        }
        return all;
    }

    private void measured(List<Tracked> latest) {
        loop.post(() -> {
            results = latest;
            judge();
        });
    }

    private void said(ApplicationGate.Word latest) {
        loop.post(() -> {
            word = latest.healthy()
                    ? null
                    : new Tracked(
                            ApplicationGate.NAME,
                            new HealthEffect.Release(latest.serving(), false),
                            HealthState.UNHEALTHY,
                            OptionalInt.empty(),
                            latest.because());
            judge();
        });
    }

    private void judge() {
        List<Tracked> all = new ArrayList<>();
        if (word != null) {
            all.add(word);
        }
        all.addAll(results);
        HealthVerdict next = HealthVerdict.of(all);
        if (!next.equals(verdict)) {
            verdict = next;
            changed.run();
        }
    }
}
