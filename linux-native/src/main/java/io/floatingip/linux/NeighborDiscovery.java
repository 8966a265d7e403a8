package io.floatingip.linux;

import java.net.Inet6Address;
import java.nio.ByteBuffer;

/**
 * Ethernet frames with neighbour advertisements and solicitations (RFC 4861 sections 4.3 and 4.4):
 *
 * <pre>
 *  0 Ethernet (14)
 * 14 version, class, flow (4) | length (2) | next header 58 | hop limit 255 | source (16) | destination (16)
 * 54 type | code | checksum (2) | flags (4) | target (16) | option 2: target link-layer address (8)
 * </pre>
 */
final class NeighborDiscovery {
    static final int ADVERTISEMENT_BYTES = 86;
    static final int SOLICITATION_BYTES = 78;

    static final int NEIGHBOR_ADVERTISEMENT = 136;
    private static final int NEIGHBOR_SOLICITATION = 135;
    private static final int HOP_LIMIT = 255;
    private static final int ROUTER = 0x80;
    private static final int OVERRIDE = 0x20;
    private static final int OPTION_TARGET_LINK_LAYER = 2;

    private static final int IP = EthernetHeader.BYTES;
    private static final int SOURCE = IP + 8;
    private static final int DESTINATION = IP + 24;
    private static final int MESSAGE = IP + 40;
    private static final int TARGET = MESSAGE + 8;
    private static final int OPTIONS = MESSAGE + 24;

    private static final byte[] UNSPECIFIED = new byte[16];
    private static final byte[] ALL_NODES = {(byte) 0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    private static final byte[] SOLICITED_NODE = {(byte) 0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte) 0xff, 0, 0, 0
    };

    private NeighborDiscovery() {}

    /**
     * RFC 4861 section 7.2.6: an unsolicited advertisement to all nodes, from the address itself, that overrides what they know.
     *
     * @param router whether this machine forwards packets
     */
    static void announcement(ByteBuffer out, byte[] hardware, Inet6Address address, boolean router) {
        byte[] target = address.getAddress();
        begin(out, hardware, target, ALL_NODES, ADVERTISEMENT_BYTES);
        message(out, NEIGHBOR_ADVERTISEMENT, OVERRIDE | (router ? ROUTER : 0), target);
        out.put(OPTIONS, (byte) OPTION_TARGET_LINK_LAYER);
        out.put(OPTIONS + 1, (byte) 1);
        out.put(OPTIONS + 2, hardware);
        SockAddr.putNetworkShort(out, MESSAGE + 2, checksum(out, ADVERTISEMENT_BYTES));
    }

    /** RFC 4862 section 5.4.2: asks for the address without claiming it, source unspecified; the holder answers to all nodes. */
    static void probe(ByteBuffer out, byte[] hardware, Inet6Address address) {
        byte[] target = address.getAddress();
        byte[] group = SOLICITED_NODE.clone();
        System.arraycopy(target, 13, group, 13, 3);
        begin(out, hardware, UNSPECIFIED, group, SOLICITATION_BYTES);
        message(out, NEIGHBOR_SOLICITATION, 0, target);
        SockAddr.putNetworkShort(out, MESSAGE + 2, checksum(out, SOLICITATION_BYTES));
    }

    /** Whether a received frame is an advertisement that counts: no extension headers, not forwarded, well formed. */
    static boolean advertises(ByteBuffer frame, int length) {
        return length >= OPTIONS
                && (frame.get(IP) & 0xf0) == 0x60
                && frame.get(IP + 6) == Libc.IPPROTO_ICMPV6
                && (frame.get(IP + 7) & 0xff) == HOP_LIMIT
                && (frame.get(MESSAGE) & 0xff) == NEIGHBOR_ADVERTISEMENT
                && frame.get(MESSAGE + 1) == 0;
    }

    /** The advertised address of a received frame, first half. */
    static long targetHigh(ByteBuffer frame) {
        return bigEndian(frame, TARGET);
    }

    static long targetLow(ByteBuffer frame) {
        return bigEndian(frame, TARGET + 8);
    }

    /** The hardware address a received frame names, or that of its sender if it names none. */
    static long claimant(ByteBuffer frame, int length) {
        for (int at = OPTIONS; at + 8 <= length; at += 8 * (frame.get(at + 1) & 0xff)) {
            if (frame.get(at) == OPTION_TARGET_LINK_LAYER) {
                return EthernetHeader.hardwareAddress(frame, at + 2);
            }
            if (frame.get(at + 1) == 0) {
                break;
            }
        }
        return EthernetHeader.hardwareAddress(frame, 6);
    }

    private static void begin(ByteBuffer out, byte[] hardware, byte[] source, byte[] destination, int length) {
        // RFC 2464 section 7: 33-33 and the last four bytes of the group.
        long group = 0x3333L << 32
                | (destination[12] & 0xffL) << 24
                | (destination[13] & 0xffL) << 16
                | (destination[14] & 0xffL) << 8
                | destination[15] & 0xffL;
        EthernetHeader.write(out, group, hardware, Libc.ETH_P_IPV6);
        out.put(IP, (byte) 0x60);
        out.put(IP + 1, (byte) 0);
        SockAddr.putNetworkShort(out, IP + 2, 0);
        SockAddr.putNetworkShort(out, IP + 4, length - MESSAGE);
        out.put(IP + 6, (byte) Libc.IPPROTO_ICMPV6);
        out.put(IP + 7, (byte) HOP_LIMIT);
        out.put(SOURCE, source);
        out.put(DESTINATION, destination);
    }

    private static void message(ByteBuffer out, int type, int flags, byte[] target) {
        out.put(MESSAGE, (byte) type);
        out.put(MESSAGE + 1, (byte) 0);
        SockAddr.putNetworkShort(out, MESSAGE + 2, 0);
        out.put(MESSAGE + 4, (byte) flags);
        out.put(MESSAGE + 5, (byte) 0);
        SockAddr.putNetworkShort(out, MESSAGE + 6, 0);
        out.put(TARGET, target);
    }

    /** RFC 8200 section 8.1: over the addresses, the length, the next header and the message, whose checksum field is 0 here. */
    private static int checksum(ByteBuffer frame, int length) {
        int sum = length - MESSAGE + Libc.IPPROTO_ICMPV6;
        for (int at = SOURCE; at < length; at += 2) {
            sum += (frame.get(at) & 0xff) << 8 | frame.get(at + 1) & 0xff;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }

    private static long bigEndian(ByteBuffer in, int at) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | in.get(at + i) & 0xff;
        }
        return value;
    }
}
