package io.floatingip.internal.wire;

import static io.floatingip.internal.wire.ProfileBuilder.ip;

import io.floatingip.spi.Packet;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** An IPv4 packet field by field, made without the code under test, so that each field can be wrong by itself. Starts as a valid VRRPv3 advert. */
final class RawPacket {
    String source = "192.0.2.251";
    String destination = "224.0.0.18";
    int ttl = 255;
    int protocol = 112;
    int version = 3;
    int type = 1;
    int virtualRouterId = 10;
    int priority = 200;
    int count = 2;
    int authenticationType;
    int interval = 100;
    String addresses = "c0000201c0000202";
    /** Behind the addresses, under the checksum. */
    String tail = "";
    /** Behind the message, not under the checksum. */
    String trailer = "";
    /** Destination in the pseudo-header; empty for no pseudo-header. */
    String pseudoDestination = "224.0.0.18";

    int checksumError;

    static RawPacket v3() {
        return new RawPacket();
    }

    static RawPacket v2() {
        RawPacket raw = new RawPacket();
        raw.version = 2;
        raw.interval = 1;
        raw.tail = "0000000000000000";
        raw.pseudoDestination = "";
        return raw;
    }

    Packet packet() {
        return ipv4(bytes());
    }

    byte[] bytes() {
        byte[] message = message();
        byte[] behind = HexFormat.of().parseHex(trailer);
        ByteBuffer out = ByteBuffer.allocate(20 + message.length + behind.length);
        out.put((byte) 0x45).put((byte) 0xc0).putShort((short) out.capacity());
        out.putShort((short) 1).putShort((short) 0);
        out.put((byte) ttl).put((byte) protocol).putShort((short) 0);
        out.put(ip(source).getAddress()).put(ip(destination).getAddress());
        out.put(message).put(behind);
        return out.array();
    }

    private byte[] message() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(version << 4 | type);
        out.write(virtualRouterId);
        out.write(priority);
        out.write(count);
        out.write(version == 2 ? authenticationType : interval >> 8);
        out.write(interval);
        out.write(0);
        out.write(0);
        out.writeBytes(HexFormat.of().parseHex(addresses));
        out.writeBytes(HexFormat.of().parseHex(tail));
        byte[] message = out.toByteArray();
        int sum = onesComplement(message) + checksumError;
        message[6] = (byte) (sum >> 8);
        message[7] = (byte) sum;
        return message;
    }

    private int onesComplement(byte[] message) {
        int sum = 0;
        for (int i = 0; i < message.length; i++) {
            sum += (message[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
        }
        if (!pseudoDestination.isEmpty()) {
            for (InetAddress address : new InetAddress[] {ip(source), ip(pseudoDestination)}) {
                byte[] b = address.getAddress();
                sum += (b[0] & 0xff) << 8 | b[1] & 0xff;
                sum += (b[2] & 0xff) << 8 | b[3] & 0xff;
            }
            sum += 112 + message.length;
        }
        return ~(sum % 0xffff == 0 && sum != 0 ? 0xffff : sum % 0xffff) & 0xffff;
    }

    static Packet ipv4(byte[] packet) {
        return new Packet().setIpv4(ByteBuffer.wrap(packet), 0);
    }

    static Packet ipv6(byte[] message, String source, String destination, int hopLimit) {
        AddressBits from = AddressBits.of(ip(source));
        AddressBits to = AddressBits.of(ip(destination));
        return new Packet()
                .setIpv6(ByteBuffer.wrap(message), 112, from.high(), from.low(), to.high(), to.low(), hopLimit, 0);
    }
}
