package io.floatingip.keepalived;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Reads addresses, never names: reading a file must not ask DNS. */
final class Literals {
    // A number beyond 255 would make it a host name to the JDK.
    private static final Pattern IPV4 =
            Pattern.compile("(%s)(\\.(%s)){3}".replace("%s", "25[0-5]|2[0-4]\\d|1?\\d?\\d"));
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private Literals() {}

    static InetAddress address(String text) {
        boolean ipv6 = IPV6.matcher(text).matches();
        if (ipv6 || IPV4.matcher(text).matches()) {
            try {
                InetAddress address = InetAddress.getByName(text);
                if (ipv6 == address instanceof Inet6Address) {
                    return address;
                }
            } catch (UnknownHostException e) {
                // falls through
            }
        }
        throw new IllegalArgumentException("expected an IP address, got \"" + text + "\"");
    }
}
