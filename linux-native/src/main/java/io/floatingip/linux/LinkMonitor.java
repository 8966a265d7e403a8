package io.floatingip.linux;

import io.floatingip.VirtualAddress;
import io.floatingip.linux.RouteMessages.AddressEntry;
import io.floatingip.linux.RouteMessages.LinkEntry;
import io.floatingip.spi.NetworkListener;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the interfaces of the machine from rtnetlink's notifications and tells the opened ones what changed. Notifications that were lost are
 * made up for by reading everything again. Used by the loop thread.
 */
final class LinkMonitor implements Poller.Source, Addresses.OwnRemovals {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNetwork.class);

    private final NetlinkSocket requests;
    private final NetlinkSocket events;
    private final Map<Integer, LinkEntry> links = new LinkedHashMap<>();
    private final Map<String, Device> devices = new LinkedHashMap<>();
    private final Set<Removal> removals = new HashSet<>();
    // Devices to look at when the notifications at hand are read.
    private final Set<Device> changed = new LinkedHashSet<>();
    private final Set<Device> bereft = new LinkedHashSet<>();
    // Notifications were lost, and what they were about has not been read yet.
    private boolean overrun;

    private record Removal(int index, InetAddress address, int prefixLength) {}

    /** Starts to listen, then reads what is there. */
    LinkMonitor(NetlinkSocket requests, NetlinkSocket events) throws NativeIoException {
        this.requests = requests;
        this.events = events;
        readLinks();
    }

    /** The interface of this name; null if there is none. */
    @Nullable
    LinkEntry find(String name) {
        for (LinkEntry link : links.values()) {
            if (link.name().equals(name)) {
                return link;
            }
        }
        return null;
    }

    /** The name of the interface with this index; null if there is none. */
    @Nullable
    String name(int index) {
        LinkEntry link = links.get(index);
        return link == null ? null : link.name();
    }

    Iterable<LinkEntry> links() {
        return links.values();
    }

    /** Whether an interface of this machine has this hardware address. */
    boolean ownsHardwareAddress(long bits) {
        for (LinkEntry link : links.values()) {
            if (link.hardwareAddress() == bits) {
                return true;
            }
        }
        return false;
    }

    void add(Device device) {
        devices.put(device.name(), device);
    }

    void remove(Device device) {
        devices.remove(device.name());
    }

    @Override
    public void removing(int index, VirtualAddress address) {
        if (deviceOf(index) != null) {
            removals.add(new Removal(index, address.address(), address.prefixLength()));
        }
    }

    @Override
    public void notRemoved(int index, VirtualAddress address) {
        removals.remove(new Removal(index, address.address(), address.prefixLength()));
    }

    /** Reads the interfaces again, now. */
    void readLinks() throws NativeIoException {
        RouteMessages.dumpLinks(requests.request(), requests.nextSequence());
        requests.dump("reading the interfaces", links::clear, message -> {
            if (message.type() == RouteMessages.NEW_LINK) {
                LinkEntry link = RouteMessages.readLink(message);
                links.put(link.index(), link);
            }
        });
    }

    @Override
    public int read(NetworkListener listener, int max) throws IOException {
        int read = 0;
        try {
            for (NetlinkMessage m = events.notifications(); m != null; m = events.notifications()) {
                while (m.next()) {
                    take(m);
                }
                if (++read >= max) {
                    break;
                }
            }
        } catch (NativeIoException e) {
            if (e.errno() != Errno.ENOBUFS) {
                throw e;
            }
            LOG.info("the kernel had more news of interfaces than fitted its queue; reading all of it again");
            overrun = true;
        }
        if (overrun) {
            readLinks();
            overrun = false;
            removals.clear();
            changed.addAll(devices.values());
            bereft.addAll(devices.values());
        }
        report(listener);
        return read;
    }

    private void take(NetlinkMessage m) throws IOException {
        switch (m.type()) {
            case RouteMessages.NEW_LINK, RouteMessages.DELETE_LINK -> {
                // Bridges report their ports as links of family AF_BRIDGE:
                // a port that leaves is not an interface that is gone.
                if (m.u8(0) == 0) {
                    takeLink(m);
                }
            }
            case RouteMessages.NEW_ADDRESS -> {
                Device device = deviceOf(RouteMessages.addressIndex(m));
                // Marked ones, which are renewed all the time, are no part of what is told about an interface.
                if (device != null && !RouteMessages.isMarked(m)) {
                    changed.add(device);
                }
            }
            case RouteMessages.DELETE_ADDRESS -> takeRemovedAddress(m);
            default -> {}
        }
    }

    private void takeLink(NetlinkMessage m) {
        LinkEntry link = RouteMessages.readLink(m);
        LinkEntry before = links.get(link.index());
        if (m.type() == RouteMessages.NEW_LINK) {
            links.put(link.index(), link);
        } else {
            links.remove(link.index());
            removals.removeIf(removal -> removal.index() == link.index());
        }
        mark(link.name());
        // Renamed: the old name is gone.
        if (before != null && !before.name().equals(link.name())) {
            mark(before.name());
        }
    }

    private void mark(String name) {
        Device device = devices.get(name);
        if (device != null) {
            changed.add(device);
        }
    }

    private void takeRemovedAddress(NetlinkMessage m) {
        Device device = deviceOf(RouteMessages.addressIndex(m));
        AddressEntry entry = device == null ? null : RouteMessages.readAddress(m);
        if (device == null || entry == null) {
            return;
        }
        // The port of the request, which IPv4 reports, is no help: IPv6
        // does not, and what went along with another address has it, too.
        boolean own = removals.remove(new Removal(entry.index(), entry.address(), entry.prefixLength()));
        if (!own) {
            device.forget(entry.address(), entry.prefixLength());
            changed.add(device);
            bereft.add(device);
        }
    }

    private @Nullable Device deviceOf(int index) {
        // Few devices are open: a walk costs less than a boxed key, and allocates nothing.
        for (Device device : devices.values()) {
            if (device.index() == index) {
                return device;
            }
        }
        return null;
    }

    private void report(NetworkListener listener) throws IOException {
        if (changed.isEmpty() && bereft.isEmpty()) {
            return;
        }
        // Each stays noted until it is done with: what fails is left for the next time, and keeps no other one waiting.
        IOException failure = null;
        for (Device device : changed.toArray(new Device[0])) {
            try {
                device.update(find(device.name()), listener);
                changed.remove(device);
            } catch (IOException e) {
                failure = e;
            }
        }
        for (Device device : bereft.toArray(new Device[0])) {
            device.tellRemoved(listener);
            bereft.remove(device);
        }
        if (failure != null) {
            throw failure;
        }
    }
}
