package io.floatingip.internal.wire;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** An address as two longs, as {@link io.floatingip.spi.Packet} has them: an IPv4 address is in the low 32 bits of the low one. */
record AddressBits(long high, long low) {
    static AddressBits of(InetAddress address) {
        byte[] bytes = address.getAddress();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return bytes.length == Integer.BYTES
                ? new AddressBits(0, in.getInt() & 0xffff_ffffL)
                : new AddressBits(in.getLong(), in.getLong());
    }

    boolean are(long otherHigh, long otherLow) {
        return high == otherHigh && low == otherLow;
    }

    /** The 32 bits of an IPv4 address. */
    int ipv4() {
        return (int) low;
    }
}
