package io.floatingip.linux;

import static io.floatingip.linux.NetlinkMessage.F_CREATE;
import static io.floatingip.linux.NetlinkMessage.F_EXCL;
import static io.floatingip.linux.NetlinkMessage.F_REPLACE;

import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import io.floatingip.linux.RouteMessages.AddressEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts addresses on interfaces and takes them off, never one that somebody else put there. What this library put up carries {@link
 * RouteMessages#MARK}, on kernels before 5.18 a line in the {@link Journal}. Used by the loop thread.
 */
final class Addresses {
    private static final long SNAPSHOT_NANOS_MAX = 20_000_000;
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNetwork.class);

    private final NetlinkSocket requests;
    private final OwnRemovals removals;
    // What was on an interface a moment ago: hundreds of virtual routers may add their addresses at once.
    private List<AddressEntry> snapshot = List.of();
    private int snapshotIndex;
    private long snapshotAt;
    private boolean verified;
    // Null while the kernel marks addresses itself.
    private @Nullable Journal journal;

    /** Hears of removals before they happen, to tell them from those of others when the kernel reports them. */
    interface OwnRemovals {
        void removing(int index, VirtualAddress address);

        /** It was not there, or could not be removed: there will be no report. */
        void notRemoved(int index, VirtualAddress address);
    }

    Addresses(NetlinkSocket requests, OwnRemovals removals, @Nullable Journal journal) {
        this.requests = requests;
        this.removals = removals;
        this.journal = journal;
    }

    /** Whether the kernel knows IFA_PROTO, by its release such as {@code 6.1.0-18-amd64}. */
    static boolean kernelMarks(String release) {
        String[] parts = release.split("[^0-9]+", 3);
        try {
            int major = Integer.parseInt(parts[0]);
            return major > 5 || major == 5 && parts.length > 1 && Integer.parseInt(parts[1]) >= 18;
        } catch (NumberFormatException e) {
            // It is asked again after the first address is up.
            return true;
        }
    }

    /**
     * Puts up an address that this process does not have on the interface; returns when the kernel has it.
     *
     * @param own what this process has there, which stays, as far as the kernel has room for both
     */
    void add(int index, String name, VirtualAddress address, int lifetimeSeconds, Set<VirtualAddress> own)
            throws IOException {
        if (journal != null) {
            journal.add(name, address.toString());
        }
        int error = tryAdd(recent(index), index, name, address, lifetimeSeconds, own);
        if (error == Errno.EEXIST) {
            forgetSnapshot();
            error = tryAdd(recent(index), index, name, address, lifetimeSeconds, own);
        }
        if (error != 0) {
            throw requests.failed("putting " + address + " on " + name, error);
        }
        if (!verified) {
            verify(index, name, address);
            verified = true;
        }
    }

    /** Returns the kernel's error, 0 for none. */
    private int tryAdd(
            List<AddressEntry> present,
            int index,
            String name,
            VirtualAddress address,
            int lifetimeSeconds,
            Set<VirtualAddress> own)
            throws IOException {
        boolean renew = false;
        for (AddressEntry entry : present) {
            if (entry.address().equals(address.address())) {
                if (!ours(name, entry)) {
                    throw new IOException("cannot put " + address + " on " + name + ": it is already there, not put"
                            + " there by this library; remove it (ip addr del "
                            + entry.address().getHostAddress() + "/"
                            + entry.prefixLength() + " dev " + name + ") or choose another address");
                }
                if (entry.is(address)) {
                    renew = true;
                } else if (address.family() == IpFamily.IPV6 || own.stream().noneMatch(entry::is)) {
                    remove(index, name, entry.asVirtualAddress(name));
                }
            }
        }
        return request(index, address, lifetimeSeconds, F_CREATE | (renew ? F_REPLACE : F_EXCL));
    }

    private List<AddressEntry> recent(int index) throws NativeIoException {
        long now = System.nanoTime();
        if (snapshotIndex != index || now - snapshotAt > SNAPSHOT_NANOS_MAX) {
            snapshot = list(index);
            snapshotIndex = index;
            snapshotAt = now;
        }
        return snapshot;
    }

    private void forgetSnapshot() {
        snapshotIndex = 0;
        snapshot = List.of();
    }

    /** Gives an address that this process put up its full lifetime again, putting it up if it has expired: one message and its answer. */
    void renew(int index, String name, VirtualAddress address, int lifetimeSeconds) throws NativeIoException {
        int error = request(index, address, lifetimeSeconds, F_CREATE | F_REPLACE);
        if (error != 0) {
            throw requests.failed("putting " + address + " on " + name, error);
        }
    }

    private int request(int index, VirtualAddress address, int lifetimeSeconds, int flags) throws NativeIoException {
        RouteMessages.addAddress(requests.request(), requests.nextSequence(), flags, index, address, lifetimeSeconds);
        return requests.tryTransact("adding an address", 1);
    }

    /** Once: an acknowledgement says that the address is there, but not whether the kernel knows marks. */
    private void verify(int index, String name, VirtualAddress address) throws IOException {
        for (AddressEntry entry : list(index)) {
            if (entry.is(address)) {
                if (entry.protocol() != RouteMessages.MARK && journal == null) {
                    LOG.info("this kernel cannot mark addresses (IFA_PROTO, 5.18); keeping a journal of them instead");
                    journal = Journal.open();
                    journal.add(name, address.toString());
                }
                return;
            }
        }
        throw new IOException("the kernel accepted " + address + " on " + name + " but does not show it; is something"
                + " else removing it, such as a network manager?");
    }

    /** Takes off an address that this process put up, or that one before it left behind. Not there is success. */
    void remove(int index, String name, VirtualAddress address) throws IOException {
        forgetSnapshot();
        String setting = Sysctl.of("ipv4", name, "promote_secondaries");
        boolean takesOthersAlong = address.family() == IpFamily.IPV4
                && address.prefixLength() < IpFamily.IPV4.prefixLengthMax()
                && !Sysctl.isOn(Sysctl.of("ipv4", "all", "promote_secondaries"))
                && Sysctl.read(setting).filter("0"::equals).isPresent();
        if (takesOthersAlong) {
            removePromoting(index, name, address, setting);
        } else {
            removeNow(index, name, address);
        }
        if (journal != null) {
            journal.remove(name, address.toString());
        }
    }

    /** Without promotion the kernel takes every other address of the subnet along with the first one. */
    private void removePromoting(int index, String name, VirtualAddress address, String setting) throws IOException {
        try {
            Sysctl.write(setting, "1");
        } catch (IOException e) {
            LOG.warn(
                    "removing {} from {} may take other addresses of its subnet along: {}",
                    address,
                    name,
                    e.getMessage());
            removeNow(index, name, address);
            return;
        }
        try {
            removeNow(index, name, address);
        } finally {
            Sysctl.write(setting, "0");
        }
    }

    private void removeNow(int index, String name, VirtualAddress address) throws NativeIoException {
        removals.removing(index, address);
        RouteMessages.removeAddress(requests.request(), requests.nextSequence(), index, address);
        int error = requests.tryTransact("removing an address", 1);
        if (error != 0) {
            removals.notRemoved(index, address);
        }
        if (error != 0 && error != Errno.EADDRNOTAVAIL && error != Errno.ENODEV) {
            throw requests.failed("removing " + address + " from " + name, error);
        }
    }

    /** Takes off an address that this process did not put up, if it carries the mark. */
    void removeLeftover(int index, String name, VirtualAddress address) throws IOException {
        for (AddressEntry entry : list(index)) {
            if (entry.is(address)) {
                if (!ours(name, entry)) {
                    throw new IOException(address + " on " + name + " was not put there by this library; left alone");
                }
                remove(index, name, address);
            }
        }
    }

    /** Whether this library put it there, in this process or another. */
    boolean ours(String name, AddressEntry entry) throws IOException {
        return entry.protocol() == RouteMessages.MARK
                || journal != null
                        && journal.contains(name, entry.address().getHostAddress() + "/" + entry.prefixLength());
    }

    /** The addresses of an interface, or of all for 0, read from the kernel. An interface that is gone has none. */
    List<AddressEntry> list(int index) throws NativeIoException {
        List<AddressEntry> entries = new ArrayList<>();
        RouteMessages.dumpAddresses(requests.request(), requests.nextSequence(), index);
        try {
            requests.dump("reading the addresses of interfaces", entries::clear, message -> {
                // Kernels before 5.0 send those of every interface.
                if (message.type() == RouteMessages.NEW_ADDRESS
                        && (index == 0 || RouteMessages.addressIndex(message) == index)) {
                    AddressEntry entry = RouteMessages.readAddress(message);
                    if (entry != null) {
                        entries.add(entry);
                    }
                }
            });
        } catch (NativeIoException e) {
            if (e.errno() == Errno.ENODEV) {
                return List.of();
            }
            throw e;
        }
        return entries;
    }
}
