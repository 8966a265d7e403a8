package io.floatingip.spi;

import java.net.InetAddress;
import java.util.List;

/**
 * What a fence has to know about its virtual router.
 *
 * @param channel how its adverts travel
 * @param virtualRouterId 1 to 255
 * @param source of its adverts
 * @param addresses the guarded addresses
 * @param leaseNanos how long after the last advert this host may answer for them
 * @param openNanos how soon after it was opened the first advert must leave: one that was stopped for longer on the way does not
 * @param packetFilter whether the packet filter may be used for it
 */
public record FenceSpec(
        Channel channel,
        int virtualRouterId,
        InetAddress source,
        List<InetAddress> addresses,
        long leaseNanos,
        long openNanos,
        boolean packetFilter) {
    public FenceSpec {
        addresses = List.copyOf(addresses);
    }
}
