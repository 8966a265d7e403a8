package io.floatingip.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Holds new connections back for a moment: the kernel drops what would begin one (SYN without ACK), and the client's kernel says it again after
 * one second, to whoever has the address then. Refusing, or closing the listening socket, would be an error to the client. Handshakes that have
 * begun still complete. Linux, 64 bit, epoll transport.
 */
final class SynHold {
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_DETACH_FILTER = 27;

    /** Classic BPF over the TCP header: code, jump if true, jump if false, operand. */
    private static final int[][] FILTER = {
        {0x30, 0, 0, 13}, // ldb [13]: the flags
        {0x54, 0, 0, 0x12}, // and #SYN|ACK
        {0x15, 0, 1, 0x02}, // jeq #SYN, next, the one after
        {0x06, 0, 0, 0}, // ret #0: dropped
        {0x06, 0, 0, 0x7fffffff}, // ret: taken whole
    };

    private SynHold() {}

    static void begin(Channel server) {
        ByteBuf code = Unpooled.directBuffer(FILTER.length * 8);
        try {
            for (int[] instruction : FILTER) {
                ByteBuffer encoded = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
                encoded.putShort((short) instruction[0]);
                encoded.put((byte) instruction[1]).put((byte) instruction[2]);
                encoded.putInt(instruction[3]);
                code.writeBytes(encoded.flip());
            }
            // struct sock_fprog: the count, and where the instructions are.
            ByteBuffer program = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
            program.putShort(0, (short) FILTER.length).putLong(8, code.memoryAddress());
            server.config()
                    .setOption(new RawUnixChannelOption("SO_ATTACH_FILTER", SOL_SOCKET, SO_ATTACH_FILTER, 16), program);
        } finally {
            code.release();
        }
    }

    static void end(Channel server) {
        server.config().setOption(new IntegerUnixChannelOption("SO_DETACH_FILTER", SOL_SOCKET, SO_DETACH_FILTER), 0);
    }
}
