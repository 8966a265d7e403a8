package io.floatingip.internal.health;

import io.floatingip.health.HealthCheck;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The engine as tests use it. */
final class Engine implements AutoCloseable {
    final HealthEngine engine = HealthEngine.take(HealthEngine::daemon);

    /** How a run ended, and how long it took. */
    record Verdict(Outcome outcome, Duration after) {}

    Verdict run(HealthCheck check, Duration timeout) throws Exception {
        return begin(check, timeout).get(30, TimeUnit.SECONDS);
    }

    CompletableFuture<Verdict> begin(HealthCheck check, Duration timeout) {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        long begun = System.nanoTime();
        engine.post(() -> engine.run(
                check,
                timeout.toNanos(),
                outcome -> verdict.complete(new Verdict(outcome, Duration.ofNanos(System.nanoTime() - begun)))));
        return verdict;
    }

    static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("floatingip-health")
                        || t.getName().startsWith("floatingip-lookup"))
                .count();
    }

    @Override
    public void close() {
        engine.give();
    }
}
