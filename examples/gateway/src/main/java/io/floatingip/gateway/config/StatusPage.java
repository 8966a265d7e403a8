package io.floatingip.gateway.config;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A page that shows what goes on.
 *
 * @param address loopback unless the file says otherwise
 * @param token what somebody must know to hand the floating IP over; empty: nobody can
 */
public record StatusPage(InetSocketAddress address, Optional<String> token) {
    /** Without the token. */
    @Override
    public String toString() {
        return "StatusPage[address=" + address + ", token=" + (token.isPresent() ? "set" : "none") + "]";
    }
}
