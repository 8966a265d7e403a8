package io.floatingip.internal.runtime;

import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import io.floatingip.internal.vrrp.RouterParams;
import io.floatingip.spi.HeldAddress;
import io.floatingip.spi.LinkInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must hold before a router takes part, or takes further addresses: refused in words that say what was found and what to do. */
final class Admission {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");

    private final RouterMember member;
    private final RouterLoop loop;
    private final MemberLinks links;
    private final IpFamily family;

    Admission(RouterMember member, RouterLoop loop, MemberLinks links, IpFamily family) {
        this.member = member;
        this.loop = loop;
        this.links = links;
        this.family = family;
    }

    static void checkNotJoined(LinkUse main, IpFamily family, FloatingIpConfig config) {
        if (main.router(family, config.virtualRouterId()) != null) {
            throw new FloatingIpException("virtual router " + config.virtualRouterId() + " has been joined on "
                    + config.networkInterface() + " for " + family
                    + " in this process already; close that one first, or use another id");
        }
    }

    /** For further addresses of a router that may hold some already: one of them may have another prefix length or interface from now on. */
    void checkAdded(FloatingIpConfig config, List<VirtualAddress> added, HeldAddresses after, HeldAddresses before)
            throws IOException {
        List<VirtualAddress> others = new ArrayList<>();
        for (VirtualAddress address : added) {
            if (!before.holds(address.address())) {
                others.add(address);
                continue;
            }
            Optional<VirtualAddress> inTheWay = before.inTheWayOf(address, after.place(address));
            if (inTheWay.isPresent()) {
                throw new FloatingIpException("address " + address + " cannot take the place of " + inTheWay.get()
                        + " while this node is master: an interface has an address"
                        + (family == IpFamily.IPV4 ? " with its prefix length" : "")
                        + " once; hand over first, and change it as backup, or take it off with one change and add it with"
                        + " the next");
            }
        }
        checkNotTaken(config, others);
    }

    /** Removes leftovers of an earlier run; an address that somebody else has put on this host stays, and is refused. */
    void checkNotTaken(FloatingIpConfig config, List<VirtualAddress> wanted) throws IOException {
        for (VirtualAddress address : wanted) {
            Optional<String> keptBy = loop.keeper(address.address(), member);
            if (keptBy.isPresent()) {
                throw new FloatingIpException("address " + address + " belongs to " + keptBy.get()
                        + " in this process already; an address can float in one virtual router only");
            }
            Optional<HeldAddress> holder = loop.network().holder(address.address());
            if (holder.isEmpty()) {
                continue;
            }
            String held =
                    address.address().getHostAddress() + "/" + holder.get().prefixLength();
            String where = holder.get().interfaceName();
            if (holder.get().ours()) {
                log.info("({}) removing {}, left on {} by an earlier run", config.name(), held, where);
                links.on(where)
                        .link()
                        .removeAddress(VirtualAddress.of(
                                address.address(), holder.get().prefixLength()));
            } else if (config.priority() != RouterParams.OWNER) {
                throw new FloatingIpException("address " + held + " is on " + where
                        + " of this host already and was not put there by this library; remove it (ip addr del " + held
                        + " dev " + where + "), choose another, or use priority 255 if this host owns it");
            }
        }
    }

    /** @param usable what adverts could be sent from now */
    void checkSource(FloatingIpConfig config, Optional<InetAddress> usable) throws IOException {
        checkSource(config);
        LinkInfo info = links.main().link().info();
        if (info.up() && family == IpFamily.IPV4 && usable.isEmpty()) {
            throw new FloatingIpException("interface " + info.name()
                    + " has no IPv4 address to send adverts from; give it one (ip addr add 10.0.0.1/24 dev "
                    + info.name() + "), or configure source(...)");
        }
    }

    /** A configured one. */
    void checkSource(FloatingIpConfig config) throws IOException {
        LinkInfo info = links.main().link().info();
        if (!info.up()) {
            return;
        }
        InetAddress configured = config.sources().get(family);
        if (configured != null && loop.network().holder(configured).isEmpty()) {
            throw new FloatingIpException("source " + configured.getHostAddress() + " is not an address of this host; "
                    + info.name() + " has " + addressesOf(info) + ": choose one, or leave source(...) out");
        }
    }

    private String addressesOf(LinkInfo info) {
        List<? extends InetAddress> addresses = family == IpFamily.IPV4 ? info.ipv4() : info.ipv6LinkLocal();
        return addresses.isEmpty()
                ? "none"
                : addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
    }
}
