package io.floatingip.internal.wire;

import java.nio.ByteBuffer;

/**
 * The IPv4 header of an advert, byte for byte as keepalived sends it. Total length and header checksum are the kernel's to complete; the
 * length is written all the same, because the authentication header covers it.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-------+---------------+-------------------------------+
 * |   4   |   5   |   TOS 0xC0    |         Total length          |
 * +-------+-------+---------------+-------------------------------+
 * |        Identification         |    No flags, no fragments     |
 * +---------------+---------------+-------------------------------+
 * |      TTL      | 112 (or 51)   |      Header checksum 0        |
 * +---------------+---------------+-------------------------------+
 * |                            Source                             |
 * |                          Destination                          |
 * +---------------------------------------------------------------+
 * </pre>
 */
final class Ipv4Header {
    static final int LENGTH = 20;
    static final int TYPE_OF_SERVICE = 1;
    static final int TOTAL_LENGTH = 2;
    static final int IDENTIFICATION = 4;
    static final int FRAGMENT = 6;
    static final int TTL = 8;
    static final int PROTOCOL = 9;
    static final int HEADER_CHECKSUM = 10;
    static final int SOURCE = 12;
    static final int DESTINATION = 16;

    private static final byte VERSION_AND_WORDS = 0x45;
    /** Internetwork control (RFC 791), the class of routing protocols. */
    private static final byte INTERNETWORK_CONTROL = (byte) 0xc0;

    private Ipv4Header() {}

    /** Writes at index 0, without identification and destination. */
    static void write(ByteBuffer packet, int totalLength, int hopLimit, int protocol, int source) {
        packet.put(0, VERSION_AND_WORDS);
        packet.put(TYPE_OF_SERVICE, INTERNETWORK_CONTROL);
        packet.putShort(TOTAL_LENGTH, (short) totalLength);
        packet.putShort(FRAGMENT, (short) 0);
        packet.put(TTL, (byte) hopLimit);
        packet.put(PROTOCOL, (byte) protocol);
        packet.putShort(HEADER_CHECKSUM, (short) 0);
        packet.putInt(SOURCE, source);
    }

    /** The id after this one: 1 to 65535 and again, since the kernel would replace 0 by an id of its own. */
    static int nextIdentification(int id) {
        return id == 0xffff ? 1 : id + 1;
    }
}
