package io.floatingip.gateway;

import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.floatingip.gateway.config.GatewayConfig;
import io.floatingip.gateway.config.GatewayFile;
import io.floatingip.gateway.config.StatusPage;
import io.floatingip.gateway.proxy.Proxy;
import io.floatingip.gateway.proxy.WarmUp;
import io.floatingip.gateway.status.Status;
import io.floatingip.gateway.status.StatusServer;
import io.floatingip.keepalived.KeepalivedConfig;
import io.floatingip.keepalived.Severity;
import io.netty.channel.ChannelException;
import java.io.IOException;
import java.io.PrintWriter;
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
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a gateway until it is told to stop. */
@Command(
        name = "gateway",
        sortOptions = false,
        usageHelpAutoWidth = true,
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {CheckCommand.class, CommandLine.HelpCommand.class},
        description = {
            "A reverse proxy that claims its own floating IP address, together with the gateways of other nodes.",
            "",
            "Every change of role is printed on standard output as one line: time (UTC), name, the role before and after, why, and"
                    + " [REASON epoch N]. Logs, and what is wrong with the file, go to standard error.",
            ""
        },
        footerHeading = "%nNeeds Linux and the capabilities CAP_NET_RAW and CAP_NET_ADMIN (root has them).%n",
        footer = {
            "SIGHUP reads the file again: upstreams, checks, certificates and limits change while it runs; a file with errors changes nothing."
                    + " Certificates that are replaced are taken over without it.",
            "SIGTERM or SIGINT (Ctrl-C) drains, hands the address to the next node and then ends.",
            ""
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:left cleanly after SIGTERM or SIGINT",
            "1:cannot start: privilege or interface missing, port taken, not Linux; or --strict and there are warnings",
            "2:the file has errors"
        })
