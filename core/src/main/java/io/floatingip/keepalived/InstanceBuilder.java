package io.floatingip.keepalived;

import io.floatingip.Authentication;
import io.floatingip.ChecksumMode;
import io.floatingip.FenceMode;
import io.floatingip.FloatingIpConfig;
import io.floatingip.IpFamily;
import io.floatingip.TrackedInterface;
import io.floatingip.VirtualAddress;
import io.floatingip.VirtualMac;
import io.floatingip.VrrpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Completes an instance: defaults, the rules between its settings, and a configuration if nothing essential is missing. */
final class InstanceBuilder {
    private static final int OWNER = 255;

    private final InstanceMapper in;
    private final Globals globals;
    private final Map<String, Garp.Pauses> pauses;
    private final Findings findings;

    InstanceBuilder(InstanceMapper in, Globals globals, Map<String, Garp.Pauses> pauses, Findings findings) {
        this.in = in;
        this.globals = globals;
        this.pauses = pauses;
        this.findings = findings;
    }

    /** Empty, with an error, if the meaning is not certain. */
    Optional<FloatingIpConfig> build() {
        int errors = findings.errors();
        if (in.vrid.isEmpty() && !in.has("virtual_router_id")) {
            findings.error(
                    in.node.at(),
                    "vrrp_instance " + in.name + " has no virtual_router_id, 1 to 255, the same on all nodes");
        }
        if (in.addresses.isEmpty() && !in.has("no_virtual_ipaddress")) {
            findings.error(in.node.at(), "vrrp_instance " + in.name + " has no address in virtual_ipaddress");
        }
        List<VirtualAddress> addresses = new ArrayList<>();
        List<VirtualAddress> excluded = new ArrayList<>();
        sortAddresses(addresses, excluded);
        if (addresses.isEmpty() || in.vrid.isEmpty()) {
            return Optional.empty();
        }
        FloatingIpConfig.Builder out = FloatingIpConfig.builder()
                .name(in.name)
                .virtualRouterId(in.vrid.getAsInt())
                .addresses(addresses)
                .excludedAddresses(excluded)
                .startupDelay(globals.startupDelay);
        IpFamily family = addresses.get(0).family();
        VrrpVersion version = version(family);
        election(out, version);
        network(out, family);
        strict(out, version, family);
        authentication(out, version, family);
        out.announcements(in.garp.announcements(globals, Optional.ofNullable(pauses.get(device())), family));
        if (version == VrrpVersion.V3 && in.checksumAsV2) {
            out.checksum(ChecksumMode.MESSAGE_ONLY);
        }
        if (findings.errors() != errors) {
            return Optional.empty();
        }
        try {
            return Optional.of(out.build());
        } catch (IllegalArgumentException e) {
            findings.error(in.node.at(), "vrrp_instance " + in.name + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /** The first address decides the family; keepalived leaves out advertised addresses of another one. */
    private void sortAddresses(List<VirtualAddress> addresses, List<VirtualAddress> excluded) {
        for (AddressMapper.Placed placed : in.addresses) {
            VirtualAddress address = placed.address();
            if (contains(addresses, address)) {
                findings.warning(placed.at(), address + " is given twice");
            } else if (!addresses.isEmpty()
                    && address.family() != addresses.get(0).family()) {
                findings.error(
                        placed.at(),
                        "an instance advertises addresses of one family, " + address
                                + " is of the other; put it in virtual_ipaddress_excluded or in an instance of its own");
            } else {
                addresses.add(address);
            }
        }
        for (AddressMapper.Placed placed : in.excluded) {
            VirtualAddress address = placed.address();
            if (contains(addresses, address) || contains(excluded, address)) {
                findings.warning(placed.at(), address + " is given twice");
            } else {
                excluded.add(address);
            }
        }
    }

    private static boolean contains(List<VirtualAddress> list, VirtualAddress address) {
        return list.stream().anyMatch(a -> a.address().equals(address.address()));
    }

    private VrrpVersion version(IpFamily family) {
        if (family == IpFamily.IPV6 && in.version.filter(VrrpVersion.V2::equals).isPresent()) {
            findings.error(
                    in.at("version"),
                    "VRRPv2 carries IPv4 addresses only; write version 3 here and on the other nodes");
        }
        return in.version.orElse(family == IpFamily.IPV6 ? VrrpVersion.V3 : globals.version);
    }

    private void election(FloatingIpConfig.Builder out, VrrpVersion version) {
        int priority = in.priority.orElse(in.masterWanted ? OWNER : 100);
        if (in.masterWanted && in.priority.isEmpty()) {
            findings.warning(
                    in.at("state"),
                    "state MASTER without a priority makes this node the owner of the address, priority 255, as in keepalived; write priority 254"
                            + " or lower");
        }
        out.version(version).priority(priority).downAfterAdverts(in.downTimerAdverts.orElse(globals.downTimerAdverts));
        if (in.downTimerAdverts.orElse(globals.downTimerAdverts) == 1 && !in.strict) {
            findings.warning(
                    in.at("down_timer_adverts"),
                    "with down_timer_adverts 1 there is no time to take the address from a process that was stopped, as with keepalived; write 2 or more");
            out.fence(FenceMode.NONE);
        }
        out.advertInterval(interval(version));
        boolean preempt = !in.nopreempt;
        if (in.nopreempt && in.masterWanted) {
            findings.warning(
                    in.at("nopreempt"),
                    "with state MASTER keepalived ignores nopreempt; here it counts, as written. Make the state BACKUP on all nodes");
        }
        if (in.nopreempt && priority == OWNER) {
            findings.warning(
                    in.at("nopreempt"),
                    "the owner of the address, priority 255, always preempts; nopreempt is left out");
            preempt = true;
        }
        Duration delay = in.preemptDelay;
        if (!preempt && !delay.isZero()) {
            findings.warning(
                    in.at("preempt_delay"), "with nopreempt there is nothing to delay; preempt_delay is left out");
            delay = Duration.ZERO;
        } else if (in.masterWanted && !delay.isZero()) {
            findings.warning(
                    in.at("preempt_delay"),
                    "with state MASTER keepalived ignores preempt_delay; here it counts, as written. Make the state BACKUP");
        }
        out.preempt(preempt).preemptDelay(delay);
        List<TrackedInterface> tracked = in.interfaces;
        if (priority == OWNER && tracked.stream().anyMatch(t -> t.weight() != 0)) {
            findings.warning(
                    in.at("track_interface"),
                    "the owner's priority, 255, never changes; interfaces with a weight are left out");
            tracked = tracked.stream().filter(t -> t.weight() == 0).toList();
        }
        out.trackedInterfaces(tracked);
    }

    /** Rounded as keepalived does: to whole seconds with version 2, to 10 ms with version 3. */
    private Duration interval(VrrpVersion version) {
        Duration asked = in.interval.orElse(Duration.ofSeconds(1));
        long step = version == VrrpVersion.V2 ? 1_000_000_000L : 10_000_000L;
        long nanos = Math.max(step, (asked.toNanos() + step / 2) / step * step);
        Duration rounded = Duration.ofNanos(nanos);
        if (!rounded.equals(asked)) {
            findings.info(
                    in.at("advert_int"),
                    "advert_int is rounded to " + Output.seconds(rounded) + " s, as in keepalived: version "
                            + version.number() + " counts in "
                            + (version == VrrpVersion.V2 ? "seconds" : "hundredths of a second"));
        }
        return rounded;
    }

    private String device() {
        return in.networkInterface.map(Word::text).orElse(globals.defaultInterface);
    }

    private void network(FloatingIpConfig.Builder out, IpFamily family) {
        if (in.networkInterface.isEmpty() && !in.has("interface")) {
            findings.warning(
                    in.node.at(),
                    "vrrp_instance " + in.name + " names no interface; " + device() + " is taken, as in keepalived");
        }
        out.networkInterface(device());
        in.source.ifPresent(source -> {
            String keyword = in.has("unicast_src_ip") ? "unicast_src_ip" : "mcast_src_ip";
            if (IpFamily.of(source) != family) {
                findings.error(in.at(keyword), keyword + " is not of the family of the addresses");
            } else {
                out.source(source);
            }
        });
        unicast(out, family);
        VirtualMac mac = !in.virtualMac
                ? VirtualMac.OFF
                : in.advertsFromBase || !in.peers.isEmpty() ? VirtualMac.ADVERTS_FROM_BASE : VirtualMac.ON;
        if (in.advertsFromBase && !in.virtualMac) {
            findings.warning(in.at("vmac_xmit_base"), "vmac_xmit_base needs use_vmac; it is left out");
        }
        if (in.virtualMac && in.has("use_vmac") && in.priority.orElse(in.masterWanted ? OWNER : 0) == OWNER) {
            findings.warning(
                    in.at("use_vmac"),
                    "the owner of the address, priority 255, keeps it on its interface; use_vmac is left out");
            mac = VirtualMac.OFF;
        }
        out.virtualMac(mac);
    }

    private void unicast(FloatingIpConfig.Builder out, IpFamily family) {
        if (in.peers.isEmpty()) {
            if (in.has("unicast_peer") || in.faultWithoutPeers) {
                findings.error(
                        in.at("unicast_peer"),
                        "unicast is asked for without a peer; keepalived would fall back to multicast. Name the peers");
            } else if (in.has("unicast_src_ip")) {
                findings.warning(
                        in.at("unicast_src_ip"),
                        "without a unicast_peer adverts go to the multicast group, as in keepalived");
            }
            multicast(out, family);
            return;
        }
        if (in.multicastGroup.isPresent()) {
            findings.warning(
                    in.at("mcast_dst_ip"), "with unicast_peer there is no multicast; mcast_dst_ip is left out");
        }
        boolean otherFamily = in.peers.stream().anyMatch(p -> IpFamily.of(p.address()) != family);
        if (otherFamily) {
            findings.error(in.at("unicast_peer"), "unicast_peer has a peer that is not of the family of the addresses");
        }
        out.unicastPeers(in.peers);
    }

    private void multicast(FloatingIpConfig.Builder out, IpFamily family) {
        if (in.multicastGroup.isPresent() && IpFamily.of(in.multicastGroup.get()) != family) {
            findings.error(in.at("mcast_dst_ip"), "mcast_dst_ip is not of the family of the addresses");
        }
        group(family).ifPresent(out::multicastGroup);
    }

    /** A group that is asked for, here or for all. */
    private Optional<InetAddress> group(IpFamily family) {
        InetAddress global = family == IpFamily.IPV4 ? globals.multicast4 : globals.multicast6;
        return in.multicastGroup.or(() -> Optional.ofNullable(global)).filter(g -> IpFamily.of(g) == family);
    }

    /** What the RFC does not allow is left out in strict mode, as in keepalived, and the address is not served unless one owns it. */
    private void strict(FloatingIpConfig.Builder out, VrrpVersion version, IpFamily family) {
        boolean owner = in.priority.orElse(in.masterWanted ? OWNER : 0) == OWNER;
        out.accept(in.accept.orElse(!in.strict || owner));
        if (!in.strict) {
            return;
        }
        Position at = in.has("strict_mode") ? in.at("strict_mode") : in.node.at();
        out.strict(true);
        if (in.accept.isEmpty() && !owner) {
            findings.warning(
                    at,
                    "strict mode keeps this host from serving its floating addresses unless accept is written: they answer neither ping nor"
                            + " connections, as in keepalived");
        }
        if (!in.preemptDelay.isZero()) {
            findings.warning(in.at("preempt_delay"), "preempt_delay is not in RFC 9568 and left out in strict mode");
            out.preemptDelay(Duration.ZERO);
        }
        if (in.downTimerAdverts.orElse(globals.downTimerAdverts) != 3) {
            findings.warning(in.at("down_timer_adverts"), "down_timer_adverts is 3 in strict mode");
            out.downAfterAdverts(3);
        }
        // What RFC 9568 says of the checksum would make the other nodes, if they are keepalived, refuse every advert.
        boolean pseudoHeader = version == VrrpVersion.V3 && !in.checksumAsV2 && family == IpFamily.IPV4;
        boolean hmac = in.authentication instanceof Authentication.Hmac;
        boolean otherGroup = in.peers.isEmpty()
                && group(family)
                        .filter(g ->
                                !Set.of("224.0.0.18", "ff02:0:0:0:0:0:0:12").contains(g.getHostAddress()))
                        .isPresent();
        if (pseudoHeader || hmac || otherGroup) {
            findings.info(
                    at,
                    "strict mode as keepalived has it, not to the letter of RFC 9568: "
                            + (hmac
                                    ? "adverts are signed"
                                    : otherGroup
                                            ? "adverts go to another multicast group"
                                            : "the checksum covers a pseudo-header unless v3_checksum_as_v2 is written"));
            out.strict(false);
        }
    }

    private void authentication(FloatingIpConfig.Builder out, VrrpVersion version, IpFamily family) {
        Authentication authentication = in.authentication;
        if (authentication instanceof Authentication.None) {
            return;
        }
        String keyword = authentication instanceof Authentication.Hmac ? "auth_hmac" : "authentication";
        if (in.has("authentication") && in.has("auth_hmac")) {
            findings.error(in.at("auth_hmac"), "authentication and auth_hmac exclude each other; keep one of them");
        } else if (in.strict && !(authentication instanceof Authentication.Hmac)) {
            findings.warning(in.at(keyword), "strict mode has no authentication; it is left out, as in keepalived");
        } else if (!(authentication instanceof Authentication.Hmac) && version == VrrpVersion.V3) {
            findings.warning(
                    in.at(keyword),
                    "authentication exists in version 2 only; it is left out, as in keepalived. Use auth_hmac with version 3");
        } else if (authentication instanceof Authentication.AuthenticationHeader && family == IpFamily.IPV6) {
            findings.error(in.at(keyword), "auth_type AH is for IPv4 only");
        } else {
            out.authentication(authentication);
        }
    }
}
