package io.floatingip.linux;

import static io.floatingip.linux.Libc.IPPROTO_IP;
import static io.floatingip.linux.Libc.IPPROTO_IPV6;
import static io.floatingip.linux.Libc.SOCK_RAW;
import static io.floatingip.linux.Libc.SOL_SOCKET;

import io.floatingip.IpFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The raw socket that sends the adverts of one kind on one interface and receives nothing. Used by the loop thread. */
final class AdvertSender implements AutoCloseable {
    private static final int PRIORITY_INTERNETWORK_CONTROL = 7;
    private static final int CLASS_INTERNETWORK_CONTROL = 0xc0;
    private static final int HOPS_MAX = 255;

    private final String interfaceName;
    private final Kind kind;
    private final String doing;
    private @Nullable Fd fd;

    /**
     * Which adverts share a socket.
     *
     * @param foreignSource whether IPv6 adverts are sent from an address that is on another interface
     */
    record Kind(IpFamily family, boolean authenticationHeader, boolean foreignSource) {}

    AdvertSender(String interfaceName, Kind kind) {
        this.interfaceName = interfaceName;
        this.kind = kind;
        doing = "sending an advert on " + interfaceName;
    }

    boolean isOpen() {
        return fd != null;
    }

    /** Opens it anew on the interface with this index; 0 leaves it closed. */
    void open(int index) throws NativeIoException {
        close();
        if (index == 0) {
            return;
        }
        boolean ipv6 = kind.family() == IpFamily.IPV6;
        int protocol = kind.authenticationHeader() ? Libc.IPPROTO_AH : Libc.IPPROTO_VRRP;
        String opening = "opening a socket to send adverts on " + interfaceName;
        Fd socket = Sys.socket(ipv6 ? Libc.AF_INET6 : Libc.AF_INET, SOCK_RAW, protocol, opening);
        try {
            receiveNothing(socket, opening);
            Sys.setsockopt(socket, SOL_SOCKET, Libc.SO_BINDTODEVICE, Machine.deviceName(interfaceName), opening);
            Sys.setsockopt(socket, SOL_SOCKET, Libc.SO_PRIORITY, PRIORITY_INTERNETWORK_CONTROL, opening);
            if (ipv6) {
                prepareIpv6(socket, index, opening);
            } else {
                prepareIpv4(socket, index, opening);
            }
        } catch (NativeIoException e) {
            socket.close();
            throw e;
        }
        fd = socket;
    }

    private static void receiveNothing(Fd socket, String opening) throws NativeIoException {
        Machine.attach(socket, SocketFilter.nothing(), opening);
        Sys.setsockopt(socket, SOL_SOCKET, Libc.SO_RCVBUF, 0, opening);
    }

    private static void prepareIpv4(Fd socket, int index, String opening) throws NativeIoException {
        Sys.setsockopt(socket, IPPROTO_IP, Libc.IP_HDRINCL, 1, opening);
        Sys.setsockopt(socket, IPPROTO_IP, Libc.IP_MULTICAST_ALL, 0, opening);
        Sys.setsockopt(socket, IPPROTO_IP, Libc.IP_MULTICAST_LOOP, 0, opening);
        // ip_mreqn: group and address unused, interface.
        ByteBuffer request =
                ByteBuffer.allocate(12).order(ByteOrder.nativeOrder()).putInt(8, index);
        Sys.setsockopt(socket, IPPROTO_IP, Libc.IP_MULTICAST_IF, request.array(), opening);
        // Without it the kernel keeps to itself that a queue dropped the packet.
        Sys.setsockopt(socket, IPPROTO_IP, Libc.IP_RECVERR, 1, opening);
    }

    private void prepareIpv6(Fd socket, int index, String opening) throws NativeIoException {
        Sys.setsockopt(socket, IPPROTO_IPV6, Libc.IPV6_CHECKSUM, Machine.IPV6_CHECKSUM_OFFSET, opening);
        Sys.setsockopt(socket, IPPROTO_IPV6, Libc.IPV6_MULTICAST_IF, index, opening);
        Sys.setsockopt(socket, IPPROTO_IPV6, Libc.IPV6_MULTICAST_LOOP, 0, opening);
        Sys.setsockopt(socket, IPPROTO_IPV6, Libc.IPV6_MULTICAST_HOPS, HOPS_MAX, opening);
        Sys.setsockopt(socket, IPPROTO_IPV6, Libc.IPV6_UNICAST_HOPS, HOPS_MAX, opening);
        Sys.setsockopt(socket, IPPROTO_IPV6, Libc.IPV6_TCLASS, CLASS_INTERNETWORK_CONTROL, opening);
        Sys.setsockopt(socket, IPPROTO_IPV6, Libc.IPV6_RECVERR, 1, opening);
        Machine.optional(() -> Sys.setsockopt(socket, IPPROTO_IPV6, Libc.IPV6_MULTICAST_ALL, 0, opening));
        if (kind.foreignSource()) {
            Sys.setsockopt(socket, IPPROTO_IPV6, Libc.IPV6_FREEBIND, 1, opening);
        }
    }

    /** Sends what msghdr describes; allocates nothing unless it fails. */
    void send(long msghdr, int flags) throws NativeIoException {
        Fd socket = fd;
        if (socket == null) {
            throw new NativeIoException("sendmsg", Errno.ENODEV, doing);
        }
        try {
            Sys.sendmsg(socket.number(), msghdr, flags, doing);
        } catch (NativeIoException e) {
            if (e.errno() == Errno.ENOBUFS) {
                throw e;
            }
            // It may be an ICMP error that an earlier packet to another peer caused; reading it has removed it.
            Sys.sendmsg(socket.number(), msghdr, flags, doing);
        }
    }

    @Override
    public void close() {
        Fd socket = fd;
        if (socket != null) {
            fd = null;
            socket.close();
        }
    }
}
