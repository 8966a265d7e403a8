package io.floatingip.netty;

import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Objects;

/** Calls a listener on an event loop, in order, so that it needs no locks towards the handlers that run there. */
public final class EventLoopListener implements RoleListener {
    private final EventExecutor loop;
    private final RoleListener listener;

    private EventLoopListener(EventExecutor loop, RoleListener listener) {
        this.loop = Objects.requireNonNull(loop, "loop");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /** A listener that hands every call on to this one on the given event loop. It must not block there. */
    public static RoleListener on(EventExecutor loop, RoleListener listener) {
        return new EventLoopListener(loop, listener);
    }

    @Override
    public void onChange(RoleChange change) {
        loop.execute(() -> listener.onChange(change));
    }

    @Override
    public void onStay(RoleChange change) {
        loop.execute(() -> listener.onStay(change));
    }

    @Override
    public void onPause(Duration length) {
        loop.execute(() -> listener.onPause(length));
    }

    /** Returns when the loop has made the call: the address stays until then. */
    @Override
    public void onDrain(Duration time) {
        loop.submit(() -> listener.onDrain(time)).syncUninterruptibly();
    }
}
