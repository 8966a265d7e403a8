package io.floatingip.internal.runtime;

import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.IpFamily;
import io.floatingip.Placement;
import io.floatingip.VirtualAddress;
import io.floatingip.VirtualMac;
import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkSpec;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The links of one router: where adverts are heard, where they leave, and where each address belongs. Used by the loop thread only. */
final class MemberLinks {
    private final RouterMember member;
    private final RouterLoop loop;
    private final IpFamily family;
    private final Set<LinkUse> opened = new LinkedHashSet<>();
    private final LinkUse main;
    private final @Nullable LinkUse virtual;
    private final @Nullable LinkUse bound;
    private final boolean advertsFromVirtual;
    private Link.@Nullable Claim claim;

    /**
     * @throws IOException with nothing left open
     * @throws FloatingIpException if this process has joined already; the same
     */
    MemberLinks(RouterMember member, RouterLoop loop, FloatingIpConfig config, IpFamily family) throws IOException {
        this.member = member;
        this.loop = loop;
        this.family = family;
        int vrid = config.virtualRouterId();
        try {
            main = open(new LinkSpec.Interface(config.networkInterface()));
            Admission.checkNotJoined(main, family, config);
            // Before anything is touched that another process may be using: what it has looks like what a killed one
            // has left.
            claim = main.link().claim(family, vrid);
            virtual = config.virtualMac() == VirtualMac.OFF ? null : open(virtualMac(config.networkInterface(), vrid));
            bound = config.placement() == Placement.INTERFACE ? null : open(new LinkSpec.ProcessBound("fip." + vrid));
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
        advertsFromVirtual = config.virtualMac() == VirtualMac.ON;
    }

    private LinkSpec virtualMac(String base, int vrid) {
        return family == IpFamily.IPV4
                ? new LinkSpec.VirtualMac(base, "vrrp." + vrid, HardwareAddress.virtualRouterIpv4(vrid), family)
                : new LinkSpec.VirtualMac(base, "vrrp6." + vrid, HardwareAddress.virtualRouterIpv6(vrid), family);
    }

    /** The configured interface. */
    LinkUse main() {
        return main;
    }

    /** Where adverts leave. */
    LinkUse sending() {
        return virtual != null && advertsFromVirtual ? virtual : main;
    }

    Set<LinkUse> opened() {
        return opened;
    }

    /** Whether the router depends on it in any case. */
    boolean isBase(Link link) {
        return link == main.link() || virtual != null && link == virtual.link();
    }

    /** A link, given back at the end. */
    LinkUse open(LinkSpec spec) throws IOException {
        LinkUse use = loop.use(spec, member);
        opened.add(use);
        return use;
    }

    /** The link on an interface that need not be one of this router's. */
    LinkUse on(String interfaceName) throws IOException {
        for (LinkUse use : opened) {
            if (use.link().info().name().equals(interfaceName)) {
                return use;
            }
        }
        return open(new LinkSpec.Interface(interfaceName));
    }

    /**
     * Where each address belongs, with the links for it opened.
     *
     * @param others whether excluded addresses of the other family are among them
     */
    Map<VirtualAddress, LinkUse> places(FloatingIpConfig config, boolean others) throws IOException {
        Map<VirtualAddress, LinkUse> places = new LinkedHashMap<>();
        for (VirtualAddress address : config.addresses()) {
            if (address.family() == family) {
                places.put(address, placeOf(address));
            }
        }
        for (VirtualAddress address : config.excludedAddresses()) {
            if (address.family() == family || others) {
                places.put(address, placeOf(address));
            }
        }
        return places;
    }

    private LinkUse placeOf(VirtualAddress address) throws IOException {
        if (address.device().isPresent()) {
            return open(new LinkSpec.Interface(address.device().get()));
        }
        if (bound != null) {
            return bound;
        }
        return virtual != null ? virtual : main;
    }

    /** Where the neighbours are for addresses in this place: nothing is sent through the one that goes with the process. */
    LinkUse neighborsOf(LinkUse place) {
        return place == bound ? main : place;
    }

    /** Gives back what only another configuration needed. */
    void giveAllBut(Set<LinkUse> used) {
        for (LinkUse use : List.copyOf(opened)) {
            if (use != main && use != virtual && use != bound && !used.contains(use)) {
                opened.remove(use);
                loop.give(use, member);
            }
        }
    }

    void close() {
        opened.forEach(use -> loop.give(use, member));
        opened.clear();
        if (claim != null) {
            claim.close();
            claim = null;
        }
    }
}
