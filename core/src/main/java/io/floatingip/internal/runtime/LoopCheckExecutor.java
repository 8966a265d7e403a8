package io.floatingip.internal.runtime;

import io.floatingip.health.HealthCheck;
import io.floatingip.internal.health.CheckExecutor;
import io.floatingip.internal.health.Outcome;
import io.floatingip.spi.DrivenNetwork;
import java.util.function.Consumer;

/** Checks on a driven network: in its time, on the thread that drives it. A check that blocks stops that time. */
final class LoopCheckExecutor implements CheckExecutor {
    private final RouterLoop loop;
    private final DrivenNetwork network;

    LoopCheckExecutor(RouterLoop loop, DrivenNetwork network) {
        this.loop = loop;
        this.network = network;
    }

    @Override
    public long nanoTime() {
        return network.ticker().nanoTime();
    }

    @Override
    public void post(Runnable task) {
        loop.post(task);
    }

    @Override
    public void after(long nanos, Runnable task) {
        loop.post(() -> loop.after(nanos, task));
    }

    @Override
    public double spread() {
        return 0;
    }

    @Override
    public Run run(HealthCheck check, long timeoutNanos, Consumer<Outcome> done) {
        boolean[] cancelled = {false};
        network.callbacks().execute(() -> {
            if (!cancelled[0]) {
                Outcome outcome = CheckExecutor.call(check);
                loop.post(() -> done.accept(outcome));
            }
        });
        return () -> cancelled[0] = true;
    }

    @Override
    public void give() {
        // The network is not ours.
    }
}
