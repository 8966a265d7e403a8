package io.floatingip.linux;

import java.net.Inet4Address;
import java.nio.ByteBuffer;

/**
 * An Ethernet frame with an ARP packet for IPv4 (RFC 826):
 *
 * <pre>
 *  0 destination (6) | source (6) | 0x0806
 * 14 hardware 1 | protocol 0x0800 | 6 | 4 | operation
 * 22 sender hardware (6) | sender protocol (4) | target hardware (6) | target protocol (4)
 * </pre>
 */
final class ArpFrame {
    static final int BYTES = 42;

    private static final int ETHERNET = 1;
    private static final int REQUEST = 1;
    private static final int REPLY = 2;
    private static final int OPERATION = 20;
    private static final int SENDER_HARDWARE = 22;
    private static final int SENDER_PROTOCOL = 28;

    private ArpFrame() {}

    /**
     * A gratuitous request (RFC 5227 section 3, an ARP announcement): everyone who knows the address learns where it is now. The target's
     * hardware address, which nobody evaluates in a request, is all ones as keepalived sends it.
     */
    static void announcement(ByteBuffer out, byte[] hardware, Inet4Address address) {
        request(out, hardware, address.getAddress(), true, address.getAddress());
    }

    /** RFC 5227 section 2.1.1: asks for the address without claiming it, sender address 0. */
    static void probe(ByteBuffer out, byte[] hardware, Inet4Address address) {
        request(out, hardware, new byte[4], false, address.getAddress());
    }

    private static void request(ByteBuffer out, byte[] hardware, byte[] sender, boolean targetOnes, byte[] target) {
        int at = EthernetHeader.write(out, 0xffff_ffff_ffffL, hardware, Libc.ETH_P_ARP);
        SockAddr.putNetworkShort(out, at, ETHERNET);
        SockAddr.putNetworkShort(out, at + 2, Libc.ETH_P_IP);
        out.put(at + 4, (byte) 6);
        out.put(at + 5, (byte) 4);
        SockAddr.putNetworkShort(out, at + 6, REQUEST);
        out.put(at + 8, hardware);
        out.put(at + 14, sender);
        for (int i = 0; i < 6; i++) {
            out.put(at + 18 + i, (byte) (targetOnes ? 0xff : 0));
        }
        out.put(at + 24, target);
    }

    /** The address a received frame claims for its sender, as an unsigned number; 0 if it claims none or is no ARP for IPv4 on Ethernet. */
    static long claimed(ByteBuffer frame, int length) {
        if (length < BYTES
                || unsignedShort(frame, 12) != Libc.ETH_P_ARP
                || unsignedShort(frame, 14) != ETHERNET
                || unsignedShort(frame, 16) != Libc.ETH_P_IP
                || unsignedShort(frame, 18) != (6 << 8 | 4)) {
            return 0;
        }
        int operation = unsignedShort(frame, OPERATION);
        return operation == REQUEST || operation == REPLY
                ? (long) unsignedShort(frame, SENDER_PROTOCOL) << 16 | unsignedShort(frame, SENDER_PROTOCOL + 2)
                : 0;
    }

    /** The sender's hardware address of a received frame. */
    static long claimant(ByteBuffer frame) {
        return EthernetHeader.hardwareAddress(frame, SENDER_HARDWARE);
    }

    private static int unsignedShort(ByteBuffer in, int at) {
        return (in.get(at) & 0xff) << 8 | in.get(at + 1) & 0xff;
    }
}
