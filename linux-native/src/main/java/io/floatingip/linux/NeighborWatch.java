package io.floatingip.linux;

import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.NetworkListener;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Listens on one interface for others who claim addresses: two packet sockets with filters in the kernel, one for ARP, one for neighbour
 * advertisements. What is let in is compared without allocating. Used by the loop thread.
 */
final class NeighborWatch implements AutoCloseable {
    private static final int FRAME_BYTES = 2048;
    private static final Watched[] NOTHING = {};

    private final Machine machine;
    private final String interfaceName;
    private final String doing;
    private final Slab frame = new Slab(FRAME_BYTES);
    private final Map<LinuxLink, List<InetAddress>> byLink = new LinkedHashMap<>();
    // Replaced, never changed: the listener may set another watch meanwhile.
    private Watched[] watched = NOTHING;
    private @Nullable Fd arp;
    private @Nullable Fd advertisements;

    private record Watched(LinuxLink link, InetAddress address, long high, long low) {
        static Watched of(LinuxLink link, InetAddress address) {
            ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
            return address instanceof Inet4Address
                    ? new Watched(link, address, 0, bytes.getInt() & 0xffff_ffffL)
                    : new Watched(link, address, bytes.getLong(), bytes.getLong());
        }

        boolean ipv4() {
            return address instanceof Inet4Address;
        }
    }

    NeighborWatch(Machine machine, String interfaceName) {
        this.machine = machine;
        this.interfaceName = interfaceName;
        doing = "watching for other holders on " + interfaceName;
    }

    /** Replaces what a link watches. */
    void set(LinuxLink link, List<InetAddress> addresses, int index) throws IOException {
        if (addresses.isEmpty()) {
            byLink.remove(link);
        } else {
            byLink.put(link, List.copyOf(addresses));
        }
        watched = byLink.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(address -> Watched.of(entry.getKey(), address)))
                .toArray(Watched[]::new);
        adjust(index);
    }

    /**
     * Lets in what is watched now. A socket stays as long as there is anything for it: closing one waits until no processor of the machine can be
     * handling a packet for it, and that takes many milliseconds.
     */
    private void adjust(int index) throws IOException {
        if (index == 0) {
            close();
            return;
        }
        int[] senders = lastWords(true);
        int[] targets = lastWords(false);
        arp = adjusted(arp, index, Libc.ETH_P_ARP, senders, SocketFilter::arpFrom, this::readArp);
        advertisements = adjusted(
                advertisements,
                index,
                Libc.ETH_P_IPV6,
                targets,
                SocketFilter::advertisementsOf,
                this::readAdvertisements);
    }

    private @Nullable Fd adjusted(
            @Nullable Fd present,
            int index,
            int ethertype,
            int[] words,
            Function<int[], byte[]> filter,
            Poller.Source source)
            throws IOException {
        if (words.length == 0) {
            return close(present);
        }
        if (present == null) {
            return open(index, ethertype, filter.apply(words), source);
        }
        Machine.attach(present, filter.apply(words), doing);
        return present;
    }

    boolean isOpen() {
        return watched.length == 0 || arp != null || advertisements != null;
    }

    /** Opens what is needed on the interface with this index, with filters for the present set; 0 leaves it closed. */
    void open(int index) throws IOException {
        close();
        adjust(index);
    }

    private int[] lastWords(boolean ipv4) {
        return Arrays.stream(watched)
                .filter(each -> each.ipv4() == ipv4)
                .mapToInt(each -> (int) each.low())
                .distinct()
                .toArray();
    }

    private Fd open(int index, int ethertype, byte[] filter, Poller.Source source) throws NativeIoException {
        // Protocol 0 until the filter is in place: nothing else gets in.
        Fd fd = Sys.socket(Libc.AF_PACKET, Libc.SOCK_RAW, 0, doing);
        try {
            Machine.attach(fd, filter, doing);
            Machine.optional(() -> Sys.setsockopt(fd, Libc.SOL_PACKET, Libc.PACKET_IGNORE_OUTGOING, 1, doing));
            Slab address = new Slab(SockAddr.LL_BYTES);
            Sys.bind(fd, address, SockAddr.linkLayer(address.bytes(), 0, ethertype, index, 0), doing);
            machine.poller().add(fd, source);
        } catch (NativeIoException e) {
            fd.close();
            throw e;
        }
        return fd;
    }

    private int readArp(NetworkListener listener, int max) {
        int read = 0;
        while (read < max) {
            Fd socket = arp;
            int length = socket == null ? Sys.AGAIN : receive(socket);
            if (length == Sys.AGAIN) {
                return read;
            }
            read++;
            long claimed = ArpFrame.claimed(frame.bytes(), length);
            if (claimed != 0) {
                tell(listener, true, 0, claimed, ArpFrame.claimant(frame.bytes()));
            }
        }
        return read;
    }

    private int readAdvertisements(NetworkListener listener, int max) {
        int read = 0;
        while (read < max) {
            Fd socket = advertisements;
            int length = socket == null ? Sys.AGAIN : receive(socket);
            if (length == Sys.AGAIN) {
                return read;
            }
            read++;
            ByteBuffer bytes = frame.bytes();
            if (NeighborDiscovery.advertises(bytes, length)) {
                long high = NeighborDiscovery.targetHigh(bytes);
                long low = NeighborDiscovery.targetLow(bytes);
                tell(listener, false, high, low, NeighborDiscovery.claimant(bytes, length));
            }
        }
        return read;
    }

    /** The length of a frame, 0 for an error that was pending on the socket, such as ENETDOWN, or {@link Sys#AGAIN}. */
    private int receive(Fd socket) {
        try {
            return Sys.recv(socket.number(), frame.address(), FRAME_BYTES, 0, doing);
        } catch (NativeIoException e) {
            return 0;
        }
    }

    private void tell(NetworkListener listener, boolean ipv4, long high, long low, long claimant) {
        for (Watched each : watched) {
            if (each.low() == low && each.high() == high && each.ipv4() == ipv4) {
                // A switch or a bond may hand our own frames back; and another interface of ours is no stranger.
                if (!each.link().isClosed() && !machine.monitor().ownsHardwareAddress(claimant)) {
                    listener.neighborClaims(each.link(), each.address(), new HardwareAddress(claimant));
                }
            }
        }
    }

    @Override
    public void close() {
        arp = close(arp);
        advertisements = close(advertisements);
    }

    private @Nullable Fd close(@Nullable Fd fd) {
        if (fd != null) {
            machine.poller().remove(fd);
            fd.close();
        }
        return null;
    }
}
