package io.floatingip.internal.wire;

import io.floatingip.spi.Packet;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Bytes to {@link Advert} and back for one virtual router: VRRPv2 and v3, IPv4 and IPv6, every receive rule of RFC 9568 section 7.1 (RFC 3768
 * section 7.1 for version 2), authentication included. Holds the sequence numbers of authentication and the id of IPv4 packets, nothing else.
 */
public final class AdvertCodec {
    /** Enough for 255 IPv6 addresses, an IPv4 header, an authentication header and an HMAC trailer. */
    public static final int PACKET_BYTES_MAX = 20 + 24 + 8 + 255 * 16 + 8 + 28;

    public AdvertCodec(WireProfile profile) {
        throw new UnsupportedOperationException("to come");
    }

    /**
     * The virtual router id a packet is for, or the negated ordinal minus 1 of the {@link Rejection} that says why it is for none: {@code
     * TRUNCATED}, {@code UNKNOWN_VERSION}, {@code UNKNOWN_TYPE}, {@code CARP}. Looks behind an authentication header. Allocates nothing.
     */
    public static int virtualRouterId(Packet packet) {
        throw new UnsupportedOperationException("to come");
    }

    /**
     * Writes the advert as it goes to the link: for IPv4 with its IP header (and authentication header), for IPv6 the message alone with
     * checksum 0. Clears the buffer first and leaves it ready to read. Nothing is allocated when nothing but counters changed since the last
     * call with equal arguments.
     *
     * @param wallNanos time since the epoch, for the HMAC trailer
     */
    public void encode(Advert advert, InetAddress source, InetAddress destination, long wallNanos, ByteBuffer out) {
        throw new UnsupportedOperationException("to come");
    }

    /**
     * Judges a packet that {@link #virtualRouterId} attributed to this virtual router.
     *
     * @param source own source address: a packet from it is our own coming back
     * @param wallNanos time since the epoch, for the HMAC trailer
     */
    public Decoded decode(Packet packet, InetAddress source, long wallNanos) {
        throw new UnsupportedOperationException("to come");
    }

    /**
     * Whether the packet is to the letter the one last accepted by {@link #decode}, from the same sender: then its meaning is the same, and
     * so is the verdict. Always false with authentication that counts. Allocates nothing.
     */
    public boolean repeatsLastAccepted(Packet packet) {
        throw new UnsupportedOperationException("to come");
    }
}
