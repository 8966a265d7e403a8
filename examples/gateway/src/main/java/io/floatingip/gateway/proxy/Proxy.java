package io.floatingip.gateway.proxy;

import io.floatingip.gateway.DataPath;
import io.floatingip.gateway.balance.Balancer;
import io.floatingip.gateway.config.GatewayConfig;
import io.floatingip.gateway.config.Listener;
import io.floatingip.gateway.config.Service;
import io.floatingip.health.HealthCheck;
import io.floatingip.health.UnhealthyException;
import io.floatingip.netty.FloatingServer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reverse proxy: listeners, the event loops that carry their traffic, and the balancers of the services. A floating IP is followed by handing
 * {@link #server()} to it as a listener; that binds before the address is there, drains at a handover, and cuts what is left when the address has gone.
 */
public final class Proxy implements DataPath {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip.gateway");
    private static final int BACKLOG = 4096;
    private static final long RENEWAL_SECONDS = 2;

    private final FloatingServer server = new FloatingServer();
    private final EventLoopGroup group;
    private final Class<? extends ServerChannel> serverTransport;
    private final Map<EventExecutor, Loop> loops = new IdentityHashMap<>();
    // Changed by a reload alone; read by the event loops and the checks, which must not wait for one.
    private final Map<String, Balancer> balancers = new ConcurrentHashMap<>();
    private final Map<String, Front> fronts = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Channel>> binding = new HashMap<>();
    private final Map<String, Channel> listening = new ConcurrentHashMap<>();
    /** Held for no more than to say whether to accept: event loops take it. */
    private final Object accepting = new Object();

    private final Counters counters = new Counters();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile GatewayConfig config;
    private @Nullable ScheduledExecutorService renewal;

    private Proxy(GatewayConfig config) {
        this.config = config;
        boolean epoll = Epoll.isAvailable();
        int threads = Runtime.getRuntime().availableProcessors();
        group = new MultiThreadIoEventLoopGroup(threads, epoll ? StayingEpoll.factory() : NioIoHandler.newFactory());
        serverTransport = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        Class<? extends Channel> transport = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        for (EventExecutor loop : group) {
            loops.put(loop, new Loop((EventLoop) loop, transport));
        }
        if (!epoll) {
            log.info(
                    "no epoll transport ({}): listens at a floating address only when it is there",
                    String.valueOf(Epoll.unavailabilityCause()));
        }
    }

    /**
     * Binds all listeners and begins to check the upstreams. Blocks until that is done.
     *
     * @throws IllegalArgumentException if a certificate cannot be used
     * @throws io.netty.channel.ChannelException if an address cannot be listened at; then nothing is left behind
     */
    public static Proxy start(GatewayConfig config) {
        Proxy proxy = new Proxy(config);
        try {
            proxy.open(config);
            return proxy;
        } catch (RuntimeException e) {
            proxy.close();
            throw e;
        }
    }

    private void open(GatewayConfig from) {
        Map<String, Certificates> certificates = certificates(from);
        for (Service service : from.services()) {
            balancers.put(service.name(), new Balancer(service));
        }
        for (Listener listener : from.listeners()) {
            open(listener, settings(from, listener, certificates));
        }
        watch(certificates);
    }

    private void watch(Map<String, Certificates> certificates) {
        if (renewal == null && !certificates.isEmpty()) {
            // Files have no place on the event loops, nor on any thread that others need: a mount may hang.
            renewal = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "certificates");
                thread.setDaemon(true);
                return thread;
            });
            renewal.scheduleWithFixedDelay(
                    new CertificateWatch(fronts::values), RENEWAL_SECONDS, RENEWAL_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void open(Listener listener, Front.Settings settings) {
        Front front = new Front(listener, counters, settings);
        fronts.put(listener.name(), front);
        bind(front);
    }

    private void bind(Front front) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(serverTransport)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        accepted(connection);
                        Pipelines.client(connection, front, loop(connection));
                    }
                });
        InetSocketAddress address = front.listener.address();
        CompletableFuture<Channel> bound = server.bind(bootstrap, address);
        binding.put(front.listener.name(), bound);
        try {
            listening.put(front.listener.name(), bound.get(1, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            log.info("listener {} waits for {}", front.listener.name(), address.getAddress());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new CompletionException(e.getCause());
        }
    }

    private Loop loop(Channel connection) {
        Loop loop = loops.get(connection.eventLoop());
        if (loop == null) {
            throw new IllegalStateException("a connection on a foreign event loop");
        }
        return loop;
    }

    /** With too many connections nothing more is accepted: the rest waits in the kernel. */
    private void accepted(Channel connection) {
        if (connections.incrementAndGet() == config.limits().connectionsMax()) {
            accept(connection.parent());
        }
        connection.closeFuture().addListener(closed -> {
            if (connections.decrementAndGet() == config.limits().connectionsMax() - 1) {
                accept(connection.parent());
            }
        });
    }

    /** Not under the monitor of {@link #reload}, which waits for event loops. */
    private void accept(Channel one) {
        synchronized (accepting) {
            boolean more = connections.get() < config.limits().connectionsMax();
            one.config().setAutoRead(more);
            listening.values().forEach(socket -> socket.config().setAutoRead(more));
        }
    }

    /** What follows a floating IP: add it to the floating IP's listeners. */
    public FloatingServer server() {
        return server;
    }

    /** Where a listener listens, with the port that was chosen for port 0. */
    InetSocketAddress address(String listener) {
        Channel socket = listening.get(listener);
        if (socket == null) {
            throw new IllegalArgumentException("no listener " + listener);
        }
        return (InetSocketAddress) socket.localAddress();
    }

    @Override
    public synchronized void reload(GatewayConfig latest) {
        latest.listeners().forEach(listener -> latest.service(listener.service()));
        Map<String, Certificates> certificates = certificates(latest);
        openWhatIsNew(latest, certificates);
        watch(certificates);
        for (Service service : latest.services()) {
            balancers.get(service.name()).reload(service);
        }
        Set<String> kept = new HashSet<>();
        for (Listener listener : latest.listeners()) {
            kept.add(listener.name());
            fronts.get(listener.name()).settings(settings(latest, listener, certificates));
        }
        config = latest;
        List.copyOf(fronts.keySet()).stream()
                .filter(name -> !kept.contains(name))
                .forEach(this::unbind);
        closeBalancers(latest);
        listening.values().forEach(this::accept);
    }

    /** First of all, because it may fail; then it is undone. */
    private void openWhatIsNew(GatewayConfig latest, Map<String, Certificates> certificates) {
        for (Service service : latest.services()) {
            balancers.computeIfAbsent(service.name(), name -> new Balancer(service));
        }
        List<String> opened = new ArrayList<>();
        try {
            for (Listener listener : latest.listeners()) {
                if (!fronts.containsKey(listener.name())) {
                    opened.add(listener.name());
                    open(listener, settings(latest, listener, certificates));
                }
            }
        } catch (RuntimeException e) {
            opened.forEach(this::unbind);
            closeBalancers(config);
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Nobody connects any more; who is connected stays. */
    private void unbind(String listener) {
        fronts.remove(listener);
        listening.remove(listener);
        CompletableFuture<Channel> bound = binding.remove(listener);
        if (bound != null) {
            server.unbind(bound);
        }
    }

    /** Those of services that are not among these. */
    private void closeBalancers(GatewayConfig but) {
        balancers.values().removeIf(balancer -> {
            boolean gone =
                    but.services().stream().noneMatch(service -> service.name().equals(balancer.name()));
            if (gone) {
                balancer.close();
            }
            return gone;
        });
    }

    private static Map<String, Certificates> certificates(GatewayConfig from) {
        Map<String, Certificates> certificates = new HashMap<>();
        for (Listener listener : from.listeners()) {
            Certificates read = Certificates.read(listener);
            if (read != null) {
                certificates.put(listener.name(), read);
            }
        }
        return certificates;
    }

    private Front.Settings settings(GatewayConfig from, Listener listener, Map<String, Certificates> certificates) {
        Balancer balancer = balancers.get(listener.service());
        if (balancer == null) {
            throw new IllegalArgumentException("there is no service " + listener.service());
        }
        @Nullable Certificates tls = certificates.get(listener.name());
        return new Front.Settings(from.limits(), balancer, tls);
    }

    @Override
    public void drain(Duration time) {
        server.onDrain(time);
    }

    @Override
    public void resume() {
        server.resume();
    }

    @Override
    public boolean responsive(Duration time) throws InterruptedException {
        List<Future<?>> answers = new ArrayList<>();
        for (EventExecutor loop : loops.keySet()) {
            answers.add(loop.submit(() -> {}));
        }
        long end = System.nanoTime() + time.toNanos();
        for (Future<?> answer : answers) {
            if (!answer.await(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the gateway can do its work: its event loops answer within a time, and every service has an upstream alive or a sorry server. For the
     * checks of a floating IP.
     */
    public HealthCheck health(Duration bound) {
        return () -> {
            if (!responsive(bound)) {
                throw new UnhealthyException("an event loop did not answer within " + bound.toMillis() + " ms");
            }
            for (Balancer balancer : balancers()) {
                if (!balancer.serves()) {
                    throw new UnhealthyException("service " + balancer.name() + " has no upstream alive");
                }
            }
            return true;
        };
    }

    /** In the order of the file. */
    private List<Balancer> balancers() {
        return config.services().stream()
                .map(service -> balancers.get(service.name()))
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public Snapshot snapshot() {
        return new Snapshot(
                server.isDraining(),
                server.connections(),
                (int) counters.active.sum(),
                counters.requests.sum(),
                counters.errors.sum(),
                counters.refused.sum(),
                balancers().stream().map(Balancer::state).toList(),
                config.listeners().stream()
                        .map(listener -> fronts.get(listener.name()))
                        .filter(Objects::nonNull)
                        .map(front -> front.settings().tls())
                        .filter(Objects::nonNull)
                        .map(tls -> new CertificateState(tls.listener().name(), tls.notAfter()))
                        .toList());
    }

    @Override
    public void close() {
        if (renewal != null) {
            renewal.shutdownNow();
        }
        server.close();
        balancers.values().forEach(Balancer::close);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
