package io.floatingip.linux;

import java.nio.ByteBuffer;

/**
 * struct msghdr of 64-bit machines, with one iovec:
 *
 * <pre>
 *  0 name | 8 name length (u32) | 16 iovec | 24 number of them | 32 control | 40 control length | 48 flags
 * </pre>
 */
final class MessageHeader {
    static final int BYTES = 56;

    private MessageHeader() {}

    static void write(ByteBuffer out, int at, long name, long iovec, long control) {
        out.putLong(at, name);
        out.putLong(at + 8, 0);
        out.putLong(at + 16, iovec);
        out.putLong(at + 24, 1);
        out.putLong(at + 32, control);
        out.putLong(at + 40, 0);
        out.putLong(at + 48, 0);
    }

    /** Has to be repeated before each receive: the kernel overwrites them. */
    static void lengths(ByteBuffer out, int at, int name, int control) {
        out.putInt(at + 8, name);
        out.putLong(at + 40, control);
        out.putInt(at + 48, 0);
    }

    static long controlLength(ByteBuffer in, int at) {
        return in.getLong(at + 40);
    }
}
