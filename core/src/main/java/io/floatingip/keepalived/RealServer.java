package io.floatingip.keepalived;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A {@code real_server}.
 *
 * @param endpoint port 0: the virtual server's
 * @param weight its share of the load, 0 to 65535
 * @param inhibit whether a failed server gets weight 0 rather than being taken out, so that its clients can finish
 * @param connectionsMax more are sent elsewhere
 * @param connectionsMin when it has come down to these it is used again
 */
public record RealServer(
        VirtualServer.Endpoint endpoint,
        int weight,
        VirtualServer.Forwarding kind,
        boolean inhibit,
        Optional<String> virtualHost,
        OptionalInt connectionsMax,
        OptionalInt connectionsMin,
        Optional<ScriptCall> up,
        Optional<ScriptCall> down,
        boolean mail,
        List<ServerCheck> checks,
        Position at) {
    public RealServer {
        checks = List.copyOf(checks);
    }
}
