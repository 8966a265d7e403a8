package io.floatingip.internal.runtime;

import io.floatingip.ChecksumMode;
import io.floatingip.FloatingIpConfig;
import io.floatingip.IpFamily;
import io.floatingip.VrrpVersion;
import io.floatingip.internal.vrrp.RouterParams;
import io.floatingip.internal.wire.Decoded;
import io.floatingip.internal.wire.Rejection;
import io.floatingip.spi.Packet;
import java.net.InetAddress;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** Notices peers that are configured differently, and says so once for each peer and matter. Used by the loop thread only. */
final class Peers {
    private static final int REMEMBERED_MAX = 256;

    private final FloatingIpConfig config;
    private final List<InetAddress> advertised;
    private final BiConsumer<String, String> warn;
    private final Set<String> said = new HashSet<>();

    /** @param warn takes a key, for saying it once, and a sentence */
    Peers(FloatingIpConfig config, IpFamily family, BiConsumer<String, String> warn) {
        this.config = config;
        this.warn = warn;
        advertised = config.addresses().stream()
                .map(a -> a.address())
                .filter(a -> IpFamily.of(a) == family)
                .toList();
    }

    void heard(Decoded.Accepted accepted, RouterParams params) {
        String peer = accepted.sender().getHostAddress();
        var advert = accepted.advert();
        if (advert.priority() == params.priority()) {
            say(
                    "priority",
                    peer,
                    peer + " has the same priority " + advert.priority()
                            + " as this node; the higher address wins, but give each node its own");
        }
        if (!Set.copyOf(advert.addresses()).equals(Set.copyOf(advertised))) {
            say(
                    "addresses",
                    peer,
                    peer + " advertises the addresses " + text(advert.addresses()) + ", this node is configured for "
                            + text(advertised)
                            + (Collections.disjoint(advert.addresses(), advertised)
                                    ? "; if that is another floating IP, one of the two needs another virtual router id than "
                                            + config.virtualRouterId()
                                    : ""));
        }
        if (config.version() == VrrpVersion.V3
                && advert.adverNanos() != params.adverNanos()
                && advert.priority() != 0) {
            say(
                    "interval",
                    peer,
                    peer + " advertises every " + advert.adverNanos() / 1_000_000 + " ms, this node every "
                            + params.adverNanos() / 1_000_000 + " ms; as backup this node follows");
        }
        if (accepted.checksumStyle() == Decoded.ChecksumStyle.MESSAGE_ONLY
                        && config.checksum() == ChecksumMode.PSEUDO_HEADER
                || accepted.checksumStyle() == Decoded.ChecksumStyle.PSEUDO_HEADER
                        && config.checksum() == ChecksumMode.MESSAGE_ONLY) {
            say(
                    "checksum",
                    peer,
                    peer + " computes the checksum as " + accepted.checksumStyle() + ", this node as "
                            + config.checksum() + "; it is accepted here, but may not accept ours");
        }
    }

    void rejected(Rejection rejection, String detail, Packet packet) {
        switch (rejection) {
            case VERSION_MISMATCH,
                    HOP_LIMIT,
                    LENGTH,
                    INTERVAL_MISMATCH,
                    AUTHENTICATION_TYPE,
                    PASSWORD,
                    AUTHENTICATION_HEADER_MISMATCH,
                    AUTHENTICATION_HEADER,
                    HMAC_MISSING,
                    HMAC_UNKNOWN_KEY,
                    HMAC_FORGED,
                    HMAC_STALE,
                    UNKNOWN_PEER,
                    DESTINATION,
                    CHECKSUM -> {
                if (said.size() < REMEMBERED_MAX) {
                    String peer = packet.source().getHostAddress();
                    say(
                            rejection.name(),
                            peer,
                            "adverts of " + peer + " are refused: " + detail
                                    + "; while this lasts both nodes can be master");
                }
            }
            default -> {
                // counted, and not a matter of configuration
            }
        }
    }

    void carp(Packet packet) {
        String peer = packet.source().getHostAddress();
        say(
                "CARP",
                peer,
                peer + " speaks CARP with the number " + config.virtualRouterId()
                        + " of this virtual router; both protocols make the same hardware address of it: give one of them another");
    }

    private void say(String matter, String peer, String sentence) {
        if (said.size() < REMEMBERED_MAX && said.add(matter + " " + peer)) {
            warn.accept(matter + " " + peer, sentence);
        }
    }

    private static String text(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).toList().toString();
    }
}
