package io.floatingip.gateway.config;

import java.time.Duration;
import java.util.Set;

/**
 * What a client or an upstream may cost. Times are longer than 0 unless said otherwise.
 *
 * @param bodyMax bytes of a request's body, 0 for no limit; a longer one is refused with 413
 * @param headerMax bytes of a request's line and headers together; longer ones are refused with 431
 * @param allowedHosts the hosts that may be asked for, in lower case, without port; {@code *.example.org} is any below that name. Empty allows
 *     all, others are refused with 403
 * @param connectionsMax client connections at once, all listeners together; further ones wait in the kernel
 * @param connectTimeout to an upstream
 * @param requestTimeout from the first byte of a request to the end of its headers, and between two parts of its body
 * @param responseTimeout between a request's end and the response's headers, and between two parts of its body; 504 if nothing was sent yet
 * @param idleTimeout of a client's connection that asks nothing, of a WebSocket and of a TCP connection where nothing moves
 * @param drain how long requests may take to finish before the address is given away on purpose and before the process ends; 0 does not wait
 */
public record Limits(
        long bodyMax,
        int headerMax,
        Set<String> allowedHosts,
        int connectionsMax,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration responseTimeout,
        Duration idleTimeout,
        Duration drain) {
    public Limits {
        allowedHosts = Set.copyOf(allowedHosts);
    }

    /** With another. */
    Limits idleTimeout(Duration value) {
        return new Limits(
                bodyMax,
                headerMax,
                allowedHosts,
                connectionsMax,
                connectTimeout,
                requestTimeout,
                responseTimeout,
                value,
                drain);
    }

    /** As the file has them when it says nothing. */
    public static final Limits DEFAULT = new Limits(
            10L << 20,
            16 << 10,
            Set.of(),
            10_000,
            Duration.ofSeconds(2),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10));
}
