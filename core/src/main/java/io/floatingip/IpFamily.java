package io.floatingip;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Internet Protocol version 4 or 6. A virtual router speaks one of them. */
public enum IpFamily {
    IPV4(4, 32),
    IPV6(16, 128);

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4_LITERAL = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    // No dot in front: the JDK would ask DNS.
    private static final Pattern IPV6_LITERAL = Pattern.compile("(?=.*:)[0-9a-fA-F:][0-9a-fA-F:.]*");

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

    /**
     * The address that a text such as {@code 10.0.0.10} or {@code 2001:db8::10} is; empty if it is none. Never asks DNS: host names, and what the
     * JDK takes for one, such as {@code 10.0.0.300}, are no addresses. Nor are numbers with leading zeros, which some read as octal, and addresses
     * with an interface behind them.
     */
    public static Optional<InetAddress> literal(String text) {
        boolean ipv6 = IPV6_LITERAL.matcher(text).matches();
        if (ipv6 || IPV4_LITERAL.matcher(text).matches()) {
            try {
                // An IPv4 address in IPv6's clothes becomes one of IPv4.
                return Optional.of(InetAddress.getByName(text)).filter(address -> ipv6 == (of(address) == IPV6));
            } catch (UnknownHostException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
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
