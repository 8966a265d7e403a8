package io.floatingip.linux;

import io.floatingip.IpFamily;
import io.floatingip.spi.Channel;
import io.floatingip.spi.Fence;
import io.floatingip.spi.FenceSpec;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A process to be stopped and killed: opens a fence on a0 and sends adverts without asking itself whether it should. Arguments: kind (plain or ah),
 * source, destination, VRID, interval in ms, lease in ms, a file for the time of the last advert, addresses. Commands on standard input, each
 * answered by a line: open, repair (puts back what others removed), shut, close, zero (priority 0 from now on), announce, silent.
 */
final class NftSender {
    private NftSender() {}

    static FenceSpec spec(
            boolean ah, InetAddress source, InetAddress to, int vrid, long leaseNanos, InetAddress... guarded) {
        IpFamily family = source.getAddress().length == 4 ? IpFamily.IPV4 : IpFamily.IPV6;
        InetAddress local = to.isMulticastAddress() ? to : source;
        return new FenceSpec(
                new Channel(family, local, ah), vrid, source, List.of(guarded), leaseNanos, leaseNanos, true);
    }

    public static void main(String[] args) throws Exception {
        boolean ah = args[0].equals("ah");
        InetAddress source = InetAddress.getByName(args[1]);
        InetAddress to = InetAddress.getByName(args[2]);
        int vrid = Integer.parseInt(args[3]);
        long interval = Long.parseLong(args[4]) * 1_000_000;
        long lease = Long.parseLong(args[5]) * 1_000_000;
        InetAddress[] guarded = Stream.of(Arrays.copyOfRange(args, 7, args.length))
                .map(NftSender::address)
                .toArray(InetAddress[]::new);
        NftFences fences = NftFences.open();
        Fence fence = fences.fence("a0", Set.of("a0"), spec(ah, source, to, vrid, lease, guarded), () -> {});
        Adverts adverts = new Adverts(ah, source, to, vrid);
        Announcements announcements = new Announcements();
        try (RandomAccessFile file = new RandomAccessFile(args[6], "rw")) {
            MappedByteBuffer last = file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, 16);
            boolean silent = true;
            long next = System.nanoTime();
            System.out.println(fence.state());
            StringBuilder line = new StringBuilder();
            while (true) {
                while (System.in.available() > 0) {
                    int c = System.in.read();
                    if (c != '\n') {
                        line.append((char) c);
                        continue;
                    }
                    switch (line.toString()) {
                        case "open" -> {
                            fence.open();
                            adverts.priority(200);
                            silent = false;
                            next = System.nanoTime() + interval;
                            adverts.send();
                            fence.advertised(true);
                            last.putLong(0, System.nanoTime());
                        }
                        case "claim" -> {
                            silent = true;
                            fence.open();
                        }
                        case "repair" -> fences.onReadable(device -> {});
                        case "shut" -> fence.shut();
                        case "close" -> {
                            fence.close();
                            fences.close();
                        }
                        case "leave" -> {
                            adverts.priority(0);
                            fence.closeAfter(100_000_000L);
                        }
                        case "leaving" -> fence.closeAfter(10_000_000_000L);
                        case "zero" -> adverts.priority(0);
                        case "announce" -> announcements.send(guarded[0]);
                        case "silent" -> silent = true;
                        default -> throw new IllegalArgumentException(line.toString());
                    }
                    System.out.println(line);
                    line.setLength(0);
                }
                if (!silent && System.nanoTime() - next >= 0) {
                    next += interval;
                    adverts.send();
                    fence.advertised(true);
                    last.putLong(0, System.nanoTime());
                }
                LockSupport.parkNanos(500_000);
            }
        }
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** What looks like an advert; the fence looks at VRID and priority only. */
    private static final class Adverts {
        private final Fd socket;
        private final Slab packet = new Slab(64);
        private final int start;

