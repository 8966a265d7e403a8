package io.floatingip;

import java.net.InetAddress;
import java.util.Objects;

/**
 * Another node that adverts are exchanged with one to one, where the network has no multicast.
 *
 * @param address of the peer, as it sends from
 * @param minTtl lowest TTL or hop limit accepted from it, 0 to 255; 255 proves that it is on this LAN
 * @param maxTtl highest one
 */
public record UnicastPeer(InetAddress address, int minTtl, int maxTtl) {
    public UnicastPeer {
        Objects.requireNonNull(address, "address");
        if (address.isMulticastAddress() || address.isAnyLocalAddress()) {
            throw new IllegalArgumentException(
                    "a unicast peer needs an address of its own, got " + address.getHostAddress());
        }
        if (minTtl < 0 || maxTtl > 255 || minTtl > maxTtl) {
            throw new IllegalArgumentException(
                    "TTL bounds must be 0 <= min <= max <= 255, got " + minTtl + " to " + maxTtl);
        }
    }

    /** A peer at any distance. */
    public static UnicastPeer of(InetAddress address) {
        return new UnicastPeer(address, 0, 255);
    }

    /** A peer at any distance; the address as text, never a host name. */
    public static UnicastPeer of(String address) {
        if (address.contains("/")) {
            throw new IllegalArgumentException(
                    "a unicast peer is an address without a prefix length, got \"" + address + "\"");
        }
        return of(VirtualAddress.parse(address).address());
    }
}
