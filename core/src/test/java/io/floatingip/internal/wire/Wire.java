package io.floatingip.internal.wire;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Calls a codec as a link would. */
final class Wire {
    private Wire() {}

    /** Encodes into a buffer full of 0xa5, so that a byte left unwritten shows. */
    static byte[] encode(
            AdvertCodec codec, Advert advert, InetAddress source, InetAddress destination, long wallNanos) {
        byte[] prefilled = new byte[AdvertCodec.PACKET_BYTES_MAX];
        Arrays.fill(prefilled, (byte) 0xa5);
        ByteBuffer out = ByteBuffer.wrap(prefilled);
        codec.encode(advert, source, destination, wallNanos, out);
        byte[] packet = new byte[out.remaining()];
        out.get(packet);
        return packet;
    }
}
