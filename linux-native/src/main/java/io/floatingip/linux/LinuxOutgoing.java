package io.floatingip.linux;

import io.floatingip.IpFamily;
import io.floatingip.spi.Channel;
import io.floatingip.spi.Outgoing;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** A destination with everything sendmsg needs laid out once; only data and its length change. Used by the loop thread. */
final class LinuxOutgoing implements Outgoing {
    private static final int IOVEC = 64;
    private static final int NAME = 80;
    private static final int CONTROL = 112;
    private static final int CMSG_HEADER = 16;
    private static final int PKTINFO_BYTES = 20;
    private static final int PKTINFO_SPACE = 40;
    private static final int HOPLIMIT_SPACE = 24;
    private static final int DATA = 192;
    private static final int DATA_BYTES = 8192;

    private final AdvertSender sender;
    private final Device device;
    private final InetAddress source;
    private final InetAddress destination;
    private final boolean ipv6;
    private final int hopLimit;
    private final int flags;
    private final Slab slab = new Slab(DATA + DATA_BYTES);
    private int index = -1;
    private boolean closed;

    LinuxOutgoing(
            Device device,
            AdvertSender sender,
            Channel channel,
            InetAddress source,
            InetAddress destination,
            int hopLimit) {
        this.device = device;
        this.sender = sender;
        this.source = source;
        this.destination = destination;
        this.hopLimit = hopLimit;
        ipv6 = channel.family() == IpFamily.IPV6;
        flags = destination.isMulticastAddress() ? Libc.MSG_DONTROUTE : 0;
    }

    @Override
    public void send(ByteBuffer packet) throws IOException {
        if (closed) {
            throw new IOException("this way to " + destination.getHostAddress() + " is closed");
        }
        if (packet.remaining() > DATA_BYTES) {
            throw new NativeIoException(
                    "sendmsg", Errno.EMSGSIZE, "sending an advert of " + packet.remaining() + " bytes");
        }
        if (index != device.index()) {
            index = device.index();
            layOut();
        }
        ByteBuffer bytes = slab.bytes();
        bytes.put(DATA, packet, packet.position(), packet.remaining());
        bytes.putLong(IOVEC + 8, packet.remaining());
        sender.send(slab.address(), flags);
    }

    private void layOut() {
        ByteBuffer bytes = slab.bytes();
        MessageHeader.write(bytes, 0, slab.address(NAME), slab.address(IOVEC), ipv6 ? slab.address(CONTROL) : 0);
        bytes.putLong(IOVEC, slab.address(DATA));
        // A scope is for link-local destinations and groups; another
        // one's route finds the interface by the socket's binding.
        boolean scoped = destination.isLinkLocalAddress() || destination.isMulticastAddress();
        int name = SockAddr.inet(bytes, NAME, destination, scoped ? index : 0);
        MessageHeader.lengths(bytes, 0, name, ipv6 ? PKTINFO_SPACE + HOPLIMIT_SPACE : 0);
        if (ipv6) {
            int value = cmsg(bytes, CONTROL, Libc.IPV6_PKTINFO, PKTINFO_BYTES);
            bytes.put(value, source.getAddress());
            bytes.putInt(value + 16, index);
            value = cmsg(bytes, CONTROL + PKTINFO_SPACE, Libc.IPV6_HOPLIMIT, Integer.BYTES);
            bytes.putInt(value, hopLimit);
        }
    }

    private static int cmsg(ByteBuffer out, int at, int type, int length) {
        out.putLong(at, CMSG_HEADER + length);
        out.putInt(at + 8, Libc.IPPROTO_IPV6);
        out.putInt(at + 12, type);
        return at + CMSG_HEADER;
    }

    @Override
    public void close() {
        // The socket belongs to the interface and is shared.
        closed = true;
    }
}
