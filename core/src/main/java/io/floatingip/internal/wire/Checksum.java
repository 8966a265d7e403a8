package io.floatingip.internal.wire;

import java.nio.ByteBuffer;

/**
 * The Internet checksum (RFC 1071) and the pseudo-headers VRRP puts before it. Sums are kept unfolded in a long, so that parts can be added
 * up in any order. Reads absolutely, whatever the order of the buffer.
 */
final class Checksum {
    private static final int VRRP = 112;

    private Checksum() {}

    /** Sum of the 16-bit words between two indexes; an odd last byte counts as the high half of a word. */
    static long sum(ByteBuffer data, int from, int to) {
        long sum = 0;
        int at = from;
        for (; at + 1 < to; at += 2) {
            sum += (data.get(at) & 0xff) << 8 | data.get(at + 1) & 0xff;
        }
        return at < to ? sum + ((data.get(at) & 0xff) << 8) : sum;
    }

    /** RFC 5798 section 5.2.8 as keepalived and FRR read it: source, destination, zero, protocol, length of the message. */
    static long ipv4PseudoHeader(int source, int destination, int length) {
        return words(source & 0xffff_ffffL) + words(destination & 0xffff_ffffL) + VRRP + length;
    }

    /** RFC 8200 section 8.1: source, destination, length of everything behind the IP header, next header. */
    static long ipv6PseudoHeader(
            long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int length) {
        return words(sourceHigh)
                + words(sourceLow)
                + words(destinationHigh)
                + words(destinationLow)
                + words(length)
                + VRRP;
    }

    /** What belongs into the checksum field if the sum was made with 0 there. */
    static int field(long sum) {
        return ~fold(sum) & 0xffff;
    }

    /** Whether the sum, made with the field as received, is that of an undamaged message. */
    static boolean verifies(long sum) {
        return fold(sum) == 0xffff;
    }

    private static int fold(long sum) {
        long folded = sum;
        while (folded > 0xffff) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) folded;
    }

    private static long words(long bits) {
        return (bits >>> 48) + (bits >>> 32 & 0xffff) + (bits >>> 16 & 0xffff) + (bits & 0xffff);
    }
}
