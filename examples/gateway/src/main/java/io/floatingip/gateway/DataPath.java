package io.floatingip.gateway;

import io.floatingip.gateway.config.GatewayConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What carries the clients' traffic, as the rest of the gateway sees it. All methods may be called by any thread. */
public interface DataPath extends AutoCloseable {
    /**
     * Takes over what may change while it runs: upstreams, algorithms, certificates, limits, which listeners there are. A listener of the same
     * name stays as it is bound; connections and running requests are not disturbed.
     *
     * @throws IllegalArgumentException if a certificate cannot be used, a listener's service is missing, or a new listener cannot be bound; then
     *     nothing has changed
     */
    void reload(GatewayConfig config);

    /**
     * Finishes what runs while the address still serves; called before the address is given away, blocks for the given time at the most.
     *
     * <p>First keep-alive connections are made to end ({@code Connection: close} with the next response, GOAWAY) and new connections are still
     * served. What is idle for good is closed. When only short requests are left, listeners stop to see new connections without refusing them: a
     * socket filter (SO_ATTACH_FILTER, no privilege needed) drops pure SYNs, so that a client repeats them after a second and meets the successor;
     * closing the listener would answer with a reset, and a request that has just begun when the address leaves is lost. Then what still runs ends,
     * and this returns. Connections are accepted again after {@link #resume()}.
     */
    void drain(Duration time) throws InterruptedException;

    /** Ends a drain: connections are accepted and kept alive again. Does nothing unless drained. */
    void resume();

    /** Whether every event loop answers within the given time. Blocks. */
    boolean responsive(Duration time) throws InterruptedException;

    /** What happened so far, and is going on. */
    Snapshot snapshot();

    /** Closes listeners and connections. */
    @Override
    void close();

    /**
     * At one moment; all counters since the start.
     *
     * @param connections of clients, open now
     * @param active requests (TCP: connections) running now
     * @param requests requests (TCP: connections) that came in
     * @param errors of them answered by the gateway itself with 5xx, or cut off by an upstream
     * @param refused of them answered by the gateway itself with 4xx
     */
    record Snapshot(
            boolean draining,
            int connections,
            int active,
            long requests,
            long errors,
            long refused,
            List<ServiceState> services,
            List<CertificateState> certificates) {
        public Snapshot {
            services = List.copyOf(services);
            certificates = List.copyOf(certificates);
        }
    }

    /** What a listener shows to its clients. */
    record CertificateState(String listener, Instant notAfter) {}

    /** @param sorry whether the sorry server serves now */
    record ServiceState(String name, boolean sorry, List<UpstreamState> upstreams) {
        public ServiceState {
            upstreams = List.copyOf(upstreams);
        }
    }

    /**
     * @param detail why it is not alive; empty if it is
     * @param errors requests that it did not answer
     */
    record UpstreamState(
            String name,
            String address,
            int weight,
            boolean alive,
            String detail,
            int active,
            long requests,
            long errors) {}
}
