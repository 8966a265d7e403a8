package io.floatingip.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A view of one netlink message in a buffer, moved from message to message by {@link #next()}:
 *
 * <pre>
 *  length u32 | type u16 | flags u16 | sequence u32 | port u32 | fixed fields | attributes
 * </pre>
 */
final class NetlinkMessage {
    static final int HEADER_BYTES = 16;

    static final int ERROR = 2;
    static final int DONE = 3;

    static final int F_REQUEST = 0x1;
    static final int F_MULTI = 0x2;
    static final int F_ACK = 0x4;
    static final int F_DUMP_INTR = 0x10;
    static final int F_CAPPED = 0x100;
    static final int F_ACK_TLVS = 0x200;
    static final int F_REPLACE = 0x100;
    static final int F_EXCL = 0x200;
    static final int F_CREATE = 0x400;
    static final int F_APPEND = 0x800;
    static final int F_DUMP = 0x300;

    private static final int EXT_ACK_MESSAGE = 1;

    private final ByteBuffer buffer;
    private int start;
    private int end;
    private int limit;

    /** A view of {@code length} bytes from the start of the buffer; it stands before the first message. */
    NetlinkMessage(ByteBuffer buffer, int length) {
        this.buffer = buffer;
        limit = length;
    }

    /** Stands before the first of {@code length} bytes again. */
    NetlinkMessage rewind(int length) {
        start = 0;
        end = 0;
        limit = length;
        return this;
    }

    /** Moves to the next message; false if there is none, or what follows is not one. */
    boolean next() {
        start = align(end);
        if (limit - start < HEADER_BYTES) {
            return false;
        }
        int length = buffer.getInt(start);
        if (length < HEADER_BYTES || length > limit - start) {
            return false;
        }
        end = start + length;
        return true;
    }

    int type() {
        return buffer.getShort(start + 4) & 0xffff;
    }

    int flags() {
        return buffer.getShort(start + 6) & 0xffff;
    }

    int sequence() {
        return buffer.getInt(start + 8);
    }

    /** Whose request caused it: 0 for the kernel itself. */
    int port() {
        return buffer.getInt(start + 12);
    }

    /** The byte at an offset behind the header; 0 behind the end. */
    int u8(int offset) {
        int at = start + HEADER_BYTES + offset;
        return at < end ? buffer.get(at) & 0xff : 0;
    }

    int u16(int offset) {
        int at = start + HEADER_BYTES + offset;
        return at + 2 <= end ? buffer.getShort(at) & 0xffff : 0;
    }

    int u32(int offset) {
        int at = start + HEADER_BYTES + offset;
        return at + 4 <= end ? buffer.getInt(at) : 0;
    }

    /** The attributes behind {@code fixed} bytes of fixed fields. */
    Attributes attributes(int fixed) {
        return new Attributes(buffer, Math.min(end, start + HEADER_BYTES + align(fixed)), end);
    }

    /** Of an {@link #ERROR} message: 0 for an acknowledgement, else the errno, positive. Of {@link #DONE}: what ended the dump. */
    int errno() {
        return -u32(0);
    }

    /** Of an {@link #ERROR} message: what the kernel says about it in words; empty if nothing. */
    String errorText() {
        if ((flags() & F_ACK_TLVS) == 0) {
            return "";
        }
        // Behind the error number stands the request's header, and with it its payload unless it was capped.
        int request = HEADER_BYTES;
        if ((flags() & F_CAPPED) == 0) {
            request = align(u32(4));
        }
        for (Attributes a = attributes(4 + request); a.next(); ) {
            if (a.type() == EXT_ACK_MESSAGE) {
                return a.text();
            }
        }
        return "";
    }

    private static int align(int n) {
        return n + 3 & ~3;
    }

    /** A walk through attributes. */
    static final class Attributes {
        private final ByteBuffer buffer;
        private final int limit;
        private int start;
        private int end;

        private Attributes(ByteBuffer buffer, int from, int limit) {
            this.buffer = buffer;
            this.end = from;
            this.limit = limit;
        }

        /** Moves to the next attribute; false if there is none, or what follows is not one. */
        boolean next() {
            start = align(end);
            if (limit - start < 4) {
                return false;
            }
            int length = buffer.getShort(start) & 0xffff;
            if (length < 4 || length > limit - start) {
                return false;
            }
            end = start + length;
            return true;
        }

        /** Without the flags for nesting and byte order. */
        int type() {
            return buffer.getShort(start + 2) & 0x3fff;
        }

        /** Bytes of the value. */
        int length() {
            return end - start - 4;
        }

        /** The first byte; 0 if there is none. */
        int u8() {
            return length() > 0 ? buffer.get(start + 4) & 0xff : 0;
        }

        int u16() {
            return length() >= 2 ? buffer.getShort(start + 4) & 0xffff : 0;
        }

        int u32() {
            return length() >= 4 ? buffer.getInt(start + 4) : 0;
        }

        /** A number that netfilter keeps in network byte order. */
        int be32() {
            int value = u32();
            return buffer.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
        }

        long be64() {
            if (length() < 8) {
                return 0;
            }
            long value = buffer.getLong(start + 4);
            return buffer.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
        }

        byte[] bytes() {
            byte[] value = new byte[length()];
            buffer.get(start + 4, value);
            return value;
        }

        /** Text up to its terminating zero. */
        String text() {
            byte[] value = bytes();
            int length = 0;
            while (length < value.length && value[length] != 0) {
                length++;
            }
            return new String(value, 0, length, StandardCharsets.UTF_8);
        }

        /** The attributes inside this one. */
        Attributes nested() {
            return new Attributes(buffer, start + 4, end);
        }
    }
}
