package io.floatingip;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Internet Protocol version 4 or 6. A virtual router speaks one of them. */
public enum IpFamily {
    IPV4(4, 32),
    IPV6(16, 128);

    private final int addressLength;
    private final int prefixLengthMax;

    IpFamily(int addressLength, int prefixLengthMax) {
        this.addressLength = addressLength;
        this.prefixLengthMax = prefixLengthMax;
    }

    /** The family an address belongs to. */
    public static IpFamily of(InetAddress address) {
        return address instanceof Inet6Address ? IPV6 : IPV4;
    }

    /** Bytes in an address: 4 or 16. */
    public int addressLength() {
        return addressLength;
    }

    /** Bits in an address: 32 or 128. */
    public int prefixLengthMax() {
        return prefixLengthMax;
    }
}
