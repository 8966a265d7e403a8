package io.floatingip.internal.runtime;

import io.floatingip.IpFamily;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** RFC 9568 sections 5.1.1.2 and 5.1.2.2: the multicast groups of VRRP. */
final class Groups {
    private static final InetAddress IPV4 = literal(224, 0, 0, 18);
    private static final InetAddress IPV6 = literal(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12);

    private Groups() {}

    static InetAddress of(IpFamily family) {
        return family == IpFamily.IPV4 ? IPV4 : IPV6;
    }

    private static InetAddress literal(int... bytes) {
        byte[] address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes always make an address", e);
        }
    }
}
