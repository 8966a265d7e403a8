package io.floatingip.gateway.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where clients connect.
 *
 * @param name unique among the listeners
 * @param address a literal address and a port; a floating address is bound before it is there
 * @param tls how connections are encrypted; empty for plain ones
 * @param http2 whether clients may speak HTTP/2: by ALPN with TLS, by prior knowledge or an upgrade without
 * @param service the name of the service that answers
 */
public record Listener(
        String name, InetSocketAddress address, Protocol protocol, Optional<Tls> tls, boolean http2, String service) {

    /** What is understood of the bytes. */
    public enum Protocol {
        /** Requests are balanced one by one. */
        HTTP,
        /** Connections are balanced. */
        TCP
    }

    /**
     * A certificate. Both files are PEM; they may be replaced and read again while the gateway runs.
     *
     * @param certificate the chain, the server's own certificate first
     * @param key PKCS #8, not encrypted
     */
    public record Tls(Path certificate, Path key) {}
}
