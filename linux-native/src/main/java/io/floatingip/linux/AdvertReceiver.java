package io.floatingip.linux;

import static io.floatingip.linux.Libc.SOCK_RAW;
import static io.floatingip.linux.Libc.SOL_SOCKET;

import io.floatingip.IpFamily;
import io.floatingip.spi.Channel;
import io.floatingip.spi.NetworkListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The raw socket that receives the adverts of one channel on one interface, for all links that listen there. Used by the loop thread. Receiving
 * allocates nothing.
 */
final class AdvertReceiver implements Poller.Source, AutoCloseable {
    // Adverts of some hundred routers for some ten seconds of a stopped JVM, at about 2 KiB of kernel memory each.
    private static final int QUEUE_BYTES = 8 << 20;

    private final Machine machine;
    private final String interfaceName;
    private final Channel channel;
    private final String doing;
    private LinuxLink[] links = {};
    private @Nullable Fd fd;
    // The queue was seen empty at this time: whatever is read later arrived later.
    private long emptyAt;

    AdvertReceiver(Machine machine, String interfaceName, Channel channel) {
        this.machine = machine;
        this.interfaceName = interfaceName;
        this.channel = channel;
        doing = "receiving adverts on " + interfaceName;
    }

    boolean isOpen() {
        return fd != null;
    }

    void add(LinuxLink link) {
        if (!Arrays.asList(links).contains(link)) {
            links = Arrays.copyOf(links, links.length + 1);
            links[links.length - 1] = link;
        }
    }

    /** Whether nobody listens any more. */
    boolean remove(LinuxLink link) {
        links = Arrays.stream(links).filter(other -> other != link).toArray(LinuxLink[]::new);
        return links.length == 0;
    }

    /** Opens it anew on the interface with this index; 0 leaves it closed. */
    void open(int index) throws NativeIoException {
        close();
        if (index == 0) {
            return;
        }
        int protocol = channel.authenticationHeader() ? Libc.IPPROTO_AH : Libc.IPPROTO_VRRP;
        boolean ipv6 = channel.family() == IpFamily.IPV6;
        String opening = "opening a socket for adverts on " + interfaceName;
        Fd socket = Sys.socket(ipv6 ? Libc.AF_INET6 : Libc.AF_INET, SOCK_RAW, protocol, opening);
        try {
            Sys.setsockopt(socket, SOL_SOCKET, Libc.SO_BINDTODEVICE, Machine.deviceName(interfaceName), opening);
            queue(socket, opening);
            Sys.setsockopt(socket, SOL_SOCKET, Libc.SO_TIMESTAMPNS, 1, opening);
            if (ipv6) {
                prepareIpv6(socket, index, opening);
            } else {
                prepareIpv4(socket, index, opening);
            }
            Slab address = new Slab(SockAddr.IN6_BYTES);
            String binding = opening + " to " + channel.local().getHostAddress();
            Sys.bind(socket, address, SockAddr.inet(address.bytes(), 0, channel.local(), index), binding);
            machine.poller().add(socket, this);
        } catch (NativeIoException e) {
            socket.close();
            throw e;
        }
        emptyAt = System.nanoTime();
        fd = socket;
    }

    private static void queue(Fd socket, String opening) throws NativeIoException {
        try {
            Sys.setsockopt(socket, SOL_SOCKET, Libc.SO_RCVBUFFORCE, QUEUE_BYTES / 2, opening);
        } catch (NativeIoException e) {
            // Without CAP_NET_ADMIN of the whole machine (a user namespace) net.core.rmem_max limits it.
            Sys.setsockopt(socket, SOL_SOCKET, Libc.SO_RCVBUF, QUEUE_BYTES / 2, opening);
        }
    }

    private void prepareIpv4(Fd socket, int index, String opening) throws NativeIoException {
        Sys.setsockopt(socket, Libc.IPPROTO_IP, Libc.IP_MULTICAST_ALL, 0, opening);
        if (channel.multicast()) {
            // ip_mreqn: group, own address (left to the kernel), interface.
            ByteBuffer request = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
            request.put(0, channel.local().getAddress()).putInt(8, index);
            Sys.setsockopt(socket, Libc.IPPROTO_IP, Libc.IP_ADD_MEMBERSHIP, request.array(), joining(opening));
        } else {
            Sys.setsockopt(socket, Libc.IPPROTO_IP, Libc.IP_FREEBIND, 1, opening);
        }
    }

    private void prepareIpv6(Fd socket, int index, String opening) throws NativeIoException {
        Sys.setsockopt(socket, Libc.IPPROTO_IPV6, Libc.IPV6_CHECKSUM, Machine.IPV6_CHECKSUM_OFFSET, opening);
        Sys.setsockopt(socket, Libc.IPPROTO_IPV6, Libc.IPV6_RECVHOPLIMIT, 1, opening);
        Sys.setsockopt(socket, Libc.IPPROTO_IPV6, Libc.IPV6_RECVPKTINFO, 1, opening);
        Machine.optional(() -> Sys.setsockopt(socket, Libc.IPPROTO_IPV6, Libc.IPV6_MULTICAST_ALL, 0, opening));
        if (channel.multicast()) {
            // ipv6_mreq: group, interface.
            ByteBuffer request = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
            request.put(0, channel.local().getAddress()).putInt(16, index);
            Sys.setsockopt(socket, Libc.IPPROTO_IPV6, Libc.IPV6_JOIN_GROUP, request.array(), joining(opening));
        } else {
            Sys.setsockopt(socket, Libc.IPPROTO_IPV6, Libc.IPV6_FREEBIND, 1, opening);
        }
    }

    private String joining(String opening) {
        return opening + " and joining " + channel.local().getHostAddress();
    }

    @Override
    public int read(NetworkListener listener, int max) throws IOException {
        ReceiveBuffer buffer = machine.receiveBuffer();
        int read = 0;
        while (read < max) {
            Fd socket = fd;
            if (socket == null) {
                // Closed by the listener.
                return read;
            }
            long askedAt = System.nanoTime();
            int length;
            try {
                length = buffer.receive(socket, doing);
            } catch (NativeIoException e) {
                // An error that was pending on the socket, such as
                // ENETDOWN: the interface's state is told by rtnetlink.
                read++;
                continue;
            }
            if (length == Sys.AGAIN) {
                emptyAt = askedAt;
                return read;
            }
            read++;
            buffer.show(channel.family(), length, emptyAt);
            // The array is replaced when links come and go, so this one is as it was when the packet arrived.
            for (LinuxLink link : links) {
                if (!link.isClosed()) {
                    listener.packet(link, buffer.packet());
                }
            }
        }
        return read;
    }

    @Override
    public void close() {
        Fd socket = fd;
        if (socket != null) {
            fd = null;
            machine.poller().remove(socket);
            socket.close();
        }
    }
}
