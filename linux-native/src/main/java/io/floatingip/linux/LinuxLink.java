package io.floatingip.linux;

import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import io.floatingip.linux.RouteMessages.AddressEntry;
import io.floatingip.linux.RouteMessages.LinkEntry;
import io.floatingip.spi.Channel;
import io.floatingip.spi.Fence;
import io.floatingip.spi.FenceSpec;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkInfo;
import io.floatingip.spi.NetworkListener;
import io.floatingip.spi.Outgoing;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A caller's view of an interface. Sockets belong to the {@link Device} and are shared with other links; what this link asked for ends when it
 * is closed. Used by the loop thread.
 */
final class LinuxLink implements Link {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNetwork.class);

    private final Machine machine;
    private final LinuxNetwork network;
    // Where addresses are placed and announced, and adverts to groups exchanged.
    private final Device device;
    // Whose addresses adverts are sent from, and where those to
    // peers are exchanged: below a virtual interface the real one.
    private final Device base;
    // What was made for this link and ends with it.
    private final @Nullable MadeDevice made;
    private final Set<Channel> channels = new HashSet<>();
    // Put together here: the first time a method does that takes Java longer than the announcement.
    private final String announcing;
    private LinkInfo info;
    private boolean closed;

    /** A link on an interface of the machine. */
    LinuxLink(LinuxNetwork network, Machine machine, Device device) {
        this(network, machine, device, device, null);
    }

    LinuxLink(LinuxNetwork network, Machine machine, Device device, Device base, @Nullable MadeDevice made) {
        this.network = network;
        this.machine = machine;
        this.device = device;
        this.base = base;
        this.made = made;
        announcing = "announcing on " + device.name();
        device.attach(this);
        if (base != device) {
            base.attach(this);
        }
        info = combined();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public LinkInfo info() {
        return info;
    }

    /** The device, or the one below it, is not as it was. */
    void changed(NetworkListener listener) {
        if (closed) {
            return;
        }
        if (made != null && device.index() == 0 && (base == device || base.index() != 0)) {
            try {
                made.makeAgain();
            } catch (IOException e) {
                LOG.warn("{} is gone and cannot be made again: {}", device.name(), e.getMessage());
            }
        }
        LinkInfo before = info;
        info = combined();
        if (!info.equals(before)) {
            listener.linkChanged(this);
        }
    }

    void addressesRemoved(Device from, NetworkListener listener) {
        if (!closed && from == device) {
            listener.addressesRemoved(this);
        }
    }

    private LinkInfo combined() {
        LinkInfo own = device.info();
        LinkInfo below = base.info();
        return own == below
                ? own
                : new LinkInfo(
                        own.name(),
                        own.index(),
                        own.up() && below.up(),
                        own.mtu(),
                        own.hardwareAddress(),
                        below.ipv4(),
                        below.ipv6LinkLocal());
    }

    @Override
    public Claim claim(IpFamily family, int virtualRouterId) throws IOException {
        return RouterClaim.of(device.name(), family, virtualRouterId);
    }

    @Override
    public void listen(Channel channel) throws IOException {
        Device on = on(channel);
        Preflight.requireSpeaks(on.entry(), channel);
        on.listen(channel, this);
        channels.add(channel);
    }

    @Override
    public void ignore(Channel channel) {
        if (channels.remove(channel)) {
            on(channel).ignore(channel, this);
        }
    }

    private Device on(Channel channel) {
        return channel.multicast() ? device : base;
    }

    @Override
    public Outgoing outgoing(Channel channel, InetAddress source, InetAddress destination, int hopLimit)
            throws IOException {
        Device on = on(channel);
        Preflight.requireSpeaks(on.entry(), channel);
        boolean foreignSource = on != base;
        AdvertSender sender =
                on.sender(new AdvertSender.Kind(channel.family(), channel.authenticationHeader(), foreignSource));
        return new LinuxOutgoing(on, sender, channel, source, destination, hopLimit);
    }

    @Override
    public void addAddress(VirtualAddress address, int lifetimeSeconds) throws IOException {
        device.add(address, lifetimeSeconds);
    }

    @Override
    public void removeAddress(VirtualAddress address) throws IOException {
        device.remove(address);
    }

    @Override
    public List<InetAddress> addresses() throws IOException {
        List<InetAddress> addresses = new ArrayList<>();
        if (device.index() != 0) {
            machine.addresses().list(device.index()).forEach(entry -> addresses.add(entry.address()));
        }
        return addresses;
    }

    @Override
    public List<VirtualAddress> markedAddresses() throws IOException {
        List<VirtualAddress> marked = new ArrayList<>();
        if (device.index() != 0) {
            for (AddressEntry entry : machine.addresses().list(device.index())) {
                if (machine.addresses().ours(device.name(), entry)) {
                    marked.add(entry.asVirtualAddress(device.name()));
                }
            }
        }
        return marked;
    }

    @Override
    public void announce(InetAddress address) throws IOException {
        LinkEntry entry = neighborly("announcing ", address);
        if (entry == null) {
            return;
        }
        int length = writeAnnouncement(address);
        int type = address instanceof Inet4Address ? Libc.ETH_P_ARP : Libc.ETH_P_IPV6;
        machine.packets().send(entry.index(), type, length, announcing);
    }

    @Override
    public void rehearseAnnouncing(InetAddress address) throws IOException {
        if (neighborly("announcing ", address) != null) {
            writeAnnouncement(address);
        }
    }

    private int writeAnnouncement(InetAddress address) throws NativeIoException {
        ByteBuffer frame = machine.packets().frame();
        byte[] hardware = device.info().hardwareAddress().toBytes();
        if (address instanceof Inet4Address ipv4) {
            ArpFrame.announcement(frame, hardware, ipv4);
            return ArpFrame.BYTES;
        }
        boolean router = Sysctl.isOn(Sysctl.of("ipv6", device.name(), "forwarding"));
        NeighborDiscovery.announcement(frame, hardware, (Inet6Address) address, router);
        return NeighborDiscovery.ADVERTISEMENT_BYTES;
    }

    @Override
    public void probe(InetAddress address) throws IOException {
        LinkEntry entry = neighborly("probing for ", address);
        if (entry == null) {
            return;
        }
        PacketSender packets = machine.packets();
        ByteBuffer frame = packets.frame();
        byte[] hardware = device.info().hardwareAddress().toBytes();
        String doing = "probing for " + address.getHostAddress() + " on " + device.name();
        if (address instanceof Inet4Address ipv4) {
            ArpFrame.probe(frame, hardware, ipv4);
            packets.send(entry.index(), Libc.ETH_P_ARP, ArpFrame.BYTES, doing);
        } else if (address instanceof Inet6Address ipv6) {
            NeighborDiscovery.probe(frame, hardware, ipv6);
            packets.send(entry.index(), Libc.ETH_P_IPV6, NeighborDiscovery.SOLICITATION_BYTES, doing);
        }
    }

    /** The device if it has neighbours to talk to; null for one without, such as a tunnel, where there is nobody to tell. */
    private @Nullable LinkEntry neighborly(String what, InetAddress address) throws NativeIoException {
        LinkEntry entry = device.entry();
        if (entry == null) {
            throw new NativeIoException(
                    "sendmsg", Errno.ENODEV, what + address.getHostAddress() + " on " + device.name());
        }
        return entry.hasNeighbors() ? entry : null;
    }

    @Override
    public void watch(Collection<InetAddress> addresses) throws IOException {
        LinkEntry entry = device.entry();
        if (entry == null || entry.hasNeighbors()) {
            device.watch(this, List.copyOf(addresses));
        }
    }

    @Override
    public Fence fence(FenceSpec spec) throws IOException {
        return fence(spec, List.of(this));
    }

    @Override
    public Fence fence(FenceSpec spec, Collection<? extends Link> places) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        places.forEach(place -> names.add(place.info().name()));
        Device sending = on(spec.channel());
        return machine.fences().fence(sending.name(), names, spec, renewal(sending, spec));
    }

    /** What is sent after each advert, which leaves by itself only where it needs no neighbour. */
    private Runnable renewal(Device sending, FenceSpec spec) throws NativeIoException {
        if (spec.channel().multicast()) {
            return () -> {};
        }
        byte[] frame = RenewalFrame.of(spec, sending.info().hardwareAddress().toBytes());
        int type = spec.channel().family() == IpFamily.IPV4 ? Libc.ETH_P_IP : Libc.ETH_P_IPV6;
        PacketSender packets = machine.packets();
        return () -> {
            LinkEntry entry = sending.entry();
            if (entry != null && entry.hasNeighbors()) {
                packets.frame().put(0, frame);
                packets.trySend(entry.index(), type, frame.length);
            }
        };
    }

    void fenceDisturbed(NetworkListener listener) {
        if (!closed) {
            listener.fenceDisturbed(this);
        }
    }

    @Override
    public void refuseTraffic(Collection<InetAddress> addresses) throws IOException {
        device.refuse(this, Set.copyOf(addresses));
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Channel channel : Set.copyOf(channels)) {
            ignore(channel);
        }
        try {
            device.watch(this, List.of());
        } catch (IOException e) {
            // Only what remains for other links could not be opened
            // again; the next change of the interface tries it anew.
        }
        try {
            device.refuse(this, Set.of());
        } catch (IOException e) {
            LOG.warn("traffic to addresses on {} stays refused: {}", device.name(), e.getMessage());
        }
        device.detach(this);
        if (base != device) {
            base.detach(this);
        }
        if (made != null) {
            made.close();
        }
        network.closed(this);
    }
}
