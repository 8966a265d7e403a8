package io.floatingip.internal.wire;

import io.floatingip.spi.Packet;
import java.nio.ByteBuffer;

/**
 * The last accepted packet, as far as the verdict hangs on it. The IP header is not compared byte by byte: its identification differs in every
 * packet.
 */
final class LastAccepted {
    private byte[] message = new byte[0];
    private int length = -1;
    private int protocol;
    private int hopLimit;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;

    void set(Packet packet) {
        int start = Envelope.start(packet);
        length = Envelope.end(packet) - start;
        if (message.length < length) {
            message = new byte[length];
        }
        packet.data().get(start, message, 0, length);
        protocol = packet.protocol();
        hopLimit = packet.hopLimit();
        sourceHigh = packet.sourceHigh();
        sourceLow = packet.sourceLow();
        destinationHigh = packet.destinationHigh();
        destinationLow = packet.destinationLow();
    }

    boolean repeatedBy(Packet packet) {
        return length >= 0
                && packet.sourceLow() == sourceLow
                && packet.sourceHigh() == sourceHigh
                && packet.destinationLow() == destinationLow
                && packet.destinationHigh() == destinationHigh
                && packet.hopLimit() == hopLimit
                && packet.protocol() == protocol
                && Envelope.refusal(packet) == null
                && sameMessage(packet);
    }

    private boolean sameMessage(Packet packet) {
        ByteBuffer data = packet.data();
        int start = Envelope.start(packet);
        boolean same = Envelope.end(packet) - start == length;
        for (int i = 0; same && i < length; i++) {
            same = data.get(start + i) == message[i];
        }
        return same;
    }
}
