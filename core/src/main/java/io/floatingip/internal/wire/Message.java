package io.floatingip.internal.wire;

import io.floatingip.IpFamily;
import io.floatingip.VrrpVersion;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The layout of an ADVERTISEMENT, behind IP and authentication header.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-------+---------------+---------------+---------------+
 * |Version| Type 1| Virtual Rtr ID|   Priority    |     Count     |
 * +-------+-------+---------------+---------------+---------------+
 * |   v2: Auth Type  Adver Int (s)|           Checksum            |
 * |   v3: (rsvd) Max Adver Int 12 |                               |
 * +-------------------------------+-------------------------------+
 * |          Count addresses of 4 or 16 bytes                     |
 * +---------------------------------------------------------------+
 * |          v2: authentication data, 8 bytes, always there       |
 * +---------------------------------------------------------------+
 * </pre>
 */
final class Message {
    static final int HEADER = 8;
    static final int AUTHENTICATION_DATA = 8;
    static final int CHECKSUM = 6;

    private static final int ADVERTISEMENT = 1;
    private static final int VIRTUAL_ROUTER_ID = 1;
    private static final int PRIORITY = 2;
    private static final int COUNT = 3;
    private static final int AUTHENTICATION_TYPE = 4;
    private static final int SECONDS = 5;
    private static final int CENTISECONDS = 4;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_CENTISECOND = 10_000_000L;
    private static final int CARP_LENGTH = 36;
    private static final int CARP_WORDS = 7;

    private Message() {}

    /** Bytes of a message with so many addresses. */
    static int length(VrrpVersion version, IpFamily family, int count) {
        return HEADER + count * family.addressLength() + (version == VrrpVersion.V2 ? AUTHENTICATION_DATA : 0);
    }

    /** Writes all but the checksum, which is left 0. */
    static void write(ByteBuffer out, int at, Advert advert, IpFamily family, Credentials credentials) {
        boolean v2 = advert.version() == VrrpVersion.V2;
        out.put(at, (byte) (advert.version().number() << 4 | ADVERTISEMENT));
        out.put(at + VIRTUAL_ROUTER_ID, (byte) advert.virtualRouterId());
        out.put(at + PRIORITY, (byte) advert.priority());
        out.put(at + COUNT, (byte) advert.addresses().size());
        if (v2) {
            out.put(at + AUTHENTICATION_TYPE, (byte) credentials.type());
            out.put(at + SECONDS, (byte) wireInterval(advert.adverNanos(), NANOS_PER_SECOND, 255));
        } else {
            out.putShort(at + CENTISECONDS, (short) wireInterval(advert.adverNanos(), NANOS_PER_CENTISECOND, 4095));
        }
        out.putShort(at + CHECKSUM, (short) 0);
        int next = at + HEADER;
        for (InetAddress address : advert.addresses()) {
            out.put(next, address.getAddress());
            next += family.addressLength();
        }
        if (v2) {
            out.put(next, credentials.data());
        }
    }

    /** The meaning of a message whose version and length have been judged. */
    static Advert read(ByteBuffer data, int at, VrrpVersion version, IpFamily family) {
        int count = count(data, at);
        List<InetAddress> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[family.addressLength()];
            data.get(at + HEADER + i * bytes.length, bytes);
            addresses.add(address(bytes));
        }
        return new Advert(
                version, virtualRouterId(data, at), priority(data, at), adverNanos(data, at, version), addresses);
    }

    static int version(ByteBuffer data, int at) {
        return (data.get(at) & 0xf0) >> 4;
    }

    static boolean isAdvertisement(ByteBuffer data, int at) {
        return (data.get(at) & 0xf) == ADVERTISEMENT;
    }

    static int virtualRouterId(ByteBuffer data, int at) {
        return data.get(at + VIRTUAL_ROUTER_ID) & 0xff;
    }

    static int priority(ByteBuffer data, int at) {
        return data.get(at + PRIORITY) & 0xff;
    }

    static int count(ByteBuffer data, int at) {
        return data.get(at + COUNT) & 0xff;
    }

    static int authenticationType(ByteBuffer data, int at) {
        return data.get(at + AUTHENTICATION_TYPE) & 0xff;
    }

    /** The interval in nanoseconds; the four reserved bits of version 3 are ignored (RFC 9568 section 5.2.6). */
    static long adverNanos(ByteBuffer data, int at, VrrpVersion version) {
        return version == VrrpVersion.V2
                ? (data.get(at + SECONDS) & 0xff) * NANOS_PER_SECOND
                : ((data.get(at + CENTISECONDS) & 0xf) << 8 | data.get(at + CENTISECONDS + 1) & 0xff)
                        * NANOS_PER_CENTISECOND;
    }

    /**
     * Whether this is a CARP advertisement. It shares protocol number, group, first byte and the place of the id with VRRPv2, and its length
     * in words, always 7, lies where VRRP counts addresses. What tells them apart is the length: CARP always has 36 bytes, a VRRPv2
     * advertisement with 7 addresses has 44 (or 72 with a trailer), so nothing that is valid VRRP can be taken for CARP. Taking CARP for VRRP
     * would be bad: its usual skew of 0 lies where VRRP says "I leave".
     */
    static boolean isCarp(ByteBuffer data, int at, int length) {
        return version(data, at) == 2 && length == CARP_LENGTH && count(data, at) == CARP_WORDS;
    }

    private static int wireInterval(long nanos, long unit, int max) {
        long units = nanos / unit;
        if (units < 1 || units > max) {
            throw new IllegalArgumentException(
                    "interval must be " + unit + " to " + max * unit + " ns, got " + nanos + " ns");
        }
        return (int) units;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            // Not InetAddress.getByAddress for IPv6: it turns ::ffff:a.b.c.d into an IPv4 address.
            return bytes.length == IpFamily.IPV6.addressLength()
                    ? Inet6Address.getByAddress(null, bytes, -1)
                    : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes always make an address", e);
        }
    }
}
