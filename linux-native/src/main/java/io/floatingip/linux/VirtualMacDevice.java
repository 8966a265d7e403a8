package io.floatingip.linux;

import io.floatingip.linux.RouteMessages.LinkEntry;
import io.floatingip.spi.LinkSpec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A macvlan device above an interface, with the virtual router's hardware address (RFC 9568 section 7.3). In VEPA mode: it talks with the
 * network, not with other devices above the same interface. Private mode would do that too, but it keeps what another node sends to all from
 * the same hardware address, adverts and neighbour requests, from the interface below. Used by the loop thread.
 */
final class VirtualMacDevice implements MadeDevice {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNetwork.class);
    private static final String MACVLAN = "macvlan";
    private static final Path IPV4 = Path.of("/proc/sys/net/ipv4/conf");

    private final Machine machine;
    private final LinkSpec.VirtualMac spec;
    private Settings.Hold settings;

    private VirtualMacDevice(Machine machine, LinkSpec.VirtualMac spec) {
        this.machine = machine;
        this.spec = spec;
        settings = machine.settings().hold(spec.name());
    }

    /** Makes it, up and ready. */
    static VirtualMacDevice make(Machine machine, LinkSpec.VirtualMac spec) throws IOException {
        VirtualMacDevice device = new VirtualMacDevice(machine, spec);
        try {
            device.make();
        } catch (IOException e) {
            device.close();
            throw e;
        }
        return device;
    }

    private void make() throws IOException {
        machine.monitor().readLinks();
        LinkEntry base =
                Preflight.requireExists(machine.monitor().find(spec.base()), spec.base(), machine.interfaceNames());
        removeLeftover(base);
        NetlinkSocket requests = machine.requests();
        RouteMessages.addMacvlan(
                requests.request(),
                requests.nextSequence(),
                spec.name(),
                base.index(),
                spec.hardwareAddress().toBytes());
        requests.transact("making the interface " + spec.name() + " above " + spec.base());
        applySettings();
        machine.monitor().readLinks();
        LinkEntry made =
                Preflight.requireExists(machine.monitor().find(spec.name()), spec.name(), machine.interfaceNames());
        RouteMessages.setUp(requests.request(), requests.nextSequence(), made.index());
        requests.transact("setting " + spec.name() + " up");
        machine.monitor().readLinks();
        LOG.info("made {} with {} above {}", spec.name(), spec.hardwareAddress(), spec.base());
    }

    /** What a process that was killed left behind; anything else of this name is somebody's. */
    private void removeLeftover(LinkEntry base) throws IOException {
        LinkEntry old = machine.monitor().find(spec.name());
        if (old == null) {
            return;
        }
        boolean ours = old.kind().equals(MACVLAN)
                && old.base() == base.index()
                && old.hardwareAddress() == spec.hardwareAddress().bits();
        if (!ours) {
            throw new IOException("cannot make " + spec.name() + " above " + spec.base()
                    + ": there is another interface of this name; remove it (ip link del " + spec.name()
                    + ") or choose another name");
        }
        remove(old);
    }

    private void applySettings() throws IOException {
        String name = spec.name();
        // It answers ARP for what is on it and nothing else, and the interface below does not answer for it.
        Sysctl.write(Sysctl.of("ipv4", name, "arp_ignore"), "1");
        settings.set(Sysctl.of("ipv4", spec.base(), "arp_ignore"), "1");
        settings.set(Sysctl.of("ipv4", spec.base(), "arp_filter"), "1");
        // Answers leave through the interface below: its questions
        // for the way must not name an address that lives above it.
        settings.set(Sysctl.of("ipv4", spec.base(), "arp_announce"), "2");
        Sysctl.write(Sysctl.of("ipv4", name, "promote_secondaries"), "1");
        // Packets from the subnet arrive here though the route to it leads through the interface below.
        Sysctl.write(Sysctl.of("ipv4", name, "accept_local"), "1");
        moveReversePathFilter();
        Sysctl.write(Sysctl.of("ipv4", name, "rp_filter"), "0");
        if (Sysctl.read(Sysctl.of("ipv6", name, "addr_gen_mode")).isPresent()) {
            // No address of its own: every router would derive the same one from the virtual hardware address.
            Sysctl.write(Sysctl.of("ipv6", name, "addr_gen_mode"), "1");
            Sysctl.write(Sysctl.of("ipv6", name, "accept_ra"), "0");
            Sysctl.write(Sysctl.of("ipv6", name, "accept_dad"), "0");
        }
    }

    /** The kernel takes the stricter of an interface's setting and that for all: the latter moves into each interface but the new one. */
    private void moveReversePathFilter() throws IOException {
        String all = Sysctl.of("ipv4", "all", "rp_filter");
        String strictness = Sysctl.read(all).orElse("0");
        if (strictness.equals("0")) {
            return;
        }
        try (DirectoryStream<Path> interfaces = Files.newDirectoryStream(IPV4)) {
            for (Path each : interfaces) {
                String other = each.getFileName().toString();
                String setting = Sysctl.of("ipv4", other, "rp_filter");
                boolean weaker = Sysctl.read(setting)
                        .filter(value -> value.compareTo(strictness) < 0)
                        .isPresent();
                if (weaker && !other.equals("all") && !other.equals(spec.name())) {
                    settings.set(setting, strictness);
                }
            }
        }
        settings.set(all, "0");
    }

    @Override
    public void makeAgain() throws IOException {
        settings.close();
        settings = machine.settings().hold(spec.name());
        make();
    }

    @Override
    public void close() {
        LinkEntry made = machine.monitor().find(spec.name());
        if (made != null) {
            try {
                remove(made);
            } catch (NativeIoException e) {
                LOG.warn("{} stays: {}", spec.name(), e.getMessage());
            }
        }
        settings.close();
    }

    private void remove(LinkEntry link) throws NativeIoException {
        NetlinkSocket requests = machine.requests();
        RouteMessages.removeLink(requests.request(), requests.nextSequence(), link.index());
        int error = requests.tryTransact("removing an interface", 1);
        if (error != 0 && error != Errno.ENODEV) {
            throw requests.failed("removing the interface " + link.name(), error);
        }
    }
}
