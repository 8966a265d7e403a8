package io.floatingip.spi;

import java.util.HexFormat;

/** A 48-bit link layer address, kept in the low bits of a long, first byte on the wire highest. */
public record HardwareAddress(long bits) {
    /** All zeros: what loopback and TUN devices report. */
    public static final HardwareAddress NONE = new HardwareAddress(0);

    private static final int BYTES = 6;

    public HardwareAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("a hardware address has 48 bits, got 0x" + Long.toHexString(bits));
        }
    }

    /** From six bytes in the order of the wire. */
    public static HardwareAddress of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hardware address has 6 bytes, got " + bytes.length);
        }
        long bits = 0;
        for (byte b : bytes) {
            bits = bits << 8 | b & 0xff;
        }
        return new HardwareAddress(bits);
    }

    /** RFC 9568 section 7.3: the virtual router's own hardware address for IPv4, 00-00-5E-00-01-VRID. */
    public static HardwareAddress virtualRouterIpv4(int vrid) {
        return new HardwareAddress(0x0000_5e00_0100L | vrid);
    }

    /** RFC 9568 section 7.3: the virtual router's own hardware address for IPv6, 00-00-5E-00-02-VRID. */
    public static HardwareAddress virtualRouterIpv6(int vrid) {
        return new HardwareAddress(0x0000_5e00_0200L | vrid);
    }

    /** Six bytes in the order of the wire. */
    public byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) (bits >>> (8 * (BYTES - 1 - i)));
        }
        return bytes;
    }

    /** As people write it: {@code 00:00:5e:00:01:34}. */
    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(toBytes());
    }
}
