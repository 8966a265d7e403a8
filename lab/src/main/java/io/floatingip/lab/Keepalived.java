package io.floatingip.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A keepalived instance to be started in a host.
 *
 * @param version 2 or 3
 * @param advertInterval in seconds as keepalived wants it, {@code 1} or {@code 0.1}
 * @param addresses with prefix length; one family only
 * @param extra more lines for the {@code vrrp_instance}
 */
public record Keepalived(
        int vrid, int version, int priority, String advertInterval, List<String> addresses, List<String> extra) {
    /** Starts it in the foreground; SIGTERM ends it and takes its addresses away. */
    public Running start(Lan lan, Host host) {
        Path file = lan.directory().resolve("keepalived-" + host.name());
        try {
            Files.writeString(Path.of(file + ".conf"), config(host));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ".conf", e);
        }
        return run(host, Path.of(file + ".conf"), host.name());
    }

    /**
     * Starts it in the foreground on a file.
     *
     * @param configId whose lines that begin with {@code @} count
     */
    public static Running run(Host host, Path file, String configId) {
        return host.start(
                "keepalived",
                List.of(
                        "keepalived",
                        "-n",
                        "-l",
                        "-D",
                        "-P",
                        "-i",
                        configId,
                        "-f",
                        file.toString(),
                        "-p",
                        file + "." + host.name() + ".pid",
                        "-r",
                        file + "." + host.name() + ".vrrp.pid"));
    }

    private String config(Host host) {
        return """
                global_defs {
                    router_id %s
                }
                vrrp_instance lab {
                    state BACKUP
                    interface eth0
                    virtual_router_id %d
                    version %d
                    priority %d
                    advert_int %s
                    %s
                    virtual_ipaddress {
                        %s
                    }
                }
                """.formatted(
                host.name(),
                vrid,
                version,
                priority,
                advertInterval,
                String.join("\n    ", extra),
                addresses.stream().map(address -> address + " dev eth0").collect(Collectors.joining("\n        ")));
    }
}
