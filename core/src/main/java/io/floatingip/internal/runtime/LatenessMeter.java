package io.floatingip.internal.runtime;

import io.floatingip.Lateness;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** How late the turns of a loop were. Written by the loop, read by any thread; writing allocates nothing and waits for nobody. */
final class LatenessMeter {
    private static final long WINDOW_NANOS = 60_000_000_000L;

    private final AtomicLong turns = new AtomicLong();
    private final AtomicLong totalNanos = new AtomicLong();
    private final AtomicLong lastNanos = new AtomicLong();
    // The longest of the window that runs, and of the one before: what happened is to be seen for a whole window.
    private final AtomicLong maxNanos = new AtomicLong();
    private final AtomicLong maxNanosBefore = new AtomicLong();
    private final AtomicLong windowAt;

    LatenessMeter(long now) {
        windowAt = new AtomicLong(now);
    }

    void add(long nanos, long now) {
        turns.getAndIncrement();
        totalNanos.getAndAdd(nanos);
        lastNanos.set(nanos);
        long age = now - windowAt.get();
        if (age >= WINDOW_NANOS) {
            maxNanosBefore.set(age < 2 * WINDOW_NANOS ? maxNanos.get() : 0);
            maxNanos.set(nanos);
            windowAt.set(now);
        } else if (nanos > maxNanos.get()) {
            maxNanos.set(nanos);
        }
    }

    Lateness read(long now, long exceeded, long limitNanos) {
        return new Lateness(
                Duration.ofNanos(lastNanos.get()),
                Duration.ofNanos(max(now)),
                turns.get(),
                Duration.ofNanos(totalNanos.get()),
                exceeded,
                Duration.ofNanos(limitNanos));
    }

    /** A loop that has nothing to do for long turns no window. */
    private long max(long now) {
        long windows = (now - windowAt.get()) / WINDOW_NANOS;
        if (windows >= 2) {
            return 0;
        }
        return windows == 1 ? maxNanos.get() : Math.max(maxNanos.get(), maxNanosBefore.get());
    }
}
