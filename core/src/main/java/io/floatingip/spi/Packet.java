package io.floatingip.spi;

import io.floatingip.IpFamily;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * One received packet, as a view that the network reuses: nothing is allocated per packet. Addresses are two longs, as the wire has them in
 * network order; an IPv4 address is in the low 32 bits of the low one.
 */
public final class Packet {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();
    private static final int IPV4_HEADER_MIN = 20;

    private IpFamily family = IpFamily.IPV4;
    private ByteBuffer data = EMPTY;
    private int headerLength;
    private int protocol;
    private int hopLimit;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private long receivedAt;

    /** A view of nothing, to be pointed at packets. */
    public Packet() {}

    /**
     * Points this view at an IPv4 packet as a raw socket delivers it, IP header first, from the buffer's position to its limit. A packet
     * that is too short to hold its own header is shown with an {@linkplain #messageLength() empty message}.
     *
     * @param receivedAt when the kernel received it, in the network's {@link Ticker#nanoTime()}
     */
    public Packet setIpv4(ByteBuffer packet, long receivedAt) {
        int start = packet.position();
        int length = packet.remaining();
        family = IpFamily.IPV4;
        data = packet;
        this.receivedAt = receivedAt;
        sourceHigh = 0;
        destinationHigh = 0;
        // The header is IHL words long, not always 20 bytes: a router may add options.
        int ihl = length > 0 ? (packet.get(start) & 0xf) * 4 : 0;
        if (length < IPV4_HEADER_MIN || ihl < IPV4_HEADER_MIN || ihl > length) {
            headerLength = length;
            protocol = 0;
            hopLimit = 0;
            sourceLow = 0;
            destinationLow = 0;
            return this;
        }
        headerLength = ihl;
        hopLimit = packet.get(start + 8) & 0xff;
        protocol = packet.get(start + 9) & 0xff;
        sourceLow = bigEndianInt(packet, start + 12);
        destinationLow = bigEndianInt(packet, start + 16);
        return this;
    }

    /** Points this view at an IPv6 message, which a raw socket delivers without its IP header. */
    public Packet setIpv6(
            ByteBuffer message,
            int protocol,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int hopLimit,
            long receivedAt) {
        family = IpFamily.IPV6;
        data = message;
        headerLength = 0;
        this.protocol = protocol;
        this.hopLimit = hopLimit;
        this.sourceHigh = sourceHigh;
        this.sourceLow = sourceLow;
        this.destinationHigh = destinationHigh;
        this.destinationLow = destinationLow;
        this.receivedAt = receivedAt;
        return this;
    }

    public IpFamily family() {
        return family;
    }

    /** All bytes: for IPv4 the IP header and the message, for IPv6 the message. Callers use absolute reads and leave position and limit alone. */
    public ByteBuffer data() {
        return data;
    }

    /** Where the IP header starts in {@link #data()}. */
    public int headerOffset() {
        return data.position();
    }

    /** The length of the IPv4 header with its options; 0 for IPv6. */
    public int headerLength() {
        return headerLength;
    }

    /** Where the message behind the IP header starts in {@link #data()}. */
    public int messageOffset() {
        return data.position() + headerLength;
    }

    public int messageLength() {
        return data.remaining() - headerLength;
    }

    /** 112 for VRRP, 51 for an authentication header; 0 if the packet was too short to tell. */
    public int protocol() {
        return protocol;
    }

    /** TTL or hop limit as received, 0 to 255. */
    public int hopLimit() {
        return hopLimit;
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }

    /** The sender. Allocates: not for the path of every packet. */
    public InetAddress source() {
        return address(sourceHigh, sourceLow);
    }

    /** The destination. Allocates: not for the path of every packet. */
    public InetAddress destination() {
        return address(destinationHigh, destinationLow);
    }

    /** When the kernel received it, in the network's {@link Ticker#nanoTime()}; never later than now. */
    public long receivedAt() {
        return receivedAt;
    }

    private InetAddress address(long high, long low) {
        byte[] bytes = new byte[family.addressLength()];
        ByteBuffer out = ByteBuffer.wrap(bytes);
        if (family == IpFamily.IPV6) {
            out.putLong(high).putLong(low);
        } else {
            out.putInt((int) low);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes always make an address", e);
        }
    }

    private static long bigEndianInt(ByteBuffer buffer, int at) {
        // Not getInt: the order of the buffer is its owner's affair.
        return (buffer.get(at) & 0xffL) << 24
                | (buffer.get(at + 1) & 0xffL) << 16
                | (buffer.get(at + 2) & 0xffL) << 8
                | buffer.get(at + 3) & 0xffL;
    }
}
