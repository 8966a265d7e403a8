package io.floatingip.linux;

import static io.floatingip.linux.NetlinkMessage.F_ACK;
import static io.floatingip.linux.NetlinkMessage.F_DUMP;
import static io.floatingip.linux.NetlinkMessage.F_REQUEST;

import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** rtnetlink's messages about links and addresses: ifinfomsg, ifaddrmsg and their attributes, written and read. */
final class RouteMessages {
    static final int NEW_LINK = 16;
    static final int DELETE_LINK = 17;
    static final int GET_LINK = 18;
    static final int NEW_ADDRESS = 20;
    static final int DELETE_ADDRESS = 21;
    static final int GET_ADDRESS = 22;

    /** RTMGRP_LINK, RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR. */
    static final int GROUPS = 0x1 | 0x10 | 0x100;

    /** IFA_PROTO of addresses this library puts up: the number of VRRP, unused by anyone else in include/uapi/linux/if_addr.h. */
    static final int MARK = 112;

    private static final int LINK_BYTES = 16;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_MACVLAN_MODE = 1;
    private static final int MACVLAN_MODE_VEPA = 2;
    private static final int IFF_UP = 1;

    private static final int ADDRESS_BYTES = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_LABEL = 3;
    private static final int IFA_BROADCAST = 4;
    private static final int IFA_CACHEINFO = 6;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_PROTO = 11;
    private static final int IFA_F_NODAD = 0x02;
    private static final int IFA_F_NOPREFIXROUTE = 0x200;
    private static final int FOREVER = 0xffff_ffff;

    private RouteMessages() {}

    /** An interface as the kernel describes it. */
    record LinkEntry(
            int index, String name, int type, int flags, int mtu, long hardwareAddress, int base, String kind) {
        private static final int IFF_LOOPBACK = 0x8;
        private static final int IFF_RUNNING = 0x40;
        private static final int IFF_NOARP = 0x80;
        private static final int ARPHRD_ETHER = 1;

        boolean up() {
            return (flags & IFF_UP) != 0 && (flags & IFF_RUNNING) != 0;
        }

        boolean loopback() {
            return (flags & IFF_LOOPBACK) != 0;
        }

        /** Whether neighbours are found by ARP or neighbour discovery with Ethernet frames. */
        boolean hasNeighbors() {
            return type == ARPHRD_ETHER && (flags & IFF_NOARP) == 0;
        }
    }

