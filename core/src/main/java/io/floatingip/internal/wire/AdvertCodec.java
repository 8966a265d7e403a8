package io.floatingip.internal.wire;

import io.floatingip.spi.Packet;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to {@link Advert} and back for one virtual router: VRRPv2 and v3, IPv4 and IPv6, every receive rule of RFC 9568 section 7.1 (RFC 3768
 * section 7.1 for version 2), authentication included. Holds the sequence numbers of authentication, the id of IPv4 packets, the last packet
 * written and the last one accepted, so that what repeats is cheap. For one thread at a time.
 */
public final class AdvertCodec {
    /** Enough for 255 IPv6 addresses, an IPv4 header, an authentication header and an HMAC trailer. */
    public static final int PACKET_BYTES_MAX = 20 + 24 + 8 + 255 * 16 + 8 + 28;

    private final AdvertWriter writer;
    private final AdvertReader reader;

    private final Credentials credentials;

    public AdvertCodec(WireProfile profile) {
        this(profile, null);
    }

    /**
     * A codec for a changed profile, to be used instead of the other. As long as the kind of authentication stays, whatever its keys, sequence
     * numbers go on: peers would refuse adverts that begin to count anew.
     */
    public AdvertCodec(WireProfile profile, @Nullable AdvertCodec predecessor) {
        credentials = Credentials.of(profile);
        if (predecessor != null) {
            credentials.follow(predecessor.credentials);
        }
        writer = new AdvertWriter(profile, credentials);
        reader = new AdvertReader(profile, credentials);
    }

    /**
     * The virtual router id a packet is for, or the negated ordinal minus 1 of the {@link Rejection} that says why it is for none: {@code
     * TRUNCATED}, {@code NOT_VRRP}, {@code UNKNOWN_VERSION}, {@code UNKNOWN_TYPE}, {@code CARP}. Looks behind an authentication header.
     * Allocates nothing.
     */
    public static int virtualRouterId(Packet packet) {
        Rejection refusal = Envelope.refusal(packet);
        if (refusal != null) {
            return ~refusal.ordinal();
        }
        ByteBuffer data = packet.data();
        int start = Envelope.start(packet);
        int version = Message.version(data, start);
        if (version != 2 && version != 3) {
            return ~Rejection.UNKNOWN_VERSION.ordinal();
        }
        if (!Message.isAdvertisement(data, start)) {
            return ~Rejection.UNKNOWN_TYPE.ordinal();
        }
        if (Message.isCarp(data, start, Envelope.end(packet) - start)) {
            return ~Rejection.CARP.ordinal();
        }
        return Message.virtualRouterId(data, start);
    }

    /** The id of the virtual host in a packet that {@link #virtualRouterId} has called CARP: the same number in the hardware address. */
    public static int carpHostId(Packet packet) {
        return Message.virtualRouterId(packet.data(), Envelope.start(packet));
    }

    /**
     * Writes the advert as it goes to the link: for IPv4 with its IP header (and authentication header), for IPv6 the message alone with
     * checksum 0; behind it the HMAC trailer, if one is signed. Clears the buffer first and leaves it ready to read. Nothing is allocated when
     * nothing but counters and, among the peers of the profile, the destination changed since the last call.
     *
     * <p>Every call is a new advert, with the next id and the next sequence number, but for copies to several peers: calls with equal advert,
     * source and {@code wallNanos}, and a destination other than the first of them had, carry the same numbers.
     *
     * @param wallNanos time since the epoch, for the HMAC trailer
     * @param out of {@link #PACKET_BYTES_MAX} bytes or what the addresses need
     * @throws IllegalArgumentException if the advert is not one of this profile's: version, virtual router id, family, more than 255
     *     addresses, an interval the version cannot express
     * @throws java.nio.BufferOverflowException if the buffer is too small
     */
    public void encode(Advert advert, InetAddress source, InetAddress destination, long wallNanos, ByteBuffer out) {
        writer.write(advert, source, destination, wallNanos, out);
    }

    /**
     * Judges a packet that {@link #virtualRouterId} attributed to this virtual router. Any other packet may be given too and is refused. The
     * checks, in this order: headers, version known, type, CARP, virtual router id; authentication header there or not; version; count,
     * length; checksum; own packet, destination, peer, TTL; authentication; interval; the list of addresses. A refused packet changes nothing.
     *
     * @param source own source address: a packet from it is our own coming back
     * @param wallNanos time since the epoch, for the HMAC trailer
     */
    public Decoded decode(Packet packet, InetAddress source, long wallNanos) {
        return reader.read(packet, source, wallNanos);
    }

    /**
     * Whether the packet is to the letter the one last accepted by {@link #decode}, from the same sender: then its meaning is the same, and
     * so is the verdict, as long as the own source address has not become the sender's. Always false with authentication that counts.
     * Allocates nothing.
     */
    public boolean repeatsLastAccepted(Packet packet) {
        return reader.repeatsLastAccepted(packet);
    }

    /**
     * Does for a message over IPv6, between the buffer's position and limit, what the kernel does when it is sent: fills in the checksum. For
     * links without a kernel.
     */
    public static void fillIpv6Checksum(ByteBuffer message, InetAddress source, InetAddress destination) {
        int at = message.position() + Message.CHECKSUM;
        message.put(at, (byte) 0).put(at + 1, (byte) 0);
        AddressBits from = AddressBits.of(source);
        AddressBits to = AddressBits.of(destination);
        int field = Checksum.field(
                Checksum.ipv6PseudoHeader(from.high(), from.low(), to.high(), to.low(), message.remaining())
                        + Checksum.sum(message, message.position(), message.limit()));
        message.put(at, (byte) (field >> 8)).put(at + 1, (byte) field);
    }
}
