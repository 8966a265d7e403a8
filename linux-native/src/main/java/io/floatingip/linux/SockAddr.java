package io.floatingip.linux;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The kernel's address structures, written into buffers of native byte order. What is big endian on the wire is written byte by byte. Each
 * method returns the number of bytes written and sets every one of them.
 */
final class SockAddr {
    static final int IN_BYTES = 16;
    static final int IN6_BYTES = 28;
    static final int NL_BYTES = 12;
    static final int LL_BYTES = 20;
    static final int UN_BYTES = 110;

    private SockAddr() {}

    /** sockaddr_in or sockaddr_in6, port 0; {@code scope} is the interface of a link-local IPv6 address and ignored for IPv4. */
    static int inet(ByteBuffer out, int at, InetAddress address, int scope) {
        byte[] bytes = address.getAddress();
        boolean ipv6 = bytes.length == 16;
        int length = ipv6 ? IN6_BYTES : IN_BYTES;
        zero(out, at, length);
        out.putShort(at, (short) (ipv6 ? Libc.AF_INET6 : Libc.AF_INET));
        out.put(at + (ipv6 ? 8 : 4), bytes);
        if (ipv6) {
            out.putInt(at + 24, scope);
        }
        return length;
    }

    /** sockaddr_nl: port 0 lets the kernel choose; groups is a bit mask. */
    static int netlink(ByteBuffer out, int at, int port, int groups) {
        zero(out, at, NL_BYTES);
        out.putShort(at, (short) Libc.AF_NETLINK);
        out.putInt(at + 4, port);
        out.putInt(at + 8, groups);
        return NL_BYTES;
    }

    /** sockaddr_ll: an ethertype on an interface, and where to send to: the low six bytes of hardwareAddress. */
    static int linkLayer(ByteBuffer out, int at, int ethertype, int ifindex, long hardwareAddress) {
        zero(out, at, LL_BYTES);
        out.putShort(at, (short) Libc.AF_PACKET);
        putNetworkShort(out, at + 2, ethertype);
        out.putInt(at + 4, ifindex);
        out.put(at + 11, (byte) 6);
        for (int i = 0; i < 6; i++) {
            out.put(at + 12 + i, (byte) (hardwareAddress >>> (8 * (5 - i))));
        }
        return LL_BYTES;
    }

    /** sockaddr_un in the abstract namespace: no file, so the length counts and not a terminating zero. */
    static int abstractUnix(ByteBuffer out, int at, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int length = 3 + bytes.length;
        zero(out, at, length);
        out.putShort(at, (short) Libc.AF_UNIX);
        out.put(at + 3, bytes);
        return length;
    }

    static void putNetworkShort(ByteBuffer out, int at, int value) {
        out.put(at, (byte) (value >>> 8));
        out.put(at + 1, (byte) value);
    }

    private static void zero(ByteBuffer out, int at, int length) {
        for (int i = 0; i < length; i++) {
            out.put(at + i, (byte) 0);
        }
    }
}
