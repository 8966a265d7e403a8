package io.floatingip.spi;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A prepared way to one destination. Sending through it allocates nothing. */
public interface Outgoing extends AutoCloseable {
    /**
     * Sends the bytes between position and limit, leaving both as they were. IPv4: the whole packet, IP header included (header checksum 0,
     * the kernel fills it). IPv6: the message behind the IP header, checksum field 0, which the kernel fills (RFC 3542 section 3.1).
     *
     * @throws IOException when nothing left this machine
     */
    void send(ByteBuffer packet) throws IOException;

    @Override
    void close();
}
