package io.floatingip.internal.wire;

import io.floatingip.IpFamily;
import io.floatingip.spi.Packet;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the VRRP message in a packet: behind IP options and an authentication header, and without what a link may have appended to reach its
 * shortest frame. Allocates nothing.
 */
final class Envelope {
    private static final int VRRP = 112;

    private Envelope() {}

    /** Why there is no VRRP message in it; null if there is one, and only then do the other methods have an answer. */
    static @Nullable Rejection refusal(Packet packet) {
        if (packet.family() == IpFamily.IPV4 && !wholeIpv4(packet)) {
            return Rejection.TRUNCATED;
        }
        if (packet.protocol() == AuthenticationHeader.PROTOCOL) {
            int available = end(packet) - packet.messageOffset();
            if (available < AuthenticationHeader.LENGTH_MIN || available < authenticationHeaderLength(packet)) {
                return Rejection.TRUNCATED;
            }
            if ((packet.data().get(packet.messageOffset()) & 0xff) != VRRP) {
                return Rejection.NOT_VRRP;
            }
        } else if (packet.protocol() != VRRP) {
            return Rejection.NOT_VRRP;
        }
        return end(packet) - start(packet) < Message.HEADER ? Rejection.TRUNCATED : null;
    }

    /** Index of the message's first byte in {@link Packet#data()}. */
    static int start(Packet packet) {
        return packet.messageOffset()
                + (packet.protocol() == AuthenticationHeader.PROTOCOL ? authenticationHeaderLength(packet) : 0);
    }

    /** Index behind the packet's last byte. */
    static int end(Packet packet) {
        return packet.family() == IpFamily.IPV4
                ? packet.headerOffset() + totalLength(packet)
                : packet.data().limit();
    }

    private static boolean wholeIpv4(Packet packet) {
        ByteBuffer data = packet.data();
        return data.remaining() >= Ipv4Header.LENGTH
                && (data.get(packet.headerOffset()) & 0xf0) == 0x40
                && (data.get(packet.headerOffset()) & 0xf) * 4 == packet.headerLength()
                && totalLength(packet) >= packet.headerLength()
                && totalLength(packet) <= data.remaining();
    }

    private static int totalLength(Packet packet) {
        int at = packet.headerOffset() + Ipv4Header.TOTAL_LENGTH;
        return (packet.data().get(at) & 0xff) << 8 | packet.data().get(at + 1) & 0xff;
    }

    private static int authenticationHeaderLength(Packet packet) {
        // RFC 4302 section 2.2: in words of 32 bits, minus 2.
        return ((packet.data().get(packet.messageOffset() + 1) & 0xff) + 2) * 4;
    }
}
