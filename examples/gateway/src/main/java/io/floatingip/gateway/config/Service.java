package io.floatingip.gateway.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Servers that do the same, and how they share the work.
 *
 * @param name unique among the services
 * @param persistence how a client stays with its upstream; empty if it need not
 * @param quorum the total weight that has to be alive for the upstreams to be used rather than the sorry server, at least 1
 * @param sorryServer serves when the quorum is lost; never checked
 */
public record Service(
        String name,
        Algorithm algorithm,
        Optional<Persistence> persistence,
        int quorum,
        List<Upstream> upstreams,
        Optional<InetSocketAddress> sorryServer) {
    public Service {
        upstreams = List.copyOf(upstreams);
    }

    /** keepalived's scheduling algorithms, by their short names. */
    public enum Algorithm {
        /** Round robin. */
        RR,
        /** Weighted round robin. */
        WRR,
        /** Least connections. */
        LC,
        /** Weighted least connections. */
        WLC,
        /** Source hashing. */
        SH,
        /** Destination hashing: of the address, and for HTTP the host, that was asked for. */
        DH,
        /** Locality-based least connections: the destination's upstream as long as it is not overloaded. */
        LBLC
    }

    /**
     * A client keeps its upstream.
     *
     * @param timeout for this long after its last connection or request, longer than 0
     * @param prefixIpv4 how many leading bits of an IPv4 address make it the same client, 1 to 32
     * @param prefixIpv6 the same of an IPv6 address, 1 to 128
     */
    public record Persistence(Duration timeout, int prefixIpv4, int prefixIpv6) {}

    /**
     * One server.
     *
     * @param name unique in its service; {@code address:port} unless the file has another
     * @param address a literal address and a port
     * @param weight its share, 0 to 65535; 0 gets nothing new, but clients that persist keep it
     * @param connectionsMax with this many requests (TCP: connections) at once it gets no more; 0 for no limit
     * @param checks all have to succeed; an upstream without any counts as alive
     */
    public record Upstream(String name, InetSocketAddress address, int weight, int connectionsMax, List<Check> checks) {
        public Upstream {
            checks = List.copyOf(checks);
        }
    }
}
