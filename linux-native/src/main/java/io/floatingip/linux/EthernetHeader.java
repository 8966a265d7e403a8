package io.floatingip.linux;

import java.nio.ByteBuffer;

/** Destination (6), source (6), ethertype (2). */
final class EthernetHeader {
    static final int BYTES = 14;

    private EthernetHeader() {}

    /** Writes it to the start of a buffer; returns where the payload starts. */
    static int write(ByteBuffer out, long destination, byte[] source, int ethertype) {
        for (int i = 0; i < 6; i++) {
            out.put(i, (byte) (destination >>> (8 * (5 - i))));
        }
        out.put(6, source);
        SockAddr.putNetworkShort(out, 12, ethertype);
        return BYTES;
    }

    /** Six bytes as a number, first byte highest. */
    static long hardwareAddress(ByteBuffer in, int at) {
        long bits = 0;
        for (int i = 0; i < 6; i++) {
            bits = bits << 8 | in.get(at + i) & 0xff;
        }
        return bits;
    }
}
