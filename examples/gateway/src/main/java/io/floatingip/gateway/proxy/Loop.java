package io.floatingip.gateway.proxy;

import io.floatingip.gateway.balance.Backend;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one event loop has: its idle upstream connections, and the deadlines of all that goes on. Used by that loop only. */
final class Loop {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip.gateway");
    private static final long SWEEP_MILLIS = 100;
    /** Shorter than servers usually keep a connection, so that it is seldom the server who ends it, with a request on its way. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final int IDLE_MAX = 256;

    private final EventLoop executor;
    private final Class<? extends Channel> transport;
    private final Map<Backend, ArrayDeque<UpstreamLink>> idle = new IdentityHashMap<>();
    private final Set<Timed> timed = new HashSet<>();

    /** Something with a deadline: data that is looked at ten times a second, not a timer that is set and cancelled with every request. */
    interface Timed {
        /** By {@link System#nanoTime}. */
        long deadline();

        void expired();
    }

    Loop(EventLoop executor, Class<? extends Channel> transport) {
        this.executor = executor;
        this.transport = transport;
        executor.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    void add(Timed task) {
        timed.add(task);
    }

    void remove(Timed task) {
        timed.remove(task);
    }

    /** The connection that was used last, so that the others can go; null if there is none. */
    @Nullable
    UpstreamLink take(Backend backend) {
        ArrayDeque<UpstreamLink> links = idle.get(backend);
        while (links != null && !links.isEmpty()) {
            UpstreamLink link = links.pollLast();
            if (link.isOpen()) {
                return link;
            }
            link.close();
        }
        return null;
    }

    /** Keeps a connection for the next request. */
    void keep(UpstreamLink link, long now) {
        ArrayDeque<UpstreamLink> links = idle.computeIfAbsent(link.backend(), backend -> new ArrayDeque<>());
        if (links.size() >= IDLE_MAX) {
            link.close();
        } else {
            link.idleSince(now);
            links.addLast(link);
        }
    }

    void forget(UpstreamLink link) {
        ArrayDeque<UpstreamLink> links = idle.get(link.backend());
        if (links != null) {
            links.remove(link);
        }
    }

    /** Connects on this loop; the result is the channel, or why there is none. */
    void connect(
            Backend backend,
            Duration timeout,
            ChannelHandler handler,
            BiConsumer<@Nullable Channel, @Nullable Throwable> result) {
        new Bootstrap()
                .group(executor)
                .channel(transport)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(Integer.MAX_VALUE, timeout.toMillis()))
                .handler(handler)
                .connect(backend.address())
                .addListener((io.netty.channel.ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        result.accept(connected.channel(), null);
                    } else {
                        result.accept(null, connected.cause());
                    }
                });
    }

    private void sweep() {
        long now = System.nanoTime();
        List<Timed> over = new ArrayList<>();
        for (Timed task : timed) {
            if (task.deadline() - now <= 0) {
                over.add(task);
            }
        }
        for (Timed task : over) {
            try {
                task.expired();
            } catch (RuntimeException e) {
                // The others, and the next sweeps, must not suffer from it.
                log.error("an expired deadline was not dealt with", e);
                remove(task);
            }
        }
        for (Iterator<ArrayDeque<UpstreamLink>> all = idle.values().iterator(); all.hasNext(); ) {
            ArrayDeque<UpstreamLink> links = all.next();
            while (!links.isEmpty() && now - links.peekFirst().idleSince() > IDLE_NANOS) {
                links.pollFirst().close();
            }
            if (links.isEmpty()) {
                all.remove();
            }
        }
    }
}
