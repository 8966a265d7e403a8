package io.floatingip.linux;

import java.nio.ByteBuffer;

/**
 * struct epoll_event, an array of them: events u32, data u64. The kernel packs it on x86-64 only; elsewhere data is aligned to eight bytes.
 *
 * @param size bytes from one event to the next
 * @param dataOffset where data starts in an event
 */
record EpollEvent(int size, int dataOffset) {
    /** The layout of an architecture, as {@code os.arch} names it. */
    static EpollEvent of(String architecture) {
        boolean packed = architecture.equals("amd64") || architecture.equals("x86_64");
        return packed ? new EpollEvent(12, 4) : new EpollEvent(16, 8);
    }

    void put(ByteBuffer out, int index, int events, long data) {
        out.putInt(index * size, events);
        out.putLong(index * size + dataOffset, data);
    }

    long data(ByteBuffer in, int index) {
        return in.getLong(index * size + dataOffset);
    }
}
