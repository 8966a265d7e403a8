package io.floatingip.internal.runtime;

import io.floatingip.health.ApplicationHealth;
import io.floatingip.health.HealthState;
import io.floatingip.health.HealthStatus;
import io.floatingip.spi.Ticker;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The application's own word on its health. Any thread. */
final class ApplicationGate implements ApplicationHealth {
    static final String NAME = "application";
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");

    // The gates that want to hear of uncaught errors, in front of whatever handler the application has.
    private static final List<ApplicationGate> LISTENING = new CopyOnWriteArrayList<>();
    private static @Nullable Handler installed;

    private final String name;
    private final Ticker ticker;
    private final Consumer<Word> listener;
    private final Consumer<Optional<String>> readiness;
    private final List<Class<? extends Throwable>> kinds = new CopyOnWriteArrayList<>();
    private volatile @Nullable Said last;

    /** What was said. */
    record Word(boolean healthy, boolean serving, String because) {}

    private record Said(Word word, Instant since, long failures) {}

    /** @param readiness is told why the application is not ready, or nothing if it is */
    ApplicationGate(String name, Ticker ticker, Consumer<Word> listener, Consumer<Optional<String>> readiness) {
        this.name = name;
        this.ticker = ticker;
        this.listener = listener;
        this.readiness = readiness;
    }

    @Override
    public void healthy() {
        say(new Word(true, true, ""));
    }

    @Override
    public void unhealthy(String because) {
        say(new Word(false, false, Objects.requireNonNull(because, "because")));
    }

    @Override
    public void unhealthyButServing(String because) {
        say(new Word(false, true, Objects.requireNonNull(because, "because")));
    }

    @Override
    public void ready() {
        readiness.accept(Optional.empty());
    }

    @Override
    public void notReady(String because) {
        readiness.accept(Optional.of(because));
    }

    private synchronized void say(Word word) {
        // The protocol first: whoever is short of memory may get no further.
        listener.accept(word);
        Said before = last;
        boolean same = before != null && before.word().healthy() == word.healthy();
        long failures = (before == null ? 0 : before.failures()) + (word.healthy() || same ? 0 : 1);
        last = new Said(word, same ? before.since() : ticker.wallTime(), failures);
        if (!same && !word.healthy()) {
            log.warn("({}) the application is unhealthy: {}", name, word.because());
        }
    }

    @Override
    public boolean isHealthy() {
        Said now = last;
        return now == null || now.word().healthy();
    }

    Optional<HealthStatus> status() {
        Said now = last;
        return now == null
                ? Optional.empty()
                : Optional.of(new HealthStatus(
                        NAME,
                        now.word().healthy() ? HealthState.HEALTHY : HealthState.UNHEALTHY,
                        now.word().because(),
                        now.since(),
                        now.failures(),
                        now.failures()));
    }

    @Override
    public void unhealthyOn(Class<? extends Throwable> kind) {
        kinds.add(Objects.requireNonNull(kind, "kind"));
        synchronized (LISTENING) {
            if (!LISTENING.contains(this)) {
                LISTENING.add(this);
            }
            Thread.UncaughtExceptionHandler present = Thread.getDefaultUncaughtExceptionHandler();
            if (installed == null || present != installed) {
                installed = new Handler(present);
                Thread.setDefaultUncaughtExceptionHandler(installed);
            }
        }
    }

    @Override
    public boolean report(Throwable error) {
        for (Class<? extends Throwable> kind : kinds) {
            if (kind.isInstance(error)) {
                unhealthy(error.toString());
                return true;
            }
        }
        return false;
    }

    void close() {
        LISTENING.remove(this);
    }

    /** Tells the gates, then whoever was there before. */
    private static final class Handler implements Thread.UncaughtExceptionHandler {
        private final Thread.@Nullable UncaughtExceptionHandler before;

        Handler(Thread.@Nullable UncaughtExceptionHandler before) {
            this.before = before;
        }

        @Override
        public void uncaughtException(Thread thread, Throwable error) {
            for (ApplicationGate gate : LISTENING) {
                gate.report(error);
            }
            if (before != null) {
                before.uncaughtException(thread, error);
            } else {
                // What the JVM does without a handler.
                System.err.print("Exception in thread \"" + thread.getName() + "\" ");
                error.printStackTrace();
            }
        }
    }
}
