package io.floatingip.standalone;

import io.floatingip.FloatingIpException;
import io.floatingip.RoleListener;
import io.floatingip.keepalived.KeepalivedConfig;
import io.floatingip.keepalived.Severity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Joins everything a keepalived.conf describes, and follows its changes at SIGHUP. */
@Command(
        name = "run",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Joins the instances and groups of a keepalived.conf and runs until it is told to stop.",
            "",
            "Every change of role is printed on standard output, as join prints it. What of the file is not done as keepalived does it is"
                    + " printed on standard error first; a file with errors is refused. virtual_server blocks are not served.",
            ""
        },
        footerHeading = "%nNeeds Linux and the capabilities CAP_NET_RAW and CAP_NET_ADMIN (root has them).%n",
        footer = {
            "SIGHUP reads the file again: what did not change goes on undisturbed, and a file with errors changes nothing.",
            "SIGTERM or SIGINT (Ctrl-C) is a clean leave.",
            ""
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:left cleanly after SIGTERM or SIGINT",
            "1:cannot join: privilege or interface missing, address in use, not Linux; or --strict and there are warnings",
            "2:the file has errors"
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private FileOptions file;

    @Option(names = "--strict", description = "Refuse a file with warnings too.")
    private boolean strict;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "WARN",
            description = "What to log on standard error: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private LogLevel logLevel;

    @Mixin
    private Console console;

    private final Map<String, Unit> units = new LinkedHashMap<>();
    private final StaticAddresses staticAddresses = new StaticAddresses(text -> console.say(text));
    private boolean leaving;

    @Override
    public Integer call() throws InterruptedException {
        logLevel.set();
        KeepalivedConfig config = file.read();
        tell(config);
        int refused = CheckCommand.status(config.report(), strict);
        if (refused != 0) {
            return refused;
        }
        try {
            start(config);
        } catch (FloatingIpException | IllegalArgumentException e) {
            leave();
            throw e;
        }
        // The library's own hook runs beside this one and waits for scripts and mail that are on their way.
        Runtime.getRuntime().addShutdownHook(new Thread(this::leave, "floatingip-leave"));
        Signals.on("HUP", this::reload);
        // A signal that was obeyed is no failure: without this the JVM would end with 143.
        Signals.on("TERM", () -> System.exit(0));
        Signals.on("INT", () -> System.exit(0));
        CountDownLatch never = new CountDownLatch(1);
        never.await();
        return 0;
    }

    private synchronized void start(KeepalivedConfig config) {
        staticAddresses.change(config.staticAddresses());
        for (Unit.Plan plan : Unit.Plan.of(config)) {
            units.put(plan.key(), plan.join(config, lines()));
        }
    }

    private synchronized void reload() {
        if (leaving) {
            return;
        }
        KeepalivedConfig config = file.read();
        tell(config);
        if (CheckCommand.status(config.report(), strict) != 0) {
            console.say("not reloaded: the file as it is now is refused; nothing has changed");
            return;
        }
        Map<String, Unit.Plan> plans = Unit.Plan.of(config).stream()
                .collect(Collectors.toMap(Unit.Plan::key, plan -> plan, (a, b) -> a, LinkedHashMap::new));
        for (String key : List.copyOf(units.keySet())) {
            if (!plans.containsKey(key)) {
                units.remove(key).close();
            }
        }
        staticAddresses.change(config.staticAddresses());
        plans.forEach((key, plan) -> reload(config, key, plan));
        console.say("reloaded");
    }

    private void reload(KeepalivedConfig config, String key, Unit.Plan plan) {
        try {
            Unit running = units.get(key);
            Optional<String> obstacle = running == null ? Optional.empty() : running.change(config, plan);
            if (obstacle.isPresent()) {
                console.say(key + " leaves and joins again: " + obstacle.get());
                units.remove(key).close();
            }
            if (!units.containsKey(key)) {
                units.put(key, plan.join(config, lines()));
            }
        } catch (FloatingIpException | IllegalArgumentException e) {
            console.say(key + ": " + e.getMessage());
        }
    }

    private RoleListener lines() {
        return RoleListener.onAnyChange(change -> console.printLine(JoinCommand.line(change)));
    }

    private void tell(KeepalivedConfig config) {
        config.report().findings().stream()
                .filter(f -> f.severity() != Severity.INFO || logLevel.compareTo(LogLevel.INFO) >= 0)
                .forEach(f -> console.say(f.toString()));
    }

    private synchronized void leave() {
        leaving = true;
        List<Thread> threads = units.values().stream()
                .map(unit -> new Thread(unit::close, "floatingip-leave-" + unit.key()))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        staticAddresses.change(List.of());
    }
}
