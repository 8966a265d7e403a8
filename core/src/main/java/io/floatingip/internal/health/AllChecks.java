package io.floatingip.internal.health;

import io.floatingip.health.HealthCheck;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Several checks, one after the other; the first failure is the result. */
final class AllChecks implements AsyncCheck {
    private final List<HealthCheck> checks;

    AllChecks(List<? extends HealthCheck> checks) {
        this.checks = List.copyOf(checks);
    }

    @Override
    public Attempt begin(HealthEngine engine, Consumer<Outcome> done) {
        return new Sequence(engine, done);
    }

    private final class Sequence implements Attempt {
        private final HealthEngine engine;
        private final Consumer<Outcome> done;
        private CheckExecutor.@Nullable Run present;
        private boolean cancelled;

        Sequence(HealthEngine engine, Consumer<Outcome> done) {
            this.engine = engine;
            this.done = done;
            engine.post(() -> next(0));
        }

        private void next(int index) {
            if (cancelled) {
                return;
            }
            if (index == checks.size()) {
                done.accept(Outcome.success(""));
                return;
            }
            present = engine.run(checks.get(index), HealthEngine.UNLIMITED_NANOS, outcome -> {
                present = null;
                if (outcome.success()) {
                    engine.post(() -> next(index + 1));
                } else {
                    done.accept(outcome);
                }
            });
        }

        @Override
        public void cancel() {
            cancelled = true;
            if (present != null) {
                present.cancel();
            }
        }
    }
}
