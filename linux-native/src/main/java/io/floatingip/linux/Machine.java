package io.floatingip.linux;

import io.floatingip.spi.NetworkListener;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One network namespace, seen from the thread that entered it: what all links share. Used by that thread alone. */
final class Machine implements AutoCloseable {
    /** Where the checksum is in a VRRP message: IPV6_CHECKSUM makes the kernel fill and verify it. */
    static final int IPV6_CHECKSUM_OFFSET = 6;

    private static final int NAME_BYTES = 16;
    private static final int EVENT_QUEUE_BYTES = 1 << 20;

    private final Poller poller;
    private final NetlinkSocket requests;
    private final NetlinkSocket events;
    private final LinkMonitor monitor;
    private final Addresses addresses;
    private final ReceiveBuffer receiveBuffer = new ReceiveBuffer();
    private final Map<String, Device> devices = new HashMap<>();
    private final Settings settings = new Settings();
    private @Nullable PacketSender packets;
    private @Nullable NftFences fences;

    private Machine(Poller poller, NetlinkSocket requests, NetlinkSocket events) throws IOException {
        this.poller = poller;
        this.requests = requests;
        this.events = events;
        // Room for the news of many addresses while the JVM stands still.
        optional(() -> Sys.setsockopt(
                events.fd(), Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, EVENT_QUEUE_BYTES, "preparing for netlink news"));
        monitor = new LinkMonitor(requests, events);
        boolean marks = Addresses.kernelMarks(System.getProperty("os.version"));
        addresses = new Addresses(requests, monitor, marks ? null : Journal.open());
        poller.add(events.fd(), monitor);
    }

    /** Takes the calling thread into a network namespace, if one is given, and opens what every link needs. */
    static Machine enter(Poller poller, @Nullable Path namespace) throws IOException {
        if (namespace != null) {
            try (Fd fd = Sys.open(namespace.toString(), Libc.O_RDONLY, "opening the network namespace " + namespace)) {
                Sys.setns(fd, Libc.CLONE_NEWNET, "entering the network namespace " + namespace);
            }
        }
        NetlinkSocket requests = NetlinkSocket.open(Libc.NETLINK_ROUTE, 0).strict();
        try {
            NetlinkSocket events = NetlinkSocket.open(Libc.NETLINK_ROUTE, RouteMessages.GROUPS);
            try {
                return new Machine(poller, requests, events);
            } catch (IOException e) {
                poller.remove(events.fd());
                events.close();
                throw e;
            }
        } catch (IOException e) {
            requests.close();
            throw e;
        }
    }

    Poller poller() {
        return poller;
    }

    NetlinkSocket requests() {
        return requests;
    }

    LinkMonitor monitor() {
        return monitor;
    }

    Addresses addresses() {
        return addresses;
    }

    ReceiveBuffer receiveBuffer() {
        return receiveBuffer;
    }

    Settings settings() {
        return settings;
    }

    /** For frames that are announcements and probes; opened by their first use. */
    PacketSender packets() throws NativeIoException {
        PacketSender sender = packets;
        if (sender == null) {
            sender = new PacketSender();
            packets = sender;
        }
        return sender;
    }

    /** What is in the packet filter; opened by its first use. */
    NftFences fences() throws NativeIoException {
        NftFences opened = fences;
        if (opened == null) {
            opened = NftFences.open();
            fences = opened;
            Fd fd = opened.fd();
            if (fd != null) {
                poller.add(fd, this::readFenceNews);
            }
        }
        return opened;
    }

    private int readFenceNews(NetworkListener listener, int max) {
        if (fences != null) {
            fences.onReadable(name -> {
                Device device = devices.get(name);
                if (device != null) {
                    device.tellFenceDisturbed(listener);
                }
            });
        }
        return 1;
    }

    /** An interface of this name is new. */
    void linkReplaced(String name) {
        if (fences != null) {
            fences.linkChanged(name);
        }
    }

    /** The one object for the interface of this name. */
    Device device(String name) throws IOException {
        Device device = devices.get(name);
        if (device == null) {
            device = new Device(this, name);
            devices.put(name, device);
            monitor.add(device);
        }
        return device;
    }

    /** Whether a link is open on the interface of this name. */
    boolean isOpen(String name) {
        return devices.containsKey(name);
    }

    void forget(Device device) {
        devices.remove(device.name());
        monitor.remove(device);
    }

    List<String> interfaceNames() {
        List<String> names = new ArrayList<>();
        monitor.links().forEach(link -> names.add(link.name()));
        return names;
    }

    @Override
    public void close() {
        if (packets != null) {
            packets.close();
        }
        if (fences != null) {
            Fd fd = fences.fd();
            if (fd != null) {
                poller.remove(fd);
            }
            fences.close();
        }
        poller.remove(events.fd());
        events.close();
        requests.close();
    }

    /** An interface's name as socket options want it: terminated, at most 15 bytes. */
    static byte[] deviceName(String name) {
        byte[] bytes = new byte[NAME_BYTES];
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(text, 0, bytes, 0, Math.min(text.length, NAME_BYTES - 1));
        return bytes;
    }

    /** Gives a socket a filter: struct sock_fprog is the number of instructions and a pointer to them. */
    static void attach(Fd socket, byte[] program, String doing) throws NativeIoException {
        Slab instructions = new Slab(program.length);
        instructions.bytes().put(0, program);
        ByteBuffer description = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        description.putShort(0, (short) (program.length / SocketFilter.INSTRUCTION_BYTES));
        description.putLong(8, instructions.address());
        Sys.setsockopt(socket, Libc.SOL_SOCKET, Libc.SO_ATTACH_FILTER, description.array(), doing);
        Reference.reachabilityFence(instructions);
    }

    /** Something older kernels do not have and that can be done without. */
    static void optional(Option option) {
        try {
            option.set();
        } catch (NativeIoException e) {
            // done without
        }
    }

    interface Option {
        void set() throws NativeIoException;
    }
}