final class RunCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    /** At the most: whoever starts joins that much later. */
    private static final Duration WARM_UP = Duration.ofSeconds(2);

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "YAML, or with a name that ends with .conf a file of keepalived's.")
    private Path file;

    @Option(names = "--strict", description = "Refuse a file with warnings too.")
    private boolean strict;

    @Option(
            names = "--status",
            paramLabel = "PORT",
            description = "Serve the status page at this port of 127.0.0.1, whatever the file says.")
    private Optional<Integer> statusPort = Optional.empty();

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "WARN",
            description = "What to log on standard error: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private LogLevel logLevel;

    private volatile GatewayConfig config;
    private DataPath dataPath;
    private Gateway gateway;
    private Optional<StatusServer> page = Optional.empty();
    private boolean leaving;

    @Override
    public Integer call() throws InterruptedException {
        if (file == null) {
            throw new ParameterException(spec.commandLine(), "a file is missing, for example: gateway.yaml");
        }
        logLevel.set();
        GatewayFile read = GatewayFile.read(file);
        tell(read);
        int refused = CheckCommand.status(read, strict);
        if (refused != 0) {
            return refused;
        }
        try {
            start(withStatus(read.config().orElseThrow()));
        } catch (UncheckedIOException | ChannelException | IllegalArgumentException e) {
            leave();
            throw new Main.CannotStart(String.valueOf(e.getMessage()), e);
        } catch (FloatingIpException e) {
            leave();
            throw e;
        }
        // The library's own hook runs beside this one and waits for scripts and mail that are on their way.
        Runtime.getRuntime().addShutdownHook(new Thread(this::leave, "gateway-leave"));
        Signals.on("HUP", this::reload);
        // A signal that was obeyed is no failure: without this the JVM would end with 143.
        Signals.on("TERM", () -> System.exit(0));
        Signals.on("INT", () -> System.exit(0));
        new CountDownLatch(1).await();
        return 0;
    }

    /** Listens, shows, and only then takes part. */
    private synchronized void start(GatewayConfig first) {
        config = first;
        Proxy proxy = Proxy.start(first);
        dataPath = proxy;
        Status status = new Status(hostName(), () -> config, () -> gateway.floatingIps(), dataPath);
        gateway = new Gateway(first, proxy, proxy.server(), RoleListener.onAnyChange(change -> {
            status.onChange(change);
            print(change);
        }));
        page = first.status().map(where -> StatusServer.start(where, status, gateway::handOver));
        if (!first.floatingIps().isEmpty() || !first.groups().isEmpty()) {
            WarmUp.run(WARM_UP);
        }
        gateway.join();
        page.ifPresent(server ->
                say("status page: http://" + server.address().getAddress().getHostAddress() + ":"
                        + server.address().getPort() + "/"));
    }

    private synchronized void reload() {
        if (leaving) {
            return;
        }
        GatewayFile read = GatewayFile.read(file);
        tell(read);
        if (CheckCommand.status(read, strict) != 0) {
            say("not reloaded: the file as it is now is refused; nothing has changed");
            return;
        }
        GatewayConfig next = withStatus(read.config().orElseThrow());
        restartNeeded(config, next).forEach(what -> say(what + " changes when the gateway is started again"));
        GatewayConfig now = new GatewayConfig(
                config.floatingIps(),
                config.groups(),
                sameSockets(config, next) ? next.listeners() : config.listeners(),
                next.services(),
                next.limits(),
                config.status());
        try {
            dataPath.reload(now);
        } catch (IllegalArgumentException e) {
            say("not reloaded: " + e.getMessage() + "; nothing has changed");
            return;
        }
        config = now;
        say("reloaded");
    }

    private static List<String> restartNeeded(GatewayConfig before, GatewayConfig after) {
        List<String> what = new ArrayList<>();
        if (!joins(before).equals(joins(after))) {
            what.add("floating-ip");
        }
        if (!sameSockets(before, after)) {
            what.add("listeners");
        }
        if (!before.status().equals(after.status())) {
            what.add("status");
        }
        return what;
    }

    private static String joins(GatewayConfig config) {
        List<FloatingIpConfig> all = new ArrayList<>(config.floatingIps());
        config.groups().forEach(group -> all.addAll(group.members()));
        return KeepalivedConfig.write(all);
    }

    /** Whether nothing would have to be bound, and nobody's connections would change their protocol. */
    private static boolean sameSockets(GatewayConfig before, GatewayConfig after) {
        return sockets(before).equals(sockets(after));
    }

    private static List<Object> sockets(GatewayConfig config) {
        return config.listeners().stream()
                .<Object>map(l ->
                        List.of(l.name(), l.address(), l.protocol(), l.tls().isPresent(), l.http2()))
                .toList();
    }

    private GatewayConfig withStatus(GatewayConfig read) {
        if (statusPort.isEmpty()) {
            return read;
        }
        StatusPage there = new StatusPage(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), statusPort.get()),
                read.status().flatMap(StatusPage::token));
        return new GatewayConfig(
                read.floatingIps(),
                read.groups(),
                read.listeners(),
                read.services(),
                read.limits(),
                Optional.of(there));
    }

    /** {@code 2026-11-22T16:03:12.345Z (eth0-52) BACKUP -> MASTER: no advert for 3.6 s [MASTER_SILENT epoch 1]}. */
    private void print(RoleChange change) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                TIME.format(change.at()) + " " + change + " [" + change.reason() + " epoch " + change.epoch() + "]");
        out.flush();
    }

    private void tell(GatewayFile read) {
        read.findings().stream()
                .filter(f -> f.severity() != Severity.INFO || logLevel.compareTo(LogLevel.INFO) >= 0)
                .forEach(f -> say(f.toString()));
    }

    private void say(String text) {
        spec.commandLine().getErr().println("gateway: " + text);
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
        if (gateway != null) {
            gateway.close();
        } else if (dataPath != null) {
            dataPath.close();
        }
        page.ifPresent(StatusServer::close);
    }
}
