package io.floatingip.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Classic BPF programs for sockets: arrays of {@code struct sock_filter}, code u16, jt u8, jf u8, k u32, in native byte order. The kernel runs
 * them before it queues a packet.
 */
final class SocketFilter {
    static final int INSTRUCTION_BYTES = 8;

    // Jumps reach 255 instructions; beyond this many addresses everything of the kind is let in and judged in Java.
    static final int ADDRESSES_MAX = 200;

    private static final int LOAD_WORD = 0x20;
    private static final int LOAD_BYTE = 0x30;
    private static final int JUMP_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int ALL = 0xffff;

    private static final int NETLINK_PORT = 12;
    private static final int ARP_SENDER_PROTOCOL = 28;
    private static final int IPV6_NEXT_HEADER = 20;
    private static final int ICMPV6_TYPE = 54;
    private static final int TARGET_LAST_WORD = 74;

    private SocketFilter() {}

    /** Lets nothing in. */
    static byte[] nothing() {
        ByteBuffer out = program(1);
        instruction(out, RETURN, 0, 0, 0);
        return out.array();
    }

    /**
     * Lets in netlink notifications but those that this port caused. What the kernel tells in one datagram has one cause, so the port in the
     * first header speaks for all of it.
     */
    static byte[] notFrom(int port) {
        ByteBuffer out = program(4);
        instruction(out, LOAD_WORD, 0, 0, NETLINK_PORT);
        // A word of a packet is loaded in network order; netlink headers are in the host's.
        int loaded = out.order() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(port) : port;
        instruction(out, JUMP_EQUAL, 1, 0, loaded);
        instruction(out, RETURN, 0, 0, -1);
        instruction(out, RETURN, 0, 0, 0);
        return out.array();
    }

    /** Lets in Ethernet frames with ARP whose sender has one of these addresses; every one with a sender, if they are too many. */
    static byte[] arpFrom(int[] addresses) {
        if (addresses.length > ADDRESSES_MAX) {
            ByteBuffer out = program(4);
            instruction(out, LOAD_WORD, 0, 0, ARP_SENDER_PROTOCOL);
            instruction(out, JUMP_EQUAL, 1, 0, 0);
            instruction(out, RETURN, 0, 0, ALL);
            instruction(out, RETURN, 0, 0, 0);
            return out.array();
        }
        ByteBuffer out = program(addresses.length + 3);
        instruction(out, LOAD_WORD, 0, 0, ARP_SENDER_PROTOCOL);
        oneOf(out, addresses);
        return out.array();
    }

    /** Lets in Ethernet frames with neighbour advertisements whose target ends in one of these words; every one, if they are too many. */
    static byte[] advertisementsOf(int[] lastWords) {
        boolean tooMany = lastWords.length > ADDRESSES_MAX;
        int reject = tooMany ? 5 : 5 + lastWords.length;
        ByteBuffer out = program(tooMany ? 6 : 7 + lastWords.length);
        instruction(out, LOAD_BYTE, 0, 0, IPV6_NEXT_HEADER);
        instruction(out, JUMP_EQUAL, 0, reject - 2, Libc.IPPROTO_ICMPV6);
        instruction(out, LOAD_BYTE, 0, 0, ICMPV6_TYPE);
        instruction(out, JUMP_EQUAL, 0, reject - 4, NeighborDiscovery.NEIGHBOR_ADVERTISEMENT);
        if (tooMany) {
            instruction(out, RETURN, 0, 0, ALL);
            instruction(out, RETURN, 0, 0, 0);
        } else {
            instruction(out, LOAD_WORD, 0, 0, TARGET_LAST_WORD);
            oneOf(out, lastWords);
        }
        return out.array();
    }

    /** Ends a program: accepts if the accumulator is one of the words. */
    private static void oneOf(ByteBuffer out, int[] words) {
        for (int i = 0; i < words.length; i++) {
            // Over the comparisons that are left and the refusal behind them.
            instruction(out, JUMP_EQUAL, words.length - i, 0, words[i]);
        }
        instruction(out, RETURN, 0, 0, 0);
        instruction(out, RETURN, 0, 0, ALL);
    }

    private static ByteBuffer program(int instructions) {
        return ByteBuffer.allocate(instructions * INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
    }

    private static void instruction(ByteBuffer out, int code, int jumpTrue, int jumpFalse, int k) {
        out.putShort((short) code).put((byte) jumpTrue).put((byte) jumpFalse).putInt(k);
    }
}
