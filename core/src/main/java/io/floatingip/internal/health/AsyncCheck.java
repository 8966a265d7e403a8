package io.floatingip.internal.health;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.UnhealthyException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A check that needs no thread while it waits. */
interface AsyncCheck extends HealthCheck {
    /** How long a call of {@link #check()} may take where no policy says it. */
    long ALONE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Begins a try, on the engine's thread. {@code done} may be called by that thread only, at once or later, and once at most. */
    Attempt begin(HealthEngine engine, Consumer<Outcome> done);

    /** One try under way. */
    @FunctionalInterface
    interface Attempt {
        /** Frees everything; the outcome is of no interest any more. Called on the engine's thread, also after the end. */
        void cancel();
    }

    /** For callers who combine checks in a lambda of their own: blocks. */
    @Override
    default boolean check() throws Exception {
        HealthEngine engine = HealthEngine.take(HealthEngine::daemon);
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        try {
            engine.post(() -> engine.run(this, ALONE_NANOS, outcome::complete));
            Outcome result = outcome.get(2 * ALONE_NANOS, TimeUnit.NANOSECONDS);
            if (!result.success()) {
                throw new UnhealthyException(result.detail());
            }
            return true;
        } catch (TimeoutException e) {
            throw new UnhealthyException("no result");
        } finally {
            engine.give();
        }
    }
}
