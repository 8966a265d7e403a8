package io.floatingip.spi;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.List;
import java.util.Optional;

/**
 * An interface as it is now.
 *
 * @param name as configured
 * @param index the kernel's number for it; 0 while it does not exist
 * @param up whether it exists, is set up and has a carrier (IFF_UP and IFF_RUNNING)
 * @param mtu in bytes
 * @param hardwareAddress {@link HardwareAddress#NONE} if it has none
 * @param ipv4 its IPv4 addresses in the kernel's order, those with this library's mark left out
 * @param ipv6LinkLocal its usable IPv6 link-local addresses (neither tentative nor failed), those with this library's mark left out
 */
public record LinkInfo(
        String name,
        int index,
        boolean up,
        int mtu,
        HardwareAddress hardwareAddress,
        List<Inet4Address> ipv4,
        List<Inet6Address> ipv6LinkLocal) {
    public LinkInfo {
        ipv4 = List.copyOf(ipv4);
        ipv6LinkLocal = List.copyOf(ipv6LinkLocal);
    }

    /** RFC 9568 section 5.1.1.1: the primary IPv4 address, the default source of adverts. */
    public Optional<Inet4Address> primaryIpv4() {
        return ipv4.stream().findFirst();
    }

    /** RFC 9568 section 5.1.2.1: the link-local address, the default source of adverts over IPv6. */
    public Optional<Inet6Address> linkLocal() {
        return ipv6LinkLocal.stream().findFirst();
    }
}
