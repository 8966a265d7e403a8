package io.floatingip.netty;

import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty servers that follow a floating IP: they listen before the address is there, so that a takeover accepts at once, and let connections end
 * before it is given away. All methods may be called by any thread; those of {@link RoleListener} may block and must not be called on an event
 * loop.
 *
 * <pre>{@code
 * FloatingServer server = new FloatingServer();
 * server.bind(bootstrap, new InetSocketAddress("10.0.0.100", 80)).join();
 * FloatingIp vip = FloatingIp.join(config.listener(server).drain(Duration.ofSeconds(10)).build());
 * }</pre>
 *
 * <p>One server may follow several floating IPs; then a drain of one is told to the connections of all, which costs them a new connection at most.
 *
 * <p><b>Handover.</b> Every connection is told {@link Drain#BEGUN} and should close after its next answer; new ones are still accepted, served and
 * told the same. When those that were there at the beginning are gone, or three quarters of the time, the transport holds new connections back (epoll
 * only: their clients' kernels ask again after a second, when the successor has the address) and idle connections are closed ({@link Drain#LAST}). The
 * address may go when no connection is left. A client whose connection was idle all the time and who asks at the very moment of that close loses the
 * answer, as with any server that closes idle connections; one not closed would lose its next request for certain, because the successor does not know
 * the connection. A handler should count a connection as over only when the client has closed its side too (shutdown of the output, then end of input):
 * before that the last answer may still be on its way, and it cannot get there from an address that is gone.
 */
public final class FloatingServer implements RoleListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");
    // By its name: epoll's and io_uring's have the same, and neither need be there.
    private static final ChannelOption<Boolean> FREE_BIND = ChannelOption.valueOf("IP_FREEBIND");

    /** Held back no longer than this at the end of a drain, unless nothing is left to wait for. */
    private static final long HOLD_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(500);
    /** A handshake that had begun before new ones were held back has arrived by then. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** After a drain the address usually goes within the skew time; if it is still here by then, it stays. */
    private static final long SUCCESSOR_MILLIS = 2_000;

    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final Object lock = new Object();
    private volatile @Nullable Drain stage;
    private volatile long acceptedAt = System.nanoTime();
    private final Predicate<InetAddress> here;
    private int drains;
    private @Nullable ScheduledFuture<?> resumption;

    /** One listening socket, bound or waiting for the address. */
    private static final class Socket {
        private final ServerBootstrap bootstrap;
        private final InetSocketAddress address;
        private final CompletableFuture<Channel> bound = new CompletableFuture<>();
        private boolean freeBound;
        private volatile boolean held;

        Socket(ServerBootstrap bootstrap, InetSocketAddress address) {
            this.bootstrap = bootstrap;
            this.address = address;
        }
    }

    /** Without a socket yet. */
    public FloatingServer() {
        this(FloatingServer::isHere);
    }

    /**
     * @param here whether an address is on this host
     */
    FloatingServer(Predicate<InetAddress> here) {
        this.here = here;
    }

    /**
     * Listens at this address as the bootstrap says, or as soon as the address is there if the transport cannot bind before (NIO).
     *
     * @param bootstrap with group, channel and child handler; taken as it is now
     * @return completed with the server channel when it listens; fails if it cannot, because the port is taken for example
     */
    public CompletableFuture<Channel> bind(ServerBootstrap bootstrap, InetSocketAddress address) {
        ServerBootstrap own = bootstrap.clone();
        ChannelHandler childHandler = bootstrap.config().childHandler();
        own.childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel connection) {
                accepted(connection, childHandler);
            }
        });
        Socket socket = new Socket(own, address);
        sockets.add(socket);
        listen(socket, false);
        return socket.bound;
    }

    /**
     * Stops to listen, or to wait for the address; connections that are there stay. Blocks until that is done; not for an event loop.
     *
     * @param bound what {@link #bind} has returned
     */
    public void unbind(CompletableFuture<Channel> bound) {
        sockets.removeIf(socket -> socket.bound == bound);
        if (!bound.cancel(false) && !bound.isCompletedExceptionally()) {
            bound.join().close().syncUninterruptibly();
        }
    }

    private void accepted(Channel connection, ChannelHandler childHandler) {
        acceptedAt = System.nanoTime();
        connections.add(connection);
        connection.closeFuture().addListener(closed -> wake());
        connection.pipeline().addLast(childHandler);
        if (stage != null) {
            connection.eventLoop().execute(() -> {
                Drain now = stage;
                if (now != null) {
                    connection.pipeline().fireUserEventTriggered(Drain.BEGUN);
                }
            });
        }
    }

    private void listen(Socket socket, boolean master) {
        ChannelFuture registered = socket.bootstrap.register();
        if (registered.cause() != null) {
            // Without a socket there is no event loop to tell it; too many open files, for example.
            if (socket.bound.isDone() || master) {
                log.warn("cannot listen at {}: {}", socket.address, String.valueOf(registered.cause()));
            } else {
                failed(socket, registered.cause());
            }
            return;
        }
        Channel server = registered.channel();
        server.eventLoop().execute(() -> {
            socket.freeBound = server.config().setOption(FREE_BIND, true);
            server.bind(socket.address).addListener(result -> {
                if (result.isSuccess()) {
                    if (!socket.bound.complete(server)) {
                        server.close();
                    }
                    return;
                }
                server.close();
                if (socket.freeBound || here.test(socket.address.getAddress())) {
                    failed(socket, result.cause());
                } else if (master) {
                    log.warn(
                            "cannot listen at {} although this node is master: {}",
                            socket.address,
                            result.cause().getMessage());
                }
            });
        });
    }

    private void failed(Socket socket, Throwable cause) {
        sockets.remove(socket);
        socket.bound.completeExceptionally(
                new ChannelException("cannot listen at " + socket.address + ": " + cause.getMessage(), cause));
    }

    private static boolean isHere(InetAddress address) {
        try {
            return address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    /** Whether connections have been told to come to an end. */
    public boolean isDraining() {
        return stage != null;
    }

    /** Opens what could not be opened without the address; ends a drain. */
    @Override
    public void onMaster(RoleChange change) {
        for (Socket socket : sockets) {
            if (!socket.bound.isDone()) {
                listen(socket, true);
            }
        }
        resumeUnlessDraining();
    }

    /** Lets connections end while the address is still here. Blocks until none is left, or for the given time. */
    @Override
    public void onDrain(Duration time) {
        synchronized (lock) {
            drains++;
        }
        long end = System.nanoTime() + time.toNanos();
        long holdNanos = Math.min(HOLD_NANOS_MAX, time.toNanos() / 4);
        tell(Drain.BEGUN);
        Set<Channel> before = new HashSet<>(connections);
        await(end - holdNanos, () -> before.stream().noneMatch(Channel::isOpen));
        hold();
        tell(Drain.LAST);
        await(end, () -> connections.isEmpty() && System.nanoTime() - acceptedAt >= QUIET_NANOS);
        synchronized (lock) {
            drains--;
            if (resumption != null) {
                resumption.cancel(false);
            }
            resumption = GlobalEventExecutor.INSTANCE.schedule(
                    this::resumeUnlessDraining, SUCCESSOR_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (!connections.isEmpty()) {
            log.warn("{} connections did not end within the drain time of {}", connections.size(), time);
        }
    }

    /** The address has gone: so have the connections, even if their sockets do not know. */
    @Override
    public void onBackup(RoleChange change) {
        cut();
    }

    @Override
    public void onFault(RoleChange change) {
        cut();
    }

    @Override
    public void onReleased(RoleChange change) {
        cut();
    }

    private void cut() {
        for (Channel connection : connections) {
            if (connection.localAddress() instanceof InetSocketAddress local && !here.test(local.getAddress())) {
                connection.close();
            }
        }
        resumeUnlessDraining();
    }

    /** One of several floating IPs may change while another drains. */
    private void resumeUnlessDraining() {
        synchronized (lock) {
            if (drains > 0) {
                return;
            }
        }
        resume();
    }

    /** Ends a drain: connections are accepted and kept as before. */
    public void resume() {
        synchronized (lock) {
            if (resumption != null) {
                resumption.cancel(false);
                resumption = null;
            }
        }
        for (Socket socket : sockets) {
            if (socket.held) {
                socket.held = false;
                SynHold.end(socket.bound.join());
            }
        }
        if (stage != null) {
            tell(Drain.OVER);
        }
    }

    private void hold() {
        for (Socket socket : sockets) {
            if (socket.freeBound && socket.bound.isDone()) {
                try {
                    SynHold.begin(socket.bound.join());
                    socket.held = true;
                } catch (RuntimeException | LinkageError e) {
                    // Without it, what connects in the last milliseconds may be cut.
                    log.debug("new connections to {} cannot be held back", socket.address, e);
                }
            }
        }
    }

    private void tell(Drain next) {
        stage = next == Drain.OVER ? null : next;
        for (Channel connection : connections) {
            connection.eventLoop().execute(() -> connection.pipeline().fireUserEventTriggered(next));
        }
    }

    private void wake() {
        synchronized (lock) {
            lock.notifyAll();
        }
    }

    private void await(long end, BooleanSupplier over) {
        synchronized (lock) {
            while (!over.getAsBoolean() && end - System.nanoTime() > 0) {
                long nanos = Math.min(end - System.nanoTime(), QUIET_NANOS);
                try {
                    TimeUnit.NANOSECONDS.timedWait(lock, Math.max(1, nanos));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** Closes all sockets and connections. Blocks until that is done; not for an event loop. */
    @Override
    public void close() {
        List<Channel> servers = new ArrayList<>();
        for (Socket socket : sockets) {
            if (socket.bound.isDone() && !socket.bound.isCompletedExceptionally()) {
                servers.add(socket.bound.join());
            }
        }
        sockets.clear();
        servers.forEach(server -> server.close().syncUninterruptibly());
        connections.close().syncUninterruptibly();
    }
}
