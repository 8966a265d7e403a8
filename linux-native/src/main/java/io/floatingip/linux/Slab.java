package io.floatingip.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory outside the heap that the kernel reads and writes, in native byte order. Lives as long as this object is reachable: keep it in a field
 * of whoever passes its address to the kernel. Used by one thread.
 */
final class Slab {
    private final ByteBuffer bytes;
    private final long address;

    Slab(int size) {
        bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        address = Sys.address(bytes);
    }

    /** The memory. Absolute access only, except by its one owner. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Where it starts. */
    long address() {
        return address;
    }

    /** Where the byte at {@code offset} is. */
    long address(int offset) {
        return address + offset;
    }
}
