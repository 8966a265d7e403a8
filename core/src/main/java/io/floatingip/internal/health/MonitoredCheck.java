package io.floatingip.internal.health;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.HealthEffect.Release;
import io.floatingip.health.HealthState;
import io.floatingip.health.HealthStatus;
import io.floatingip.health.NamedCheck;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One check at work: its intervals, its retries and its recovery. Used by the executor's thread only, but for {@link #status()}. */
final class MonitoredCheck {
    private final NamedCheck check;
    private final CheckExecutor executor;
    private final Supplier<Instant> wallClock;
    private final Runnable changed;
    private final boolean holding;
    private final @Nullable Tracked earlier;
    private RiseFall count;
    private OptionalInt number = OptionalInt.empty();
    private String detail = "";
    private Instant since;
    private volatile HealthStatus status;
    private long runs;
    private long failures;
    private long startedAt;
    private boolean spread;
    private boolean recoveryTried;
    private boolean stopped;
    private CheckExecutor.@Nullable Run run;

    /**
     * @param holding whether it releases the address, if that is its effect, until its first result
     * @param earlier what was known of the check of that name before this one, which counts until then
     */
    MonitoredCheck(
            NamedCheck check,
            CheckExecutor executor,
            Supplier<Instant> wallClock,
            Runnable changed,
            boolean holding,
            @Nullable Tracked earlier) {
        this.check = check;
        this.executor = executor;
        this.wallClock = wallClock;
        this.changed = changed;
        this.holding = holding;
        this.earlier = earlier;
        count = RiseFall.of(check.policy());
        since = wallClock.get();
        status = new HealthStatus(check.name(), count.state(), detail, since, 0, 0);
    }

    NamedCheck check() {
        return check;
    }

    Tracked tracked() {
        if (count.state() == HealthState.PENDING && earlier != null) {
            return new Tracked(
                    check.name(), check.policy().effect(), earlier.state(), earlier.number(), earlier.detail());
        }
        return new Tracked(check.name(), check.policy().effect(), assumed(), number, detail);
    }

    /** A check that came later releases nothing before it knows. */
    private HealthState assumed() {
        if (count.state() == HealthState.PENDING && !holding && check.policy().effect() instanceof Release release) {
            return release.reversed() ? HealthState.UNHEALTHY : HealthState.HEALTHY;
        }
        return count.state();
    }

    /** Any thread. */
    HealthStatus status() {
        return status;
    }

    void start() {
        if (stopped) {
            return;
        }
        startedAt = executor.nanoTime();
        attempt(check.policy().retries());
    }

    void stop() {
        stopped = true;
        if (run != null) {
            run.cancel();
            run = null;
        }
    }

    private void attempt(int retriesLeft) {
        run(check.check(), check.policy().timeout().toNanos(), outcome -> {
            if (outcome.success() || retriesLeft == 0) {
                judge(outcome);
            } else {
                executor.after(check.policy().delayBeforeRetry().toNanos(), () -> {
                    if (!stopped) {
                        attempt(retriesLeft - 1);
                    }
                });
            }
        });
    }

    private void run(HealthCheck what, long timeoutNanos, Consumer<Outcome> then) {
        boolean[] ended = {false};
        CheckExecutor.Run begun = executor.run(what, timeoutNanos, outcome -> {
            ended[0] = true;
            if (!stopped) {
                run = null;
                then.accept(outcome);
            }
        });
        // One that ended at once may have begun the next, which is the one to be cancelled.
        if (!ended[0]) {
            run = begun;
        }
    }

    private void judge(Outcome outcome) {
        boolean wouldFail = !outcome.success()
                && count.state() != HealthState.UNHEALTHY
                && count.next(false).state() == HealthState.UNHEALTHY;
        if (wouldFail && check.policy().recovery().isPresent() && !recoveryTried) {
            recover(check.policy().recovery().get(), outcome);
            return;
        }
        if (outcome.success()) {
            recoveryTried = false;
        }
        result(outcome);
    }

    private void recover(HealthCheck recovery, Outcome failure) {
        recoveryTried = true;
        HealthMonitor.log.warn("({}) {}; trying its recovery", check.name(), failure.detail());
        run(recovery, check.policy().recoveryTimeout().toNanos(), recovered -> {
            if (recovered.success()) {
                run(check.check(), check.policy().timeout().toNanos(), this::result);
            } else {
                result(Outcome.failure(failure.detail() + "; recovery failed: " + recovered.detail()));
            }
        });
    }

    private void result(Outcome outcome) {
        try {
            count(outcome);
        } finally {
            executor.after(untilNext(), this::start);
        }
    }

    private void count(Outcome outcome) {
        HealthState before = count.state();
        OptionalInt numberBefore = number;
        runs++;
        failures += outcome.success() ? 0 : 1;
        count = count.next(outcome.success());
        number = outcome.number();
        detail = outcome.detail();
        if (count.state() != before) {
            since = wallClock.get();
        }
        status = new HealthStatus(check.name(), count.state(), detail, since, runs, failures);
        if (count.state() != before || !number.equals(numberBefore)) {
            changed.run();
        }
    }

    private long untilNext() {
        long interval = check.policy().interval().toNanos();
        if (!spread) {
            spread = true;
            interval -= (long) (interval * executor.spread());
        }
        return Math.max(0, startedAt + interval - executor.nanoTime());
    }
}