        Adverts(boolean ah, InetAddress source, InetAddress to, int vrid) throws Exception {
            boolean ipv4 = source.getAddress().length == 4;
            start = ah ? 24 : 0;
            int ifindex = NetworkInterface.getByName("a0").getIndex();
            socket = Sys.socket(
                    ipv4 ? Libc.AF_INET : Libc.AF_INET6, Libc.SOCK_RAW, ah ? Libc.IPPROTO_AH : Libc.IPPROTO_VRRP, "");
            Slab address = new Slab(SockAddr.IN6_BYTES);
            Sys.bind(socket, address, SockAddr.inet(address.bytes(), 0, source, ifindex), "");
            if (ipv4) {
                Sys.setsockopt(socket, Libc.IPPROTO_IP, Libc.IP_MULTICAST_IF, source.getAddress(), "");
            } else {
                Sys.setsockopt(socket, Libc.IPPROTO_IPV6, Libc.IPV6_MULTICAST_IF, ifindex, "");
            }
            Sys.connect(socket, address, SockAddr.inet(address.bytes(), 0, to, ifindex), "");
            packet.bytes().put(0, (byte) Libc.IPPROTO_VRRP).put(1, (byte) 4);
            packet.bytes().put(start, (byte) 0x31).put(start + 1, (byte) vrid);
        }

        void priority(int priority) {
            packet.bytes().put(start + 2, (byte) priority);
        }

        void send() throws NativeIoException {
            sendPast(socket, packet, start + 12);
        }
    }

    private static void sendPast(Fd socket, Slab packet, int length) throws NativeIoException {
        try {
            Sys.send(socket.number(), packet.address(), length, 0, "sending");
        } catch (NativeIoException e) {
            // ENOBUFS is how packet sockets and raw IPv6 sockets are told that a filter dropped it.
            if (e.errno() != Errno.ENOBUFS) {
                throw e;
            }
        }
    }

    /** Gratuitous ARP, or an unsolicited neighbour advertisement, from a packet socket. */
    private static final class Announcements {
        void send(InetAddress address) throws Exception {
            byte[] mac = NetworkInterface.getByName("a0").getHardwareAddress();
            byte[] ip = address.getAddress();
            int type = ip.length == 4 ? Libc.ETH_P_ARP : Libc.ETH_P_IPV6;
            Slab frame = new Slab(128);
            frame.bytes().put(0, new byte[] {-1, -1, -1, -1, -1, -1}).put(6, mac);
            SockAddr.putNetworkShort(frame.bytes(), 12, type);
            int length = ip.length == 4 ? arp(frame, mac, ip) : advertisement(frame, ip);
            Fd socket = Sys.socket(Libc.AF_PACKET, Libc.SOCK_RAW, 0, "");
            Slab to = new Slab(SockAddr.LL_BYTES);
            int ifindex = NetworkInterface.getByName("a0").getIndex();
            Sys.bind(socket, to, SockAddr.linkLayer(to.bytes(), 0, type, ifindex, 0), "");
            sendPast(socket, frame, length);
            socket.close();
        }

        private static int arp(Slab frame, byte[] mac, byte[] ip) {
            frame.bytes()
                    .put(14, new byte[] {0, 1, 8, 0, 6, 4, 0, 1})
                    .put(22, mac)
                    .put(28, ip)
                    .put(38, ip);
            return 42;
        }

        private static int advertisement(Slab frame, byte[] ip) throws Exception {
            frame.bytes()
                    .put(14, (byte) 0x60)
                    .put(19, (byte) 24)
                    .put(20, (byte) 58)
                    .put(21, (byte) 255);
            // From another address than the one it is about: the target alone has to give it away.
            frame.bytes().put(22, InetAddress.getByName("fd00::1").getAddress());
            frame.bytes().put(38, InetAddress.getByName("ff02::1").getAddress());
            frame.bytes().put(54, (byte) 136).put(58, (byte) 0x20).put(62, ip);
            return 78;
        }
    }
}
