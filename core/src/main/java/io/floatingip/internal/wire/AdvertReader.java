package io.floatingip.internal.wire;

import io.floatingip.IpFamily;
import io.floatingip.VrrpVersion;
import io.floatingip.internal.wire.Decoded.Accepted;
import io.floatingip.internal.wire.Decoded.ChecksumStyle;
import io.floatingip.internal.wire.Decoded.Rejected;
import io.floatingip.internal.wire.WireProfile.TtlBounds;
import io.floatingip.spi.Packet;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges received packets. The rules of RFC 9568 section 7.1 (RFC 3768 section 7.1) with its errata, in an order that counts a packet under
 * what is wrong with it rather than under a consequence:
 *
 * <ol>
 *   <li>whole headers, version, type, CARP, then the virtual router id: what is meant for others counts as nothing else
 *   <li>wrapped in an authentication header exactly if one is configured
 *   <li>version is the configured one
 *   <li>count is not 0, and the length fits it: where the message ends must be known before it can be summed
 *   <li>checksum over the whole message
 *   <li>not our own, sent to the group (or, unicast, not to one), from a peer, TTL 255 (or within the peer's bounds). Own packets before
 *       authentication, which would call them replays
 *   <li>authentication: type, password, authentication header, HMAC trailer
 *   <li>interval is not 0; VRRPv2: is the configured one
 *   <li>under the strict profile: first IPv6 address link-local, the list of addresses the configured one unless the owner sends
 * </ol>
 *
 * A refused packet changes nothing here; the counters of authentication move with acceptance only.
 */
final class AdvertReader {
    private static final int MULTICAST_HOP_LIMIT = 255;
    private static final int OWNER = 255;
    /** 224.0.0.18, which keepalived up to 1.3.6 put into the pseudo-header of unicast adverts. */
    private static final int VRRP_GROUP = 0xe000_0012;

    private final WireProfile profile;
    private final Credentials credentials;
    private final AddressBits group;
    private final LastAccepted last = new LastAccepted();

    AdvertReader(WireProfile profile, Credentials credentials) {
        this.profile = profile;
        this.credentials = credentials;
        group = AddressBits.of(profile.group());
    }

    Decoded read(Packet packet, InetAddress ownSource, long wallNanos) {
        Rejected fault = attribution(packet);
        if (fault == null) fault = form(packet);
        if (fault == null) fault = checksum(packet);
        if (fault == null) fault = way(packet, ownSource);
        if (fault == null) fault = authenticity(packet, wallNanos);
        if (fault == null) fault = interval(packet);
        if (fault != null) return fault;
        Advert advert = Message.read(packet.data(), Envelope.start(packet), profile.version(), profile.family());
        fault = strictness(advert);
        return fault != null ? fault : accept(packet, advert);
    }

    boolean repeatsLastAccepted(Packet packet) {
        return !credentials.counts() && last.repeatedBy(packet);
    }

    private Accepted accept(Packet packet, Advert advert) {
        if (credentials.header().isPresent()) {
            credentials.header().get().accept(packet);
        }
        if (credentials.trailer().isPresent() && Envelope.end(packet) > messageEnd(packet)) {
            credentials
                    .trailer()
                    .get()
                    .accept(packet.data(), messageEnd(packet), packet.sourceHigh(), packet.sourceLow());
        }
        last.set(packet);
        ChecksumStyle style = checksumStyle(packet);
        return new Accepted(advert, packet.source(), style == null ? ChecksumStyle.ONLY : style);
    }

    private @Nullable Rejected attribution(Packet packet) {
        int id = AdvertCodec.virtualRouterId(packet);
        if (id < 0) {
            return new Rejected(Rejection.values()[~id], "not attributable to a virtual router: " + describe(packet));
        }
        if (id != profile.virtualRouterId() || packet.family() != profile.family()) {
            return new Rejected(
                    Rejection.UNKNOWN_VRID,
                    "virtual router is " + id + " (" + packet.family() + "), this is " + profile.virtualRouterId()
                            + " (" + profile.family() + ")");
        }
        boolean wrapped = packet.protocol() == AuthenticationHeader.PROTOCOL;
        if (wrapped != credentials.header().isPresent()) {
            return new Rejected(
                    Rejection.AUTHENTICATION_HEADER_MISMATCH,
                    wrapped ? "has an authentication header, none is configured" : "has no authentication header");
        }
        int version = Message.version(packet.data(), Envelope.start(packet));
        if (version != profile.version().number()) {
            return new Rejected(
                    Rejection.VERSION_MISMATCH,
                    "version is " + version + ", must be " + profile.version().number());
        }
        return null;
    }

    private static String describe(Packet packet) {
        return packet.data().remaining() + " bytes, protocol " + packet.protocol();
    }

    private @Nullable Rejected form(Packet packet) {
        int count = Message.count(packet.data(), Envelope.start(packet));
        if (count == 0) {
            return new Rejected(Rejection.NO_ADDRESS, "count of addresses is 0, must be 1 or more");
        }
        int surplus = Envelope.end(packet) - messageEnd(packet);
        if (surplus < 0 || surplus > 0 && credentials.trailer().isEmpty()) {
            int length = Envelope.end(packet) - Envelope.start(packet);
            return new Rejected(
                    Rejection.LENGTH,
                    "message has " + length + " bytes, must have " + (length - surplus) + " for " + count + " addresses"
                            + (surplus == HmacTrailer.LENGTH ? "; the sender may sign with an HMAC" : ""));
        }
        return null;
    }

    private int messageEnd(Packet packet) {
        int start = Envelope.start(packet);
        return start + Message.length(profile.version(), profile.family(), Message.count(packet.data(), start));
    }

    private @Nullable Rejected checksum(Packet packet) {
        if (checksumStyle(packet) != null) {
            return null;
        }
        int at = Envelope.start(packet) + Message.CHECKSUM;
        int got = (packet.data().get(at) & 0xff) << 8 | packet.data().get(at + 1) & 0xff;
        return new Rejected(
                Rejection.CHECKSUM, "checksum 0x" + Integer.toHexString(got) + " is wrong under every reading");
    }

    /** The reading of the checksum under which it is right; null if there is none. */
    private @Nullable ChecksumStyle checksumStyle(Packet packet) {
        ByteBuffer data = packet.data();
        int start = Envelope.start(packet);
        int end = messageEnd(packet);
        if (profile.family() == IpFamily.IPV6) {
            int payloadEnd = Envelope.end(packet);
            long pseudoHeader = Checksum.ipv6PseudoHeader(
                    packet.sourceHigh(),
                    packet.sourceLow(),
                    packet.destinationHigh(),
                    packet.destinationLow(),
                    payloadEnd - start);
            return Checksum.verifies(pseudoHeader + Checksum.sum(data, start, payloadEnd)) ? ChecksumStyle.ONLY : null;
        }
        long sum = Checksum.sum(data, start, end);
        if (profile.version() == VrrpVersion.V2) {
            return Checksum.verifies(sum) ? ChecksumStyle.ONLY : null;
        }
        int source = (int) packet.sourceLow();
        int destination = (int) packet.destinationLow();
        if (Checksum.verifies(sum + Checksum.ipv4PseudoHeader(source, destination, end - start))) {
            return ChecksumStyle.PSEUDO_HEADER;
        }
        if (Checksum.verifies(sum)) {
            return ChecksumStyle.MESSAGE_ONLY;
        }
        return profile.unicast() && Checksum.verifies(sum + Checksum.ipv4PseudoHeader(source, VRRP_GROUP, end - start))
                ? ChecksumStyle.OLD_UNICAST
                : null;
    }

    private @Nullable Rejected way(Packet packet, InetAddress ownSource) {
        if (AddressBits.of(ownSource).are(packet.sourceHigh(), packet.sourceLow())) {
            return new Rejected(Rejection.OWN_PACKET, "sender is this node, " + text(ownSource));
        }
        if (profile.unicast() ? isMulticast(packet) : !group.are(packet.destinationHigh(), packet.destinationLow())) {
            return new Rejected(
                    Rejection.DESTINATION,
                    "destination is " + text(packet.destination()) + ", must be "
                            + (profile.unicast() ? "unicast" : text(profile.group())));
        }
        if (!profile.unicast()) {
            return packet.hopLimit() == MULTICAST_HOP_LIMIT
                    ? null
                    : new Rejected(
                            Rejection.HOP_LIMIT, "TTL is " + packet.hopLimit() + ", must be " + MULTICAST_HOP_LIMIT);
        }
        InetAddress sender = packet.source();
        TtlBounds bounds = profile.peers().get(sender);
        if (bounds == null) {
            return new Rejected(Rejection.UNKNOWN_PEER, "sender " + text(sender) + " is not one of the peers");
        }
        if (packet.hopLimit() < bounds.min() || packet.hopLimit() > bounds.max()) {
            return new Rejected(
                    Rejection.HOP_LIMIT,
                    "TTL from " + text(sender) + " is " + packet.hopLimit() + ", must be " + bounds.min() + " to "
                            + bounds.max());
        }
        return null;
    }

    private static boolean isMulticast(Packet packet) {
        return packet.family() == IpFamily.IPV4
                ? packet.destinationLow() >>> 28 == 0xe
                : packet.destinationHigh() >>> 56 == 0xff;
    }

    private @Nullable Rejected authenticity(Packet packet, long wallNanos) {
        ByteBuffer data = packet.data();
        int start = Envelope.start(packet);
        int end = messageEnd(packet);
        if (profile.version() == VrrpVersion.V2) {
            int type = Message.authenticationType(data, start);
            if (type != credentials.type()) {
                return new Rejected(
                        Rejection.AUTHENTICATION_TYPE,
                        "authentication type is " + type + ", must be " + credentials.type());
            }
            if (credentials.requiresData()) {
                byte[] got = new byte[Message.AUTHENTICATION_DATA];
                data.get(end - got.length, got);
                // Compares in a time that does not depend on the content.
                if (!MessageDigest.isEqual(got, credentials.data())) {
                    return new Rejected(Rejection.PASSWORD, "the password is not the configured one");
                }
            }
        }
        if (credentials.header().isPresent()) {
            return credentials.header().get().refusal(packet);
        }
        if (credentials.trailer().isPresent()) {
            return credentials
                    .trailer()
                    .get()
                    .refusal(
                            data, start, end, Envelope.end(packet), packet.sourceHigh(), packet.sourceLow(), wallNanos);
        }
        return null;
    }

    private @Nullable Rejected interval(Packet packet) {
        long nanos = Message.adverNanos(packet.data(), Envelope.start(packet), profile.version());
        if (nanos == 0) {
            return new Rejected(Rejection.ZERO_INTERVAL, "advertisement interval is 0");
        }
        // Version 3 adopts what it hears; version 2 has no way to (RFC 3768 section 7.1).
        if (profile.version() == VrrpVersion.V2 && nanos != profile.adverNanos()) {
            return new Rejected(
                    Rejection.INTERVAL_MISMATCH,
                    "advertisement interval is " + nanos / 1_000_000_000L + " s, must be "
                            + profile.adverNanos() / 1_000_000_000L + " s");
        }
        return null;
    }

    private @Nullable Rejected strictness(Advert advert) {
        if (!profile.strict()) {
            return null;
        }
        InetAddress first = advert.addresses().get(0);
        if (profile.family() == IpFamily.IPV6 && !first.isLinkLocalAddress()) {
            return new Rejected(
                    Rejection.FIRST_ADDRESS_NOT_LINK_LOCAL, "first address is " + text(first) + ", must be link-local");
        }
        boolean sameList = advert.addresses().size() == profile.addresses().size()
                && new HashSet<>(advert.addresses()).equals(new HashSet<>(profile.addresses()));
        // The owner of the addresses knows best (RFC 3768 section 7.1).
        if (!sameList && advert.priority() != OWNER) {
            return new Rejected(
                    Rejection.ADDRESS_LIST_MISMATCH,
                    "addresses are " + text(advert.addresses()) + ", must be " + text(profile.addresses()));
        }
        return null;
    }

    private static String text(InetAddress address) {
        return address.getHostAddress();
    }

    private static List<String> text(List<InetAddress> addresses) {
        return addresses.stream().map(AdvertReader::text).toList();
    }
}
