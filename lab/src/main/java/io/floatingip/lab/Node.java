package io.floatingip.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JVM in a host that has joined a floating IP: the standalone jar, started as its users start it. */
public final class Node implements AutoCloseable {
    private static final Pattern ROLE_LINE = Pattern.compile(
            "^\\S+Z \\((?<name>.*?)\\) (?:(?<from>[A-Z]+) -> )?(?<to>[A-Z]+): (?<why>.*) \\[(?<reason>\\S+) epoch (?<epoch>\\d+)]$");

    private final Running process;

    private Node(Running process) {
        this.process = process;
    }

    /**
     * One line of its standard output.
     *
     * @param atNanos when it was read, in {@link System#nanoTime()}
     * @param from empty when a node tells the role it starts with
     */
    public record RoleLine(long atNanos, Optional<String> from, String to, String why, String reason, long epoch) {
        static Optional<RoleLine> parse(Running.Line line) {
            Matcher matcher = ROLE_LINE.matcher(line.text());
            if (line.error() || !matcher.matches()) {
                return Optional.empty();
            }
            return Optional.of(new RoleLine(
                    line.atNanos(),
                    Optional.ofNullable(matcher.group("from")),
                    matcher.group("to"),
                    matcher.group("why"),
                    matcher.group("reason"),
                    Long.parseLong(matcher.group("epoch"))));
        }
    }

    /** Starts a node with these options of {@code join}. */
    public static Node join(Host host, String... options) {
        return new Node(host.start("node", command(List.of(), options)));
    }

    /** Starts a node that runs a file in keepalived's format, with these further options of {@code run}. */
    public static Node run(Host host, Path file, String... options) {
        List<String> command = new ArrayList<>(jvm());
        command.addAll(List.of("run", file.toString()));
        command.addAll(Arrays.asList(options));
        return new Node(host.start("node", command));
    }

    /** Starts a node and hands over every change of role as it is printed. */
    public static Node join(Host host, Consumer<RoleLine> onChange, String... options) {
        return new Node(host.start(
                "node",
                command(List.of(), options),
                line -> RoleLine.parse(line).ifPresent(onChange)));
    }

    /** The command that starts a node, behind a prefix such as {@code setpriv ...}; on {@code eth0} unless the options say otherwise. */
    public static List<String> command(List<String> prefix, String... options) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(jvm());
        command.add("join");
        command.addAll(Arrays.asList(options));
        if (!command.contains("--interface")) {
            command.addAll(List.of("--interface", "eth0"));
        }
        return command;
    }

    /** Starts a gateway with this file, and hands over every change of role as it is printed. */
    public static Node gateway(Host host, Path file, Consumer<RoleLine> onChange, String... options) {
        List<String> command = new ArrayList<>(jvm("-Xmx256m", "gateway.jar", "examples/gateway/target/gateway.jar"));
        command.add(file.toString());
        command.addAll(Arrays.asList(options));
        return new Node(
                host.start("gateway", command, line -> RoleLine.parse(line).ifPresent(onChange)));
    }

    private static List<String> jvm() {
        return jvm("-Xmx64m", "floatingip.jar", "examples/standalone/target/floatingip.jar");
    }

    private static List<String> jvm(String memory, String property, String otherwise) {
        return List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xshare:auto",
                memory,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                System.getProperty(property, otherwise));
    }

    public Running process() {
        return process;
    }

    /** The changes of role so far. */
    public List<RoleLine> changes() {
        return process.lines().stream()
                .flatMap(line -> RoleLine.parse(line).stream())
                .toList();
    }

    /** Waits until it says that it has the role, now or at any time before. */
    public Node awaitRole(String role, Duration atMost) {
        process.awaitLine("(\\) | -> )" + role + ": ", atMost);
        return this;
    }

    @Override
    public void close() {
        process.close();
    }
}
