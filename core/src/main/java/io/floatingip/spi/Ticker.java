package io.floatingip.spi;

import java.time.Instant;

/** The clocks. Time is read once per turn of the loop and passed down as an argument. Any thread may call. */
public interface Ticker {
    /** Monotonic time in nanoseconds, from an arbitrary origin; may be negative and may wrap: compare differences only. */
    long nanoTime();

    /**
     * How long this machine has been suspended since it was booted, in nanoseconds: the part of the time that {@link #nanoTime()} does not
     * see (CLOCK_BOOTTIME minus CLOCK_MONOTONIC on Linux). 0 where this cannot be known.
     */
    default long suspendedNanos() {
        return 0;
    }

    /** Wall clock time: for time stamps people read and for authentication windows; never for a timer. */
    default Instant wallTime() {
        return Instant.now();
    }

    /** The clocks of this machine. */
    static Ticker system() {
        return System::nanoTime;
    }
}
