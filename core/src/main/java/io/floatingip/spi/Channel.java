package io.floatingip.spi;

import io.floatingip.IpFamily;
import java.net.InetAddress;

/**
 * How adverts of one kind are exchanged on a link. Links with equal channels share their sockets.
 *
 * @param family IPv4 or IPv6
 * @param local the multicast group to join (224.0.0.18, ff02::12 or a custom one), or, for unicast, the own address that peers send to
 * @param authenticationHeader whether adverts are wrapped in an IPsec authentication header (protocol 51 instead of 112); IPv4 only
 */
public record Channel(IpFamily family, InetAddress local, boolean authenticationHeader) {
    public Channel {
        if (authenticationHeader && family != IpFamily.IPV4) {
            throw new IllegalArgumentException("the authentication header exists for IPv4 only");
        }
    }

    public boolean multicast() {
        return local.isMulticastAddress();
    }
}
