package io.floatingip.internal.wire;

import io.floatingip.Authentication;
import io.floatingip.ChecksumMode;
import io.floatingip.IpFamily;
import io.floatingip.VrrpVersion;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/**
 * What one virtual router sends and accepts.
 *
 * @param version 2 or 3
 * @param family IPv4 or IPv6
 * @param virtualRouterId 1 to 255
 * @param adverNanos own interval: VRRPv2 refuses adverts with another
 * @param checksum how own VRRPv3 adverts over IPv4 are summed; both are accepted
 * @param authentication none, password, authentication header or HMAC
 * @param group the multicast group, or the own address for unicast
 * @param hopLimit of own adverts, 255 but for unicast by choice
 * @param peers unicast: who may send, with bounds for the TTL; empty for multicast
 * @param addresses own list, in order
 * @param strict whether a different address list, and an IPv6 list that does not begin with a link-local address, are refused
 */
public record WireProfile(
        VrrpVersion version,
        IpFamily family,
        int virtualRouterId,
        long adverNanos,
        ChecksumMode checksum,
        Authentication authentication,
        InetAddress group,
        int hopLimit,
        Map<InetAddress, TtlBounds> peers,
        List<InetAddress> addresses,
        boolean strict) {
    public WireProfile {
        peers = Map.copyOf(peers);
        addresses = List.copyOf(addresses);
    }

    public boolean unicast() {
        return !group.isMulticastAddress();
    }

    /** Inclusive bounds for a peer's TTL or hop limit, 0 to 255. */
    public record TtlBounds(int min, int max) {
        public static final TtlBounds ANY = new TtlBounds(0, 255);
    }
}
