package io.floatingip.internal.wire;

import io.floatingip.VrrpVersion;
import java.net.InetAddress;
import java.util.List;

/**
 * The meaning of one ADVERTISEMENT; what belongs to the packet around it (addresses, TTL, checksum style, authentication) is the codec's.
 *
 * @param version 2 or 3
 * @param virtualRouterId 1 to 255
 * @param priority 0 (the master leaves) to 255 (the owner of the address)
 * @param adverNanos the sender's advertisement interval in nanoseconds
 * @param addresses the virtual addresses, in the order of the packet
 */
public record Advert(
        VrrpVersion version, int virtualRouterId, int priority, long adverNanos, List<InetAddress> addresses) {
    public Advert {
        addresses = List.copyOf(addresses);
    }

    public Advert withPriority(int newPriority) {
        return new Advert(version, virtualRouterId, newPriority, adverNanos, addresses);
    }
}
