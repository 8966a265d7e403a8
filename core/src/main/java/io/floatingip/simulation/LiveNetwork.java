package io.floatingip.simulation;

import io.floatingip.spi.Fence;
import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.HeldAddress;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkSpec;
import io.floatingip.spi.Network;
import io.floatingip.spi.NetworkListener;
import io.floatingip.spi.Outgoing;
import io.floatingip.spi.Packet;
import io.floatingip.spi.Ticker;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** A process on a {@link LiveLan}: its loop has a thread, which does everything under the LAN's lock and waits on it. */
final class LiveNetwork implements Network {
    private final LiveLan live;
    private final SimNetwork process;
    private final Ticker ticker;
    private final Map<Link, Link> guarded = new IdentityHashMap<>();
    private final Map<Link, Link> unguarded = new IdentityHashMap<>();
    private boolean woken;
    private boolean closing;

    /** Under the lock. */
    LiveNetwork(LiveLan live, SimNetwork process) {
        this.live = live;
        this.process = process;
        long origin = process.ticker().nanoTime() - live.reachedNanos();
        ticker = () -> origin + live.nowNanos();
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public Link open(LinkSpec spec) throws IOException {
        synchronized (live.lock()) {
            live.catchUp();
            Link opened = process.open(spec);
            Link safe = guard(Link.class, opened);
            guarded.put(opened, safe);
            unguarded.put(safe, opened);
            return safe;
        }
    }

    @Override
    public Optional<HeldAddress> holder(InetAddress address) throws IOException {
        synchronized (live.lock()) {
            live.catchUp();
            return process.holder(address);
        }
    }

    @Override
    public void await(long nanos) throws IOException {
        long start = live.nowNanos();
        synchronized (live.lock()) {
            while (true) {
                live.catchUp();
                // A process that is paused, or was killed, does nothing, unless its handles are closed when it is dead:
                // its thread is one of this JVM.
                closing |= woken && !process.alive();
                boolean running = process.alive() ? process.host.running() : closing;
                long left = nanos == Long.MAX_VALUE ? nanos : nanos - (live.nowNanos() - start);
                if (running && (woken || process.hasNews() || left <= 0)) {
                    woken = false;
                    return;
                }
                long pause = Math.min(running ? left : Long.MAX_VALUE, live.nextNanos());
                // At most a minute at once, which also keeps this from overflowing.
                pause(Math.min(pause / 1_000_000 + 1, 60_000));
            }
        }
    }

    private void pause(long millis) throws InterruptedIOException {
        try {
            live.lock().wait(millis);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while waiting for the simulated LAN");
        }
    }

    @Override
    public boolean drain(NetworkListener listener) throws IOException {
        synchronized (live.lock()) {
            live.catchUp();
            return process.drain(new Outside(listener));
        }
    }

    @Override
    public void wakeup() {
        synchronized (live.lock()) {
            woken = true;
            live.lock().notifyAll();
        }
    }

    @Override
    public void close() {
        synchronized (live.lock()) {
            process.close();
        }
    }

    /** The same object, every call of which is made under the lock. */
    private <T> T guard(Class<T> type, T target) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> target.toString();
                };
            }
            synchronized (live.lock()) {
                live.catchUp();
                try {
                    return result(target, method.getName(), method.invoke(target, inside(arguments)));
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Object result(Object target, String method, Object result) {
        if (target instanceof Link link && method.equals("close")) {
            unguarded.remove(guarded.remove(link));
        }
        if (result instanceof Fence fence) {
            return guard(Fence.class, fence);
        }
        return result instanceof Outgoing outgoing ? guard(Outgoing.class, outgoing) : result;
    }

    /** Links among the arguments, as the simulated machine knows them. */
    private Object[] inside(Object[] arguments) {
        if (arguments == null) {
            return null;
        }
        Object[] inside = arguments.clone();
        for (int i = 0; i < inside.length; i++) {
            if (inside[i] instanceof Collection<?> all && all.stream().anyMatch(Link.class::isInstance)) {
                inside[i] = all.stream().map(unguarded::get).toList();
            }
        }
        return inside;
    }

    /** Tells the loop of links as the loop knows them. */
    private final class Outside implements NetworkListener {
        private final NetworkListener listener;

        Outside(NetworkListener listener) {
            this.listener = listener;
        }

        @Override
        public void packet(Link link, Packet packet) {
            listener.packet(guarded.get(link), packet);
        }

        @Override
        public void linkChanged(Link link) {
            listener.linkChanged(guarded.get(link));
        }

        @Override
        public void addressesRemoved(Link link) {
            listener.addressesRemoved(guarded.get(link));
        }

        @Override
        public void neighborClaims(Link link, InetAddress address, HardwareAddress claimant) {
            listener.neighborClaims(guarded.get(link), address, claimant);
        }

        @Override
        public void fenceDisturbed(Link link) {
            listener.fenceDisturbed(guarded.get(link));
        }
    }
}
