package io.floatingip.linux;

import io.floatingip.spi.Ticker;

/** The kernel's clocks. */
final class LinuxTicker implements Ticker {
    private static final long TOLERANCE_NANOS = 20_000;
    private static final int ATTEMPTS = 5;

    private final Slab timespec = new Slab(16);

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long suspendedNanos() {
        synchronized (timespec) {
            long suspended = 0;
            long spreadMin = Long.MAX_VALUE;
            // Two clocks cannot be read at once: the reading with the least time between counts.
            for (int i = 0; i < ATTEMPTS && spreadMin > TOLERANCE_NANOS; i++) {
                long before = Sys.clockNanos(Libc.CLOCK_MONOTONIC, timespec);
                long boot = Sys.clockNanos(Libc.CLOCK_BOOTTIME, timespec);
                long spread = Sys.clockNanos(Libc.CLOCK_MONOTONIC, timespec) - before;
                if (spread < spreadMin) {
                    spreadMin = spread;
                    suspended = boot - before - spread / 2;
                }
            }
            // What is left is the error of the reading, not a suspension.
            return suspended < TOLERANCE_NANOS ? 0 : suspended;
        }
    }
}
