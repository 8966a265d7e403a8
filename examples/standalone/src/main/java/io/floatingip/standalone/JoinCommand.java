package io.floatingip.standalone;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import io.floatingip.RoleListener;
import io.floatingip.gateway.LogLevel;
import io.floatingip.gateway.Runner;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
    @Mixin
    private JoinOptions options;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "WARN",
            description =
                    "What to log on standard error: ${COMPLETION-CANDIDATES}. INFO repeats the changes of role; DEBUG shows every refused"
                            + " packet. Default: ${DEFAULT-VALUE}.")
    private LogLevel logLevel;

    @Mixin
    private Console console;

    @Override
    public Integer call() throws InterruptedException {
        logLevel.set();
        CountDownLatch left = new CountDownLatch(1);
        RoleListener lines = RoleListener.onAnyChange(change -> {
            console.terminal().print(Runner.line(change));
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
        return options.builder().listener(listener).build();
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
