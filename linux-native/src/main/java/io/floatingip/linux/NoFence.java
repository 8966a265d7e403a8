package io.floatingip.linux;

import io.floatingip.spi.Fence;

/** A fence that guards nothing, and says why. */
record NoFence(String reason) implements Fence {
    @Override
    public void open() {
        // nothing to open
    }

    @Override
    public void openFor(long nanos) {
        // nothing to open
    }

    @Override
    public void closeAfter(long nanos) {
        // nothing to close
    }

    @Override
    public void shut() {
        // nothing to shut
    }

    @Override
    public State state() {
        return State.none(reason);
    }

    @Override
    public void close() {
        // nothing to give back
    }
}
