package io.floatingip.linux;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes netlink messages one behind the other into a buffer of native byte order: header, fixed fields, attributes, nested attributes, all
 * padded to four bytes. Allocates nothing.
 */
final class NetlinkWriter {
    static final int NLA_F_NESTED = 0x8000;

    private static final int DEPTH_MAX = 12;

    private final ByteBuffer out;
    private final int[] nests = new int[DEPTH_MAX];
    private int depth;
    private int start = -1;
    private int messages;

    NetlinkWriter(ByteBuffer out) {
        this.out = out;
    }

    /** Forgets everything written. */
    NetlinkWriter clear() {
        out.clear();
        depth = 0;
        start = -1;
        messages = 0;
        return this;
    }

    /** Ends the message before and begins one; the port is 0, the kernel. */
    NetlinkWriter message(int type, int flags, int sequence) {
        endMessage();
        start = out.position();
        messages++;
        out.putInt(0)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0);
        return this;
    }

    /** Asks for an acknowledgement of the message begun last: of a batch, its last one only, so that the first answer tells how it ended. */
    NetlinkWriter acknowledged() {
        int at = start + 6;
        out.putShort(at, (short) (out.getShort(at) | NetlinkMessage.F_ACK));
        return this;
    }

    NetlinkWriter u8(int value) {
        out.put((byte) value);
        return this;
    }

    NetlinkWriter u16(int value) {
        out.putShort((short) value);
        return this;
    }

    NetlinkWriter u32(int value) {
        out.putInt(value);
        return this;
    }

    /** In network byte order, as nfgenmsg wants its resource id. */
    NetlinkWriter be16(int value) {
        out.put((byte) (value >>> 8)).put((byte) value);
        return this;
    }

    NetlinkWriter attribute(int type, byte[] value) {
        header(type, value.length);
        out.put(value);
        return pad();
    }

    NetlinkWriter attribute(int type) {
        header(type, 0);
        return this;
    }

    NetlinkWriter attributeU8(int type, int value) {
        header(type, 1);
        out.put((byte) value);
        return pad();
    }

    NetlinkWriter attributeU16(int type, int value) {
        header(type, 2);
        out.putShort((short) value);
        return pad();
    }

    NetlinkWriter attributeU32(int type, int value) {
        header(type, 4);
        out.putInt(value);
        return this;
    }

    /** struct ifa_cacheinfo: lifetimes in seconds; its time stamps, which only the kernel sets, are 0. */
    NetlinkWriter attributeCacheInfo(int type, int preferred, int valid) {
        header(type, 16);
        out.putInt(preferred).putInt(valid).putInt(0).putInt(0);
        return this;
    }

    /** In network byte order: what netfilter wants. */
    NetlinkWriter attributeBe32(int type, int value) {
        header(type, 4);
        be16(value >>> 16);
        return be16(value);
    }

    /** In network byte order: what netfilter wants. */
    NetlinkWriter attributeBe64(int type, long value) {
        header(type, 8);
        for (int shift = 48; shift >= 0; shift -= 16) {
            be16((int) (value >>> shift));
        }
        return this;
    }

    /** Text with its terminating zero. */
    NetlinkWriter attribute(int type, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        header(type, bytes.length + 1);
        out.put(bytes).put((byte) 0);
        return pad();
    }

    /** Begins a nested attribute; the flag NLA_F_NESTED is set. */
    NetlinkWriter nest(int type) {
        nests[depth++] = out.position();
        header(type | NLA_F_NESTED, 0);
        return this;
    }

    /** Ends the innermost nested attribute. */
    NetlinkWriter unnest() {
        int at = nests[--depth];
        out.putShort(at, (short) (out.position() - at));
        return this;
    }

    /** How many messages were begun since {@link #clear()}. */
    int messages() {
        return messages;
    }

    /** How many bytes are written; the last message is complete then. */
    int end() {
        endMessage();
        return out.position();
    }

    private void endMessage() {
        if (start >= 0) {
            if (depth != 0) {
                throw new IllegalStateException(depth + " nested attributes are still open");
            }
            pad();
            out.putInt(start, out.position() - start);
            start = -1;
        }
    }

    private void header(int type, int length) {
        out.putShort((short) (4 + length)).putShort((short) type);
    }

    private NetlinkWriter pad() {
        while ((out.position() & 3) != 0) {
            out.put((byte) 0);
        }
        return this;
    }
}
