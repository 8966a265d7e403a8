package io.floatingip.gateway;

import io.floatingip.FloatingIpException;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.floatingip.gateway.config.GatewayConfig;
import io.floatingip.gateway.config.GatewayFile;
import io.floatingip.gateway.config.Listener;
import io.floatingip.gateway.config.StatusPage;
import io.floatingip.gateway.proxy.Proxy;
import io.floatingip.gateway.proxy.WarmUp;
import io.floatingip.gateway.status.Status;
import io.floatingip.gateway.status.StatusServer;
import io.floatingip.keepalived.Severity;
import io.netty.channel.ChannelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Does what a file says until a signal ends it, and reads it again at SIGHUP. */
public final class Runner {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    /** At the most: whoever starts joins that much later. */
    private static final Duration WARM_UP = Duration.ofSeconds(2);

    private final Supplier<GatewayFile> file;
    private final Terminal terminal;
    private final LogLevel logLevel;
    private final boolean strict;
    private final Optional<Integer> statusPort;
    private volatile GatewayConfig config;
    private Optional<DataPath> dataPath = Optional.empty();
    private Optional<Gateway> gateway = Optional.empty();
    private Optional<StatusServer> page = Optional.empty();
    private boolean leaving;

    /**
     * Not begun.
     *
     * @param file reads the file
     * @param strict whether a file with warnings is refused
     * @param statusPort where on 127.0.0.1 the status page is, whatever the file says
     */
    public Runner(
            Supplier<GatewayFile> file,
            Terminal terminal,
            LogLevel logLevel,
            boolean strict,
            Optional<Integer> statusPort) {
        this.file = file;
        this.terminal = terminal;
        this.logLevel = logLevel;
        this.strict = strict;
        this.statusPort = statusPort;
    }

    /**
     * Does not return once it has begun: SIGTERM and SIGINT end the JVM.
     *
     * @return the exit status if the file is refused
     * @throws CannotStart if the file can be run, but not here and now
     * @throws FloatingIpException if the floating IPs cannot be joined
     */
    public int run() throws InterruptedException {
        logLevel.set();
        GatewayFile read = file.get();
        tell(read);
        int refused = read.status(strict);
        if (refused != 0) {
            return refused;
        }
        try {
            start(withStatus(read.config().orElseThrow()));
        } catch (UncheckedIOException | ChannelException | IllegalArgumentException e) {
            leave();
            throw new CannotStart(String.valueOf(e.getMessage()), e);
        } catch (FloatingIpException e) {
            leave();
            throw e;
        }
        // The library's own hook runs beside this one and waits for scripts and mail that are on their way.
        Runtime.getRuntime().addShutdownHook(new Thread(this::leave, "leaving"));
        Signals.on("HUP", this::reload);
        // A signal that was obeyed is no failure: without this the JVM would end with 143.
        Signals.on("TERM", () -> System.exit(0));
        Signals.on("INT", () -> System.exit(0));
        new CountDownLatch(1).await();
        return 0;
    }

    /** {@code 2026-11-22T16:03:12.345Z (eth0-52) BACKUP -> MASTER: no advert for 3.6 s [MASTER_SILENT epoch 1]}. */
    public static String line(RoleChange change) {
        return TIME.format(change.at()) + " " + change + " [" + change.reason() + " epoch " + change.epoch() + "]";
    }

    /** Listens, shows, and only then takes part. */
    private synchronized void start(GatewayConfig first) {
        config = first;
        List<RoleListener> told = new ArrayList<>();
        // Who only joins needs no event loops.
        if (!first.listeners().isEmpty() || first.status().isPresent()) {
            Proxy proxy = Proxy.start(first);
            dataPath = Optional.of(proxy);
            told.add(proxy.server());
        }
        told.add(RoleListener.onAnyChange(change -> terminal.print(line(change))));
        List<Status> shown = new ArrayList<>();
        told.add(RoleListener.onAnyChange(change -> shown.forEach(status -> status.onChange(change))));
        Gateway made = new Gateway(first, dataPath, told, terminal::say);
        gateway = Optional.of(made);
        first.status().ifPresent(where -> {
            Status status = new Status(hostName(), () -> config, made::floatingIps, dataPath.orElseThrow());
            shown.add(status);
            page = Optional.of(StatusServer.start(where, status, made::handOver));
        });
        if (!first.listeners().isEmpty() && !first.memberships().isEmpty()) {
            WarmUp.run(WARM_UP);
        }
        made.join();
        page.ifPresent(server -> terminal.say(
                "status page: http://" + server.address().getAddress().getHostAddress() + ":"
                        + server.address().getPort() + "/"));
    }

    private synchronized void reload() {
        if (leaving) {
            return;
        }
        GatewayFile read = file.get();
        tell(read);
        if (read.status(strict) != 0) {
            terminal.say("not reloaded: the file as it is now is refused; nothing has changed");
            return;
        }
        GatewayConfig next = withStatus(read.config().orElseThrow());
        if (!next.status().equals(config.status())) {
            restartNeeded("status");
        }
        next = next.status(config.status());
        if (dataPath.isPresent()) {
            next = next.listeners(sockets(config.listeners(), next.listeners()));
            try {
                dataPath.get().reload(next);
            } catch (IllegalArgumentException e) {
                terminal.say("not reloaded: " + e.getMessage() + "; nothing has changed");
                return;
            }
        } else if (!next.listeners().isEmpty()) {
            terminal.say("listeners are served from the next start on, because there was none at this one");
            next = next.listeners(List.of());
        }
        config = next;
        gateway.orElseThrow().change(next);
        terminal.say("reloaded");
    }

    /** Those of the next file; but what is bound already, and holds connections, stays what it is to them. */
    private List<Listener> sockets(List<Listener> before, List<Listener> after) {
        Map<String, Listener> bound = before.stream().collect(Collectors.toMap(Listener::name, Function.identity()));
        List<Listener> all = new ArrayList<>();
        for (Listener wanted : after) {
            Listener old = bound.getOrDefault(wanted.name(), wanted);
            if (socket(old).equals(socket(wanted))) {
                all.add(wanted);
            } else {
                restartNeeded("listener " + wanted.name());
                all.add(new Listener(
                        old.name(), old.address(), old.protocol(), old.tls(), old.http2(), wanted.service()));
            }
        }
        return all;
    }

    private static List<Object> socket(Listener listener) {
        return List.of(listener.address(), listener.protocol(), listener.tls().isPresent(), listener.http2());
    }

    private void restartNeeded(String what) {
        terminal.say(what + " changes at the next start");
    }

    private GatewayConfig withStatus(GatewayConfig read) {
        if (statusPort.isEmpty()) {
            return read;
        }
        return read.status(Optional.of(new StatusPage(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), statusPort.get()),
                read.status().flatMap(StatusPage::token))));
    }

    private void tell(GatewayFile read) {
        read.findings().stream()
                .filter(f -> f.severity() != Severity.INFO || logLevel.compareTo(LogLevel.INFO) >= 0)
                .forEach(f -> terminal.say(f.toString()));
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "this node";
        }
    }

    private synchronized void leave() {
        leaving = true;
        gateway.ifPresentOrElse(Gateway::close, () -> dataPath.ifPresent(DataPath::close));
        page.ifPresent(StatusServer::close);
    }
}
