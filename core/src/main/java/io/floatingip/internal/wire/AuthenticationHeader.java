package io.floatingip.internal.wire;

import io.floatingip.internal.wire.Decoded.Rejected;
import io.floatingip.spi.Packet;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The IPsec authentication header around VRRPv2 as keepalived makes it ({@code auth_type AH}), which is not as RFC 4302 has it: the TTL is
 * zeroed for the HMAC-MD5-96 only when the packet is unicast, and the SPI is the source address.
 *
 * <pre>
 * +---------------+---------------+-------------------------------+
 * |  Next hdr 112 |  Length 4     |           Reserved            |
 * +---------------+---------------+-------------------------------+
 * |                    SPI: the source address                    |
 * |                        Sequence number                        |
 * |            HMAC-MD5-96 over the packet, 12 bytes              |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * <p>There is one sequence for both directions: what is received raises the number that is sent next, so that a backup that takes over goes on
 * where the master stopped. A number that does not grow is refused, so a node that has restarted is refused by its peers until it has heard
 * one of them. Past 0xFFFFFFFD the count starts again at 1, and a node that has seen a number past it accepts any next one.
 */
final class AuthenticationHeader {
    static final int PROTOCOL = 51;
    static final int LENGTH = 24;
    /** The fixed fields of RFC 4302, without any integrity value. */
    static final int LENGTH_MIN = 12;

    private static final int VRRP = 112;
    private static final int WORDS = 1;
    private static final int RESERVED = 2;
    private static final int SPI = 4;
    private static final int SEQUENCE = 8;
    private static final int INTEGRITY = 12;
    private static final int INTEGRITY_LENGTH = 12;
    private static final byte WORDS_MINUS_2 = LENGTH / 4 - 2;
    private static final int KEY_LENGTH = 8;
    private static final int SEQUENCE_MAX = 0xffff_fffd;

    private final KeyedHash hash;
    private final boolean unicast;
    private int sequence;
    private byte[] scratch = new byte[0];

    AuthenticationHeader(byte[] secret, boolean unicast) {
        hash = KeyedHash.md5(Arrays.copyOf(secret, KEY_LENGTH));
        this.unicast = unicast;
    }

    /** Counts on from where a predecessor stopped. */
    void follow(AuthenticationHeader predecessor) {
        sequence = predecessor.sequence;
    }

    /** Writes what never changes behind the IP header. */
    void write(ByteBuffer packet, int source) {
        packet.put(Ipv4Header.LENGTH, (byte) VRRP);
        packet.put(Ipv4Header.LENGTH + WORDS, WORDS_MINUS_2);
        packet.putShort(Ipv4Header.LENGTH + RESERVED, (short) 0);
        packet.putInt(Ipv4Header.LENGTH + SPI, source);
    }

    /** The next advert gets the next number; its copies to several peers keep it. */
    void count() {
        sequence = Integer.compareUnsigned(sequence, SEQUENCE_MAX) > 0 ? 1 : sequence + 1;
    }

    /** Puts number and integrity value into a packet that is otherwise complete. */
    void seal(ByteBuffer packet, int length) {
        packet.putInt(Ipv4Header.LENGTH + SEQUENCE, sequence);
        byte[] integrity = integrity(packet, 0, Ipv4Header.LENGTH, length);
        packet.put(Ipv4Header.LENGTH + INTEGRITY, integrity, 0, INTEGRITY_LENGTH);
    }

    /** Judges the header of a received packet: integrity, source, then the number. Changes nothing. */
    @Nullable
    Rejected refusal(Packet packet) {
        ByteBuffer data = packet.data();
        int at = packet.messageOffset();
        int from = packet.headerOffset();
        int words = data.get(at + WORDS) & 0xff;
        if (words != WORDS_MINUS_2) {
            return new Rejected(
                    Rejection.AUTHENTICATION_HEADER,
                    "length field of the authentication header is " + words + ", must be " + WORDS_MINUS_2);
        }
        byte[] integrity = integrity(data, from, packet.headerLength(), Envelope.end(packet) - from);
        int difference = 0;
        for (int i = 0; i < INTEGRITY_LENGTH; i++) {
            difference |= integrity[i] ^ data.get(at + INTEGRITY + i);
        }
        if (difference != 0) {
            return new Rejected(
                    Rejection.AUTHENTICATION_HEADER, "integrity value of the authentication header is wrong");
        }
        int spi = int32(data, at + SPI);
        if (spi != (int) packet.sourceLow()) {
            return new Rejected(
                    Rejection.AUTHENTICATION_HEADER,
                    "SPI is 0x" + Integer.toHexString(spi) + ", must be the source address 0x"
                            + Long.toHexString(packet.sourceLow()));
        }
        int got = int32(data, at + SEQUENCE);
        boolean cycled = Integer.compareUnsigned(sequence, SEQUENCE_MAX) > 0;
        if (!cycled && Integer.compareUnsigned(got, sequence) <= 0) {
            return new Rejected(
                    Rejection.AUTHENTICATION_HEADER_REPLAY,
                    "sequence number is " + Integer.toUnsignedString(got) + ", must be above "
                            + Integer.toUnsignedString(sequence));
        }
        return null;
    }

    /** The packet was taken as an advert: older ones, and this one again, are not any more. */
    void accept(Packet packet) {
        sequence = int32(packet.data(), packet.messageOffset() + SEQUENCE);
    }

    private byte[] integrity(ByteBuffer data, int from, int headerLength, int length) {
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        data.get(from, scratch, 0, length);
        scratch[Ipv4Header.TYPE_OF_SERVICE] = 0;
        scratch[Ipv4Header.FRAGMENT] = 0;
        scratch[Ipv4Header.FRAGMENT + 1] = 0;
        scratch[Ipv4Header.HEADER_CHECKSUM] = 0;
        scratch[Ipv4Header.HEADER_CHECKSUM + 1] = 0;
        if (unicast) {
            scratch[Ipv4Header.TTL] = 0;
        }
        int integrityAt = headerLength + INTEGRITY;
        Arrays.fill(scratch, integrityAt, integrityAt + INTEGRITY_LENGTH, (byte) 0);
        return hash.of(scratch, length);
    }

    private static int int32(ByteBuffer data, int at) {
        return (data.get(at) & 0xff) << 24
                | (data.get(at + 1) & 0xff) << 16
                | (data.get(at + 2) & 0xff) << 8
                | data.get(at + 3) & 0xff;
    }
}
