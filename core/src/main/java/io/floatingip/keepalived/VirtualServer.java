package io.floatingip.keepalived;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A {@code virtual_server}: a service at a floating address, and the servers that do the work.
 *
 * @param algorithm keepalived's name of it: rr, wrr, lc, wlc, sh, mh and so on; default wlc
 * @param kind how the kernel would forward; a proxy forwards in its own way
 * @param persistence how long a client stays with its server; empty if it need not
 * @param granularity how many leading bits of the client's address make it the same client
 * @param virtualHost the default host name of HTTP checks
 * @param sorryServer serves when too few real servers are left
 * @param quorum the weight that has to be alive
 * @param hysteresis how far the weight must go beyond the quorum before the state changes
 * @param oneByOne whether each packet is balanced for itself ({@code ops})
 * @param options the algorithm's flags, by keepalived's names
 * @param failedAtFirst whether servers count as failed until their first success ({@code alpha})
 * @param notifyAtEnd whether the down scripts run when this process ends ({@code omega})
 * @param inhibitSorry whether a sorry server not in use gets weight 0 rather than being taken out
 */
public record VirtualServer(
        Service service,
        Protocol protocol,
        String algorithm,
        List<String> options,
        Forwarding kind,
        Optional<Duration> persistence,
        int granularity,
        Optional<String> virtualHost,
        Optional<Endpoint> sorryServer,
        boolean inhibitSorry,
        int quorum,
        int hysteresis,
        boolean oneByOne,
        boolean failedAtFirst,
        boolean notifyAtEnd,
        Optional<ScriptCall> quorumUp,
        Optional<ScriptCall> quorumDown,
        boolean mail,
        List<RealServer> realServers,
        Position at) {
    public VirtualServer {
        options = List.copyOf(options);
        realServers = List.copyOf(realServers);
    }

    /** What clients ask for. */
    public sealed interface Service {
        /** An address and a port; port 0 is any. */
        record At(Endpoint endpoint) implements Service {}

        /** Packets with a mark set by the firewall. */
        record Mark(long mark) implements Service {}

        /** A {@code virtual_server_group}, with its addresses and marks. */
        record Group(String name, List<Endpoint> endpoints, List<Long> marks) implements Service {
            public Group {
                endpoints = List.copyOf(endpoints);
                marks = List.copyOf(marks);
            }
        }
    }

    /**
     * An address and a port.
     *
     * @param port 0 if none was given
     */
    public record Endpoint(InetAddress address, int port) {}

    /** Layer 4. */
    public enum Protocol {
        TCP,
        UDP,
        SCTP
    }

    /** How the kernel's load balancer forwards. */
    public enum Forwarding {
        NAT,
        DR,
        TUN
    }
}
