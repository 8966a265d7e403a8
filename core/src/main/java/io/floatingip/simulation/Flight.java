package io.floatingip.simulation;

import io.floatingip.IpFamily;
import io.floatingip.spi.Channel;
import io.floatingip.spi.Packet;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One packet on its way, as the sending kernel completed it: IPv4 with its header, IPv6 without. The bytes are never changed, copies of a
 * packet share them.
 */
final class Flight {
    static final int VRRP = 112;
    static final int AUTHENTICATION_HEADER = 51;
    private static final int CHECKSUM_OFFSET_IPV4 = 10;
    private static final int CHECKSUM_OFFSET_VRRP = 6;
    private static final int AUTHENTICATION_HEADER_BYTES = 24;

    final Channel channel;
    final InetAddress source;
    final int hopLimit;
    private final byte[] bytes;

    private Flight(Channel channel, InetAddress source, int hopLimit, byte[] bytes) {
        this.channel = channel;
        this.source = source;
        this.hopLimit = hopLimit;
        this.bytes = bytes;
    }

    /** A packet as a raw socket takes it; what a kernel fills in is filled in here. */
    static Flight sent(Channel channel, InetAddress source, int hopLimit, ByteBuffer packet) {
        byte[] bytes = new byte[packet.remaining()];
        packet.get(packet.position(), bytes);
        if (channel.family() == IpFamily.IPV4) {
            fillIpv4Header(bytes);
        } else if (bytes.length >= CHECKSUM_OFFSET_VRRP + 2) {
            fillIpv6Checksum(bytes, source.getAddress(), channel.local().getAddress());
        }
        return new Flight(channel, source, hopLimit, bytes);
    }

    /** A packet of someone else's making, to the letter. */
    static Flight foreign(Channel channel, InetAddress source, int hopLimit, byte[] bytes) {
        return new Flight(channel, source, hopLimit, bytes.clone());
    }

    /** With one bit turned over; null if it is one that makes every receiving kernel drop the packet. */
    @Nullable
    Flight flipped(int bit) {
        if (bit / 8 < headerBytes()) {
            return null;
        }
        byte[] other = bytes.clone();
        other[bit / 8] ^= (byte) (1 << bit % 8);
        return new Flight(channel, source, hopLimit, other);
    }

    int bits() {
        return bytes.length * 8;
    }

    InetAddress destination() {
        return channel.local();
    }

    Packet show(Packet view, long receivedAt) {
        if (channel.family() == IpFamily.IPV4) {
            return view.setIpv4(ByteBuffer.wrap(bytes), receivedAt);
        }
        ByteBuffer from = ByteBuffer.wrap(source.getAddress());
        ByteBuffer to = ByteBuffer.wrap(destination().getAddress());
        return view.setIpv6(
                ByteBuffer.wrap(bytes),
                VRRP,
                from.getLong(0),
                from.getLong(8),
                to.getLong(0),
                to.getLong(8),
                hopLimit,
                receivedAt);
    }

    /** The virtual router this advert is of; 0 if it is too short to tell. */
    int virtualRouterId() {
        return messageByte(1);
    }

    int priority() {
        return messageByte(2);
    }

    private int messageByte(int offset) {
        int at = headerBytes() + (channel.authenticationHeader() ? AUTHENTICATION_HEADER_BYTES : 0) + offset;
        return at < bytes.length ? bytes[at] & 0xff : 0;
    }

    private int headerBytes() {
        return channel.family() == IpFamily.IPV4 && bytes.length > 0 ? (bytes[0] & 0xf) * 4 : 0;
    }

    @Override
    public String toString() {
        return "advert " + virtualRouterId() + " prio " + priority();
    }

    /** What IP_HDRINCL leaves to the kernel: total length and header checksum. */
    private static void fillIpv4Header(byte[] packet) {
        int headerBytes = (packet[0] & 0xf) * 4;
        put16(packet, 2, packet.length);
        put16(packet, CHECKSUM_OFFSET_IPV4, 0);
        put16(packet, CHECKSUM_OFFSET_IPV4, ~folded(sum(packet, headerBytes)));
    }

    /** RFC 3542 section 3.1: the checksum over the pseudo-header of RFC 8200 section 8.1 and the message. */
    private static void fillIpv6Checksum(byte[] message, byte[] source, byte[] destination) {
        put16(message, CHECKSUM_OFFSET_VRRP, 0);
        long sum = sum(source, source.length) + sum(destination, destination.length);
        sum += message.length + VRRP + sum(message, message.length);
        put16(message, CHECKSUM_OFFSET_VRRP, ~folded(sum));
    }

    /** RFC 1071, not yet folded. */
    private static long sum(byte[] bytes, int length) {
        long sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (bytes[i] & 0xffL) << (i % 2 == 0 ? 8 : 0);
        }
        return sum;
    }

    private static int folded(long sum) {
        long rest = sum;
        while (rest >>> 16 != 0) {
            rest = (rest & 0xffff) + (rest >>> 16);
        }
        return (int) rest;
    }

    private static void put16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }
}
