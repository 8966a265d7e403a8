package io.floatingip.health;

import io.floatingip.internal.health.Checks;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * The usual checks. {@link #tcp}, {@link #http} and {@link #command} need no thread while they wait, so that thousands of them are no burden. How
 * long a check may take is its {@link HealthPolicy#timeout}; called outside of a floating IP they end after 10 s.
 */
public final class HealthChecks {
    private HealthChecks() {}

    /** Whether a TCP connection can be made; it is closed at once. */
    public static HealthCheck tcp(String host, int port) {
        if (host.isBlank()) {
            throw new IllegalArgumentException("tcp needs a host");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port must be 1 to 65535, got " + port);
        }
        return Checks.tcp(host, port);
    }

    /**
     * Whether a GET for each of the URLs, {@code http} or {@code https}, one after the other, is answered with a status of 200 to 299. What else
     * is wanted of the answer is said on what this returns; for URLs with wants of their own, combine with {@link #all}.
     */
    public static HttpHealthCheck http(String url, String... more) {
        return Checks.http(concat(url, more).stream().map(URI::create).toList());
    }

    /**
     * Whether a command ends with exit code 0. It is run as it is, without a shell; its input is empty, its output is discarded. At the timeout it
     * is killed together with the processes it has started. A command that cannot be run is a failure.
     */
    public static HealthCheck command(String program, String... arguments) {
        return Checks.command(concat(program, arguments));
    }

    /** As {@link #command}, for a line that {@code /bin/sh} is to read. */
    public static HealthCheck shell(String line) {
        return Checks.command(List.of("/bin/sh", "-c", line));
    }

    /** Whether at least one process of this name runs on this machine (Linux): {@code haproxy}, or the path of a program. */
    public static HealthCheck process(String name) {
        return process(name, 1, Integer.MAX_VALUE);
    }

    /** Whether {@code min} to {@code max} processes of this name run on this machine (Linux). */
    public static HealthCheck process(String name, int min, int max) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("process needs a name");
        }
        if (min < 0 || max < min) {
            throw new IllegalArgumentException("wanted " + min + " to " + max + " processes, which cannot be");
        }
        return Checks.process(name, min, max);
    }

    /**
     * The number a file holds, for its effect's weight to multiply; without a weight, 0 is healthy. A file that does not exist, or holds no
     * number, is 0. Another program, or a person, moves the address by writing to the file.
     */
    public static HealthCheck file(Path file) {
        return Checks.file(Objects.requireNonNull(file, "file"));
    }

    /** A number, as {@link #file} has it. */
    public static HealthCheck number(IntSupplier supplier) {
        return Checks.number(Objects.requireNonNull(supplier, "supplier"));
    }

    /** Whether a network interface of this machine exists, is up and has a carrier. */
    public static HealthCheck networkInterface(String name) {
        return Checks.networkInterface(Objects.requireNonNull(name, "name"));
    }

    /** Whether a supplier says so. */
    public static HealthCheck that(BooleanSupplier supplier) {
        Objects.requireNonNull(supplier, "supplier");
        return supplier::getAsBoolean;
    }

    /** Whether all of these are healthy, asked one after the other; the time limit is one for all. */
    public static HealthCheck all(HealthCheck... checks) {
        return Checks.all(Arrays.asList(checks));
    }

    private static List<String> concat(String first, String... more) {
        String[] all = new String[more.length + 1];
        all[0] = first;
        System.arraycopy(more, 0, all, 1, more.length);
        return List.of(all);
    }
}
