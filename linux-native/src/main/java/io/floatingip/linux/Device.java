package io.floatingip.linux;

import io.floatingip.VirtualAddress;
import io.floatingip.linux.RouteMessages.AddressEntry;
import io.floatingip.linux.RouteMessages.LinkEntry;
import io.floatingip.spi.Channel;
import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.LinkInfo;
import io.floatingip.spi.NetworkListener;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One interface, by name, and the sockets on it, shared by all links opened for it. An interface that goes and comes back under its name gets
 * its sockets and groups again. Used by the loop thread.
 */
final class Device {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNetwork.class);
    private static final LinuxLink[] NONE = {};

    private final Machine machine;
    private final String name;
    private final Map<Channel, AdvertReceiver> receivers = new HashMap<>();
    private final Map<AdvertSender.Kind, AdvertSender> senders = new HashMap<>();
    private final Set<VirtualAddress> addresses = new HashSet<>();
    private final Map<LinuxLink, Set<InetAddress>> refused = new LinkedHashMap<>();
    private @Nullable NeighborWatch watch;
    // Replaced, never changed: whoever walks through it may open and close links meanwhile.
    private LinuxLink[] links = NONE;
    private @Nullable LinkEntry entry;
    private LinkInfo info;
    private LinkInfo told;

    Device(Machine machine, String name) throws IOException {
        this.machine = machine;
        this.name = name;
        entry = machine.monitor().find(name);
        info = read(entry);
        told = info;
    }

    String name() {
        return name;
    }

    /** 0 while it does not exist. */
    int index() {
        return info.index();
    }

    LinkInfo info() {
        return info;
    }

    /** As last reported by the kernel; null while it does not exist. */
    @Nullable
    LinkEntry entry() {
        return entry;
    }

    void attach(LinuxLink link) {
        links = Arrays.copyOf(links, links.length + 1);
        links[links.length - 1] = link;
    }

    void detach(LinuxLink link) {
        links = Arrays.stream(links).filter(other -> other != link).toArray(LinuxLink[]::new);
        if (links.length == 0) {
            receivers.values().forEach(AdvertReceiver::close);
            senders.values().forEach(AdvertSender::close);
            if (watch != null) {
                watch.close();
            }
            machine.forget(this);
        }
    }

    void listen(Channel channel, LinuxLink link) throws IOException {
        AdvertReceiver receiver = receivers.get(channel);
        if (receiver == null) {
            receiver = new AdvertReceiver(machine, name, channel);
            receiver.open(info.index());
            receivers.put(channel, receiver);
        }
        receiver.add(link);
    }

    void ignore(Channel channel, LinuxLink link) {
        AdvertReceiver receiver = receivers.get(channel);
        if (receiver != null && receiver.remove(link)) {
            receivers.remove(channel);
            receiver.close();
        }
    }

    AdvertSender sender(AdvertSender.Kind kind) throws IOException {
        AdvertSender sender = senders.get(kind);
        if (sender == null) {
            sender = new AdvertSender(name, kind);
            sender.open(info.index());
            senders.put(kind, sender);
        }
        return sender;
    }

    void watch(LinuxLink link, List<InetAddress> watched) throws IOException {
        if (watch == null) {
            if (watched.isEmpty()) {
                return;
            }
            watch = new NeighborWatch(machine, name);
        }
        watch.set(link, watched, info.index());
    }

    void add(VirtualAddress address, int lifetimeSeconds) throws IOException {
        int index = info.index();
        if (index == 0) {
            throw new NativeIoException("netlink request", Errno.ENODEV, "putting " + address + " on " + name);
        }
        if (addresses.contains(address)) {
            machine.addresses().renew(index, name, address, lifetimeSeconds);
        } else {
            machine.addresses().add(index, name, address, lifetimeSeconds, addresses);
            addresses.add(address);
        }
    }

    void remove(VirtualAddress address) throws IOException {
        if (info.index() == 0) {
            addresses.remove(address);
        } else if (addresses.contains(address)) {
            machine.addresses().remove(info.index(), name, address);
            addresses.remove(address);
        } else {
            machine.addresses().removeLeftover(info.index(), name, address);
        }
    }

    /** Someone removed it: before it is put up again, it is looked who holds it. */
    void forget(InetAddress address, int prefixLength) {
        addresses.removeIf(own -> own.address().equals(address) && own.prefixLength() == prefixLength);
    }

    /** Takes in what the kernel says now, and tells the links if that changed anything. */
    void update(@Nullable LinkEntry now, NetworkListener listener) throws IOException {
        int indexBefore = info.index();
        entry = now;
        info = read(now);
        if (info.index() != indexBefore) {
            addresses.clear();
        }
        reopen(info.index() != indexBefore);
        if (info.index() != indexBefore && info.index() != 0) {
            machine.linkReplaced(name);
        }
        if (!info.equals(told)) {
            told = info;
            for (LinuxLink link : links) {
                link.changed(listener);
            }
        }
    }

    void tellRemoved(NetworkListener listener) {
        for (LinuxLink link : links) {
            link.addressesRemoved(this, listener);
        }
    }

    void tellFenceDisturbed(NetworkListener listener) {
        for (LinuxLink link : links) {
            link.fenceDisturbed(listener);
        }
    }

    /** What arrives for these is dropped; an empty set ends it for this link. */
    void refuse(LinuxLink link, Set<InetAddress> addresses) throws IOException {
        if (addresses.isEmpty() ? refused.remove(link) == null : addresses.equals(refused.put(link, addresses))) {
            return;
        }
        Set<InetAddress> all = new LinkedHashSet<>();
        refused.values().forEach(all::addAll);
        machine.fences().refuse(name, all);
    }

    /** Whatever is closed, or belongs to an interface that is gone, is opened on the one that is there now. */
    private void reopen(boolean all) {
        int index = info.index();
        for (AdvertReceiver receiver : receivers.values()) {
            attempt(all, receiver.isOpen(), () -> receiver.open(index));
        }
        for (AdvertSender sender : senders.values()) {
            attempt(all, sender.isOpen(), () -> sender.open(index));
        }
        NeighborWatch w = watch;
        if (w != null) {
            attempt(all, w.isOpen(), () -> w.open(index));
        }
    }

    private interface Opening {
        void open() throws IOException;
    }

    private void attempt(boolean all, boolean open, Opening opening) {
        if (all || !open) {
            try {
                opening.open();
            } catch (IOException e) {
                // Tried again with the next change of the interface.
                LOG.warn("{} is back, but cannot be used yet: {}", name, e.getMessage());
            }
        }
    }

    private LinkInfo read(@Nullable LinkEntry link) throws IOException {
        if (link == null) {
            return new LinkInfo(name, 0, false, 0, HardwareAddress.NONE, List.of(), List.of());
        }
        List<Inet4Address> ipv4 = new ArrayList<>();
        List<Inet6Address> linkLocal = new ArrayList<>();
        for (AddressEntry address : machine.addresses().list(link.index())) {
            if (!machine.addresses().ours(name, address)) {
                if (address.address() instanceof Inet4Address four) {
                    ipv4.add(four);
                } else if (address.address() instanceof Inet6Address six
                        && six.isLinkLocalAddress()
                        && address.usable()) {
                    linkLocal.add(six);
                }
            }
        }
        HardwareAddress hardware = new HardwareAddress(link.hardwareAddress());
        return new LinkInfo(name, link.index(), link.up(), link.mtu(), hardware, ipv4, linkLocal);
    }
}
