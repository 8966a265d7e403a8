package io.floatingip.simulation;

import io.floatingip.spi.Ticker;
import java.time.Instant;

/** The clocks of one simulated machine. */
final class VirtualTicker implements Ticker {
    /** Where every wall clock of every LAN begins. */
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final Timeline timeline;
    // Machines are booted at different times: nobody may compare
    // the nanoTime of two of them, nor expect it to be positive.
    private final long origin;
    private long suspendedNanos;
    private long suspendedSince;
    private boolean suspended;
    private long wallStepNanos;

    VirtualTicker(Timeline timeline, long origin) {
        this.timeline = timeline;
        this.origin = origin;
    }

    @Override
    public long nanoTime() {
        return origin + timeline.now() - suspendedNanos();
    }

    @Override
    public long suspendedNanos() {
        return suspended ? suspendedNanos + timeline.now() - suspendedSince : suspendedNanos;
    }

    @Override
    public Instant wallTime() {
        return EPOCH.plusNanos(timeline.now()).plusNanos(wallStepNanos);
    }

    void suspend() {
        suspended = true;
        suspendedSince = timeline.now();
    }

    void resume() {
        suspendedNanos = suspendedNanos();
        suspended = false;
    }

    void stepWallClock(long nanos) {
        wallStepNanos += nanos;
    }
}