    /**
     * An address as the kernel describes it; {@code protocol} is -1 if the kernel does not say, {@code peer} is the address itself where there is no
     * other end.
     */
    record AddressEntry(
            int index,
            InetAddress address,
            InetAddress peer,
            int prefixLength,
            int scope,
            int flags,
            String label,
            int protocol) {
        private static final int IFA_F_SECONDARY = 0x01;
        private static final int IFA_F_DADFAILED = 0x08;
        private static final int IFA_F_TENTATIVE = 0x40;

        boolean secondary() {
            return (flags & IFA_F_SECONDARY) != 0;
        }

        /** Usable as a source: IPv6 addresses are not while, or after, duplicate address detection found one. */
        boolean usable() {
            return (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0;
        }

        boolean is(VirtualAddress that) {
            return prefixLength == that.prefixLength()
                    && address.equals(that.address())
                    && peer.equals(that.peer().orElse(that.address()));
        }

        /** With what can be read back of how it was put up. */
        VirtualAddress asVirtualAddress(String interfaceName) {
            VirtualAddress result =
                    VirtualAddress.of(address, prefixLength).noPrefixRoute((flags & IFA_F_NOPREFIXROUTE) != 0);
            if (!peer.equals(address) && prefixLength == result.family().prefixLengthMax()) {
                result = result.peer(peer);
            }
            return label.isEmpty() || label.equals(interfaceName) ? result : result.label(label);
        }
    }

    static void dumpLinks(NetlinkWriter out, int sequence) {
        link(out.message(GET_LINK, F_REQUEST | F_DUMP, sequence), 0, 0, 0);
    }

    /** Asks for the addresses of an interface, 0 for all. */
    static void dumpAddresses(NetlinkWriter out, int sequence, int index) {
        out.message(GET_ADDRESS, F_REQUEST | F_DUMP, sequence)
                .u8(0)
                .u8(0)
                .u8(0)
                .u8(0)
                .u32(index);
    }

    /** Puts up or renews an address; {@code flags} are F_CREATE with F_EXCL or F_REPLACE. */
    static void addAddress(
            NetlinkWriter out, int sequence, int flags, int index, VirtualAddress address, int lifetimeSeconds) {
        boolean ipv6 = address.family() == IpFamily.IPV6;
        address(out, NEW_ADDRESS, F_REQUEST | F_ACK | flags, sequence, index, address);
        if (address.label().isPresent()) {
            out.attribute(IFA_LABEL, address.label().get());
        }
        if (address.broadcast().isPresent()) {
            out.attribute(IFA_BROADCAST, address.broadcast().get().getAddress());
        }
        int valid = lifetimeSeconds == 0 ? FOREVER : lifetimeSeconds;
        // Deprecated from the start: a host address that floats must
        // not become the source of connections of this machine.
        boolean deprecated = ipv6 && address.prefixLength() == address.family().prefixLengthMax();
        out.attributeCacheInfo(IFA_CACHEINFO, deprecated ? 0 : valid, valid);
        out.attributeU32(IFA_FLAGS, (ipv6 ? IFA_F_NODAD : 0) | (address.noPrefixRoute() ? IFA_F_NOPREFIXROUTE : 0));
        out.attributeU8(IFA_PROTO, MARK);
    }

    static void removeAddress(NetlinkWriter out, int sequence, int index, VirtualAddress address) {
        address(out, DELETE_ADDRESS, F_REQUEST | F_ACK, sequence, index, address);
    }

    /** Makes a macvlan device in VEPA mode: what has the virtual router's hardware address above an interface. */
    static void addMacvlan(NetlinkWriter out, int sequence, String name, int base, byte[] hardwareAddress) {
        int flags = F_REQUEST | F_ACK | NetlinkMessage.F_CREATE | NetlinkMessage.F_EXCL;
        link(out.message(NEW_LINK, flags, sequence), 0, 0, 0);
        out.attribute(IFLA_IFNAME, name).attributeU32(IFLA_LINK, base).attribute(IFLA_ADDRESS, hardwareAddress);
        out.nest(IFLA_LINKINFO).attribute(IFLA_INFO_KIND, "macvlan");
        out.nest(IFLA_INFO_DATA)
                .attributeU32(IFLA_MACVLAN_MODE, MACVLAN_MODE_VEPA)
                .unnest()
                .unnest();
    }

    static void setUp(NetlinkWriter out, int sequence, int index) {
        link(out.message(NEW_LINK, F_REQUEST | F_ACK, sequence), index, IFF_UP, IFF_UP);
    }

    static void removeLink(NetlinkWriter out, int sequence, int index) {
        link(out.message(DELETE_LINK, F_REQUEST | F_ACK, sequence), index, 0, 0);
    }

    static LinkEntry readLink(NetlinkMessage message) {
        String name = "";
        String kind = "";
        int mtu = 0;
        int base = 0;
        long hardwareAddress = 0;
        for (NetlinkMessage.Attributes a = message.attributes(LINK_BYTES); a.next(); ) {
            switch (a.type()) {
                case IFLA_IFNAME -> name = a.text();
                case IFLA_MTU -> mtu = a.u32();
                case IFLA_LINK -> base = a.u32();
                case IFLA_ADDRESS -> hardwareAddress = a.length() == 6 ? bits(a.bytes()) : 0;
                case IFLA_LINKINFO -> kind = kind(a.nested());
                default -> {}
            }
        }
        return new LinkEntry(message.u32(4), name, message.u16(2), message.u32(8), mtu, hardwareAddress, base, kind);
    }

    /** The interface an address message is about, without reading all of it. */
    static int addressIndex(NetlinkMessage message) {
        return message.u32(4);
    }

    /** Whether an address message is about an address with this library's mark. */
    static boolean isMarked(NetlinkMessage message) {
        for (NetlinkMessage.Attributes a = message.attributes(ADDRESS_BYTES); a.next(); ) {
            if (a.type() == IFA_PROTO) {
                return a.u8() == MARK;
            }
        }
        return false;
    }

    /** An address message; null if it is of another family. */
    static @Nullable AddressEntry readAddress(NetlinkMessage message) {
        byte[] local = {};
        byte[] address = {};
        int flags = message.u8(2);
        int protocol = -1;
        String label = "";
        for (NetlinkMessage.Attributes a = message.attributes(ADDRESS_BYTES); a.next(); ) {
            switch (a.type()) {
                case IFA_LOCAL -> local = a.bytes();
                case IFA_ADDRESS -> address = a.bytes();
                case IFA_LABEL -> label = a.text();
                case IFA_FLAGS -> flags = a.u32();
                case IFA_PROTO -> protocol = a.u8();
                default -> {}
            }
        }
        // IPv6 has IFA_LOCAL on point-to-point links only.
        byte[] own = local.length > 0 ? local : address;
        try {
            return own.length == 4 || own.length == 16
                    ? new AddressEntry(
                            addressIndex(message),
                            InetAddress.getByAddress(own),
                            InetAddress.getByAddress(address.length > 0 ? address : own),
                            message.u8(1),
                            message.u8(3),
                            flags,
                            label,
                            protocol)
                    : null;
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes always make an address", e);
        }
    }

    private static void address(
            NetlinkWriter out, int type, int flags, int sequence, int index, VirtualAddress address) {
        boolean ipv6 = address.family() == IpFamily.IPV6;
        byte[] local = address.address().getAddress();
        byte[] peer = address.peer().map(InetAddress::getAddress).orElse(local);
        out.message(type, flags, sequence)
                .u8(ipv6 ? Libc.AF_INET6 : Libc.AF_INET)
                .u8(address.prefixLength())
                .u8(0)
                .u8(address.scope().number())
                .u32(index);
        out.attribute(IFA_LOCAL, local).attribute(IFA_ADDRESS, peer);
    }

    private static void link(NetlinkWriter out, int index, int flags, int change) {
        out.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(change);
    }

    private static String kind(NetlinkMessage.Attributes info) {
        while (info.next()) {
            if (info.type() == IFLA_INFO_KIND) {
                return info.text();
            }
        }
        return "";
    }

    private static long bits(byte[] bytes) {
        long bits = 0;
        for (byte b : bytes) {
            bits = bits << 8 | b & 0xff;
        }
        return bits;
    }
}
