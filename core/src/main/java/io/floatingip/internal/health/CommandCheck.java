package io.floatingip.internal.health;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether a command ends with exit code 0. No thread of ours waits for it. */
final class CommandCheck implements AsyncCheck {
    private final List<String> command;

    CommandCheck(List<String> command) {
        this.command = List.copyOf(command);
    }

    @Override
    public Attempt begin(HealthEngine engine, Consumer<Outcome> done) {
        return new Execution(engine, done);
    }

    private final class Execution implements Attempt {
        private final HealthEngine engine;
        private final Object lock = new Object();
        private @Nullable Process process;
        private @Nullable IOException failure;
        private boolean over;

        Execution(HealthEngine engine, Consumer<Outcome> done) {
            this.engine = engine;
            engine.offload(this::start, () -> started(done));
        }

        private void start() {
            synchronized (lock) {
                if (over) {
                    return;
                }
                try {
                    process = ProcessTree.start(command);
                } catch (IOException e) {
                    failure = e;
                }
            }
        }

        private void started(Consumer<Outcome> done) {
            Process begun;
            synchronized (lock) {
                begun = process;
                if (over) {
                    return;
                }
            }
            if (begun == null) {
                over = true;
                done.accept(Outcome.failure(
                        "cannot run " + command.get(0) + ": " + (failure == null ? "" : failure.getMessage())));
                return;
            }
            begun.onExit().thenAccept(ended -> engine.post(() -> ended(ended.exitValue(), done)));
        }

        private void ended(int code, Consumer<Outcome> done) {
            synchronized (lock) {
                if (over) {
                    return;
                }
                over = true;
            }
            done.accept(code == 0 ? Outcome.success("") : Outcome.failure(command.get(0) + " ended with code " + code));
        }

        @Override
        public void cancel() {
            Process running;
            synchronized (lock) {
                if (over) {
                    return;
                }
                over = true;
                running = process;
            }
            if (running != null) {
                engine.offload(() -> ProcessTree.kill(running), () -> {});
            }
        }
    }
}
