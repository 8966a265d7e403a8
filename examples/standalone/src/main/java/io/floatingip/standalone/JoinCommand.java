package io.floatingip.standalone;

import io.floatingip.ChecksumMode;
import io.floatingip.FenceMode;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.floatingip.VirtualAddress;
import io.floatingip.VrrpVersion;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Joins one floating IP and prints every change of role until it is told to stop. */
@Command(
        name = "join",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Joins a floating IP and runs until it is told to stop.",
            "",
            "Every change of role is printed on standard output as one line: time (UTC), name, the role before and after, why, and"
                    + " [REASON epoch N]; N counts how often this node has become master. Logs go to standard error.",
            ""
        },
        footerHeading = "%nNeeds Linux and the capabilities CAP_NET_RAW and CAP_NET_ADMIN (root has them).%n",
        footer = {
            "SIGTERM or SIGINT (Ctrl-C) is a clean leave: the others are told (priority 0) and the address is taken off the interface.",
            "",
            "Example, on two nodes with different priorities:",
            "  java -jar floatingip.jar join --interface eth0 --vrid 52 --priority 150 --address 10.99.0.66/32",
            ""
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:left cleanly after SIGTERM or SIGINT",
            "1:cannot join: privilege or interface missing, address in use, not Linux; the message says what to do",
            "2:an option is missing or its value is out of range"
        })
final class JoinCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-i", "--interface"},
            required = true,
            paramLabel = "NAME",
            description =
                    "Interface that adverts are sent and received on and that carries the addresses, for example eth0.")
    private String networkInterface;

    @Option(
            names = "--vrid",
            required = true,
            paramLabel = "1-255",
            description =
                    "Virtual router id: equal on all nodes of this floating IP, different from all others on the LAN.")
    private int virtualRouterId;

    @Option(
            names = {"-a", "--address"},
            required = true,
            paramLabel = "ADDRESS[/PREFIX]",
            description =
                    "Floating address, 10.99.0.66/32 or 2001:db8::66/128; repeat it for several. Without a prefix it is that of a host.")
    private List<String> addresses = new ArrayList<>();

    @Option(
            names = "--priority",
            paramLabel = "1-255",
            defaultValue = "100",
            description =
                    "The highest priority alive becomes master; 255 is the owner of the address. Default: ${DEFAULT-VALUE}.")
    private int priority;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = TimeConverter.class,
            description =
                    "Time between adverts, with unit: 1s, 250ms. Version 3: 10ms to 40.95s in steps of 10ms; version 2: whole seconds."
                            + " The others take over after about three of them. Default: ${DEFAULT-VALUE}.")
    private Duration interval;

    @Option(
            names = "--version",
            paramLabel = "2|3",
            defaultValue = "3",
            description =
                    "VRRP version, equal on all nodes; 2 is IPv4 only and keepalived's own default. Default: ${DEFAULT-VALUE}.")
    private int version;

    @Option(
            names = "--no-preempt",
            description = "Leave the address with a master of lower priority as long as it lives.")
    private boolean noPreempt;

    @Option(
            names = "--checksum",
            paramLabel = "RULE",
            defaultValue = "PSEUDO_HEADER",
            description =
                    "What the checksum of version 3 over IPv4 covers when sending: ${COMPLETION-CANDIDATES}. Both are accepted."
                            + " Default: ${DEFAULT-VALUE}, as keepalived and FRR.")
    private ChecksumMode checksum;

    @Option(
            names = "--fence",
            paramLabel = "MODE",
            defaultValue = "AUTO",
            description =
                    "What takes the address away when this process is killed or frozen: ${COMPLETION-CANDIDATES}. Default:"
                            + " ${DEFAULT-VALUE}, whatever the kernel and the interval allow.")
    private FenceMode fence;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name in lines and logs. Default: interface and virtual router id, eth0-52.")
    private String name;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "WARN",
            description =
                    "What to log on standard error: ${COMPLETION-CANDIDATES}. INFO repeats the changes of role; DEBUG shows every refused"
                            + " packet. Default: ${DEFAULT-VALUE}.")
    private LogLevel logLevel;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text.")
    private boolean help;

    /** As the logging library names them. */
    enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    @Override
    public Integer call() throws InterruptedException {
        // Read by logback.xml when the first logger is made, which the library does.
        System.setProperty("floatingip.log.level", logLevel.name());
        PrintWriter out = spec.commandLine().getOut();
        CountDownLatch left = new CountDownLatch(1);
        RoleListener lines = RoleListener.onAnyChange(change -> {
            out.println(line(change));
            out.flush();
            if (change.to() == Role.RELEASED) {
                left.countDown();
            }
        });
        FloatingIp floatingIp = FloatingIp.join(config(lines));
        // The library has a hook of its own; this one waits for the last line and sets the exit status.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(floatingIp, left), "floatingip-leave"));
        left.await();
        return 0;
    }

    FloatingIpConfig config(RoleListener listener) {
        FloatingIpConfig.Builder builder = FloatingIpConfig.builder()
                .networkInterface(networkInterface)
                .virtualRouterId(virtualRouterId)
                .priority(priority)
                .version(vrrpVersion())
                .advertInterval(interval)
                .preempt(!noPreempt)
                .checksum(checksum)
                .fence(fence)
                .listener(listener);
        if (name != null) {
            builder.name(name);
        }
        for (String address : addresses) {
            builder.address(VirtualAddress.parse(address));
        }
        return builder.build();
    }

    private VrrpVersion vrrpVersion() {
        return switch (version) {
            case 2 -> VrrpVersion.V2;
            case 3 -> VrrpVersion.V3;
            default -> throw new IllegalArgumentException("version must be 2 or 3, got " + version);
        };
    }

    /** {@code 2026-11-22T16:03:12.345Z (eth0-52) BACKUP -> MASTER: no advert for 3.6 s [MASTER_SILENT epoch 1]}. */
    static String line(RoleChange change) {
        return TIME.format(change.at()) + " " + change + " [" + change.reason() + " epoch " + change.epoch() + "]";
    }

    private static void leave(FloatingIp floatingIp, CountDownLatch left) {
        floatingIp.close();
        try {
            // The line that says so is printed by the callback thread.
            left.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // A signal that was obeyed is no failure: without this the JVM would end with 143.
        Runtime.getRuntime().halt(0);
    }
}
