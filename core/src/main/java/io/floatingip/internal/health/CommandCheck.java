package io.floatingip.internal.health;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether a command ends with exit code 0. No thread of ours waits for it. */
final class CommandCheck implements AsyncCheck {
    private final List<String> command;
    private final Starter starter;
    // Starting blocks for as long as the file system does that the program is on. On the engine's thread only.
    private boolean stuck;

    /** Starts a command. */
    @FunctionalInterface
    interface Starter {
        Process start(List<String> command) throws IOException;
    }

    CommandCheck(List<String> command) {
        this(command, ProcessTree::start);
    }

    CommandCheck(List<String> command, Starter starter) {
        this.command = List.copyOf(command);
        this.starter = starter;
    }

    @Override
    public Attempt begin(HealthEngine engine, Consumer<Outcome> done) {
        if (stuck) {
            done.accept(Outcome.failure(command.get(0) + " is still being started by an earlier run"));
            return () -> {};
        }
        return new Execution(engine, done);
    }

    /** Used by the engine's thread, but for {@link #start} and what that touches. */
    private final class Execution implements Attempt {
        private final HealthEngine engine;
        private final Consumer<Outcome> done;
        private final AtomicBoolean cancelled = new AtomicBoolean();
        private final Workers.Job starting;
        private volatile @Nullable Process process;
        private volatile String failure = "";
        private boolean started;
        private boolean over;

        Execution(HealthEngine engine, Consumer<Outcome> done) {
            this.engine = engine;
            this.done = done;
            starting = engine.offload(this::start, this::started);
        }

        private void start() {
            if (cancelled.get()) {
                return;
            }
            try {
                Process begun = starter.start(command);
                process = begun;
                if (cancelled.get()) {
                    ProcessTree.kill(begun);
                }
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage());
            }
        }

        private void started() {
            started = true;
            if (over) {
                stuck = false;
                return;
            }
            Process begun = process;
            if (begun == null) {
                end(Outcome.failure("cannot run " + command.get(0) + ": " + failure));
            } else {
                begun.onExit().thenAccept(ended -> engine.post(() -> ended(ended.exitValue())));
            }
        }

        private void ended(int code) {
            if (!over) {
                end(code == 0 ? Outcome.success("") : Outcome.failure(command.get(0) + " ended with code " + code));
            }
        }

        private void end(Outcome outcome) {
            over = true;
            done.accept(outcome);
        }

        @Override
        public void cancel() {
            if (over) {
                return;
            }
            over = true;
            cancelled.set(true);
            Process running = process;
            if (running != null) {
                engine.offload(() -> ProcessTree.kill(running), () -> {});
            }
            if (!started) {
                stuck = starting.abandon();
            }
        }
    }
}
