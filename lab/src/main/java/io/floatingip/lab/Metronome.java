package io.floatingip.lab;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Wakes up at fixed intervals and notes how late: what this machine makes of a timer when nothing else is asked of the process. */
public final class Metronome implements AutoCloseable {
    private final Thread thread;
    private volatile long latestNanos;

    /** Starts to tick. */
    public Metronome(Duration interval) {
        thread = new Thread(() -> tick(interval.toNanos()), "lab-metronome");
        thread.setDaemon(true);
        thread.start();
    }

    private void tick(long intervalNanos) {
        while (!Thread.currentThread().isInterrupted()) {
            long due = System.nanoTime() + intervalNanos;
            for (long left = intervalNanos;
                    left > 0 && !Thread.currentThread().isInterrupted();
                    left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            latestNanos = Math.max(latestNanos, System.nanoTime() - due);
        }
    }

    /** The most it was late so far. */
    public Duration latest() {
        return Duration.ofNanos(latestNanos);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
