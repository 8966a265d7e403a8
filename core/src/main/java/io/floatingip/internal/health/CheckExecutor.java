package io.floatingip.internal.health;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.UnhealthyException;
import java.util.function.Consumer;

/** Where checks run and their time passes; everything that is called back is called on one thread, in order. */
public interface CheckExecutor {
    long nanoTime();

    /** Any thread. */
    void post(Runnable task);

    /** Runs something after a time; cannot be taken back. On the executor's thread. */
    void after(long nanos, Runnable task);

    /** A share of the interval, 0 to 1, to come earlier by once, so that checks that began together do not stay together. */
    double spread();

    /** Begins a check and calls {@code done} exactly once, at the timeout at the latest. On the executor's thread. */
    Run run(HealthCheck check, long timeoutNanos, Consumer<Outcome> done);

    /** No more use of it by this user. Any thread. */
    void give();

    /** One run of a check. */
    @FunctionalInterface
    interface Run {
        void cancel();
    }

    /** Calls the check here and now. */
    static Outcome call(HealthCheck check) {
        try {
            if (check instanceof NumberCheck numeric) {
                return Outcome.number(numeric.number());
            }
            return check.check() ? Outcome.success("") : Outcome.failure("");
        } catch (InterruptedException e) {
            return Outcome.failure(new UnhealthyException("interrupted"));
        } catch (Throwable e) {
            // A check may fail in any way, errors included.
            return Outcome.failure(e);
        }
    }
}
