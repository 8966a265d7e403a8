package io.floatingip.keepalived;

import io.floatingip.Authentication;
import io.floatingip.TrackedInterface;
import io.floatingip.UnicastPeer;
import io.floatingip.VrrpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads a {@code vrrp_instance} into values that {@link InstanceBuilder} completes. */
final class InstanceMapper {
    static final Set<String> MAPPED = union(
            Set.of(
                    "state",
                    "interface",
                    "virtual_router_id",
                    "priority",
                    "version",
                    "advert_int",
                    "down_timer_adverts",
                    "nopreempt",
                    "preempt",
                    "preempt_delay",
                    "accept",
                    "no_accept",
                    "strict_mode",
                    "mcast_src_ip",
                    "unicast_src_ip",
                    "track_src_ip",
                    "mcast_dst_ip",
                    "unicast_peer",
                    "unicast_fault_no_peer",
                    "v3_checksum_as_v2",
                    "virtual_ipaddress",
                    "virtual_ipaddress_excluded",
                    "no_virtual_ipaddress",
                    "use_vmac",
                    "vmac_xmit_base",
                    "track_interface",
                    "track_script",
                    "track_file",
                    "track_process",
                    "authentication",
                    "auth_hmac",
                    "smtp_alert"),
            Garp.MAPPED,
            NotifyMapper.MAPPED);
    /** These may be repeated; of the others the last one counts. */
    private static final Set<String> REPEATABLE = Set.of(
            "unicast_peer",
            "virtual_ipaddress",
            "virtual_ipaddress_excluded",
            "track_interface",
            "track_script",
            "track_file",
            "track_process");

    private final Findings findings;

    final Node node;
    final String name;
    final Garp garp = new Garp();
    final NotifyMapper notify;
    final List<AddressMapper.Placed> addresses = new ArrayList<>();
    final List<AddressMapper.Placed> excluded = new ArrayList<>();
    final List<UnicastPeer> peers = new ArrayList<>();
    final List<TrackedInterface> interfaces = new ArrayList<>();
    final List<TrackingMapper.Placed> tracking = new ArrayList<>();
    Optional<Word> networkInterface = Optional.empty();
    OptionalInt vrid = OptionalInt.empty();
    OptionalInt priority = OptionalInt.empty();
    Optional<VrrpVersion> version = Optional.empty();
    Optional<Duration> interval = Optional.empty();
    OptionalInt downTimerAdverts = OptionalInt.empty();
    boolean nopreempt;
    Duration preemptDelay = Duration.ZERO;
    Optional<Boolean> accept = Optional.empty();
    boolean strict;
    Optional<InetAddress> source = Optional.empty();
    Optional<InetAddress> multicastGroup = Optional.empty();
    boolean faultWithoutPeers;
    boolean checksumAsV2;
    boolean virtualMac;
    boolean advertsFromBase;
    Authentication authentication = Authentication.none();
    Optional<Boolean> alert = Optional.empty();
    boolean masterWanted;
    /** Whether there was an error in it. */
    boolean unsafe;

    private final Map<String, Position> seen = new HashMap<>();

    InstanceMapper(Node node, Globals globals, Findings findings) {
        this.node = node;
        this.name = node.title();
        this.findings = findings;
        this.notify = new NotifyMapper(globals);
        strict = globals.strict;
        checksumAsV2 = globals.v3ChecksumAsV2;
    }

    /** Where a keyword stands; the instance itself if it is not there. */
    Position at(String keyword) {
        return seen.getOrDefault(keyword, node.at());
    }

    boolean has(String keyword) {
        return seen.containsKey(keyword);
    }

    void map() {
        int errors = findings.errors();
        for (Node each : node.block()) {
            if (!MAPPED.contains(each.name())) {
                KnownKeywords.INSTANCE.report(each, MAPPED, "vrrp_instance", findings);
                seen.put(each.name(), each.at());
                continue;
            }
            Position before = seen.put(each.name(), each.at());
            if (before != null && !REPEATABLE.contains(each.name())) {
                findings.warning(
                        each.at(),
                        each.name() + " is given again and counts instead of the one in line " + before.line());
            }
            Statement s = new Statement(each, findings);
            if (Garp.MAPPED.contains(s.name())) {
                garp.map(s);
                s.end();
            } else if (NotifyMapper.MAPPED.contains(s.name())) {
                notify.map(s, findings);
                s.end();
            } else if (!block(each)) {
                election(s);
                s.end();
            }
        }
        unsafe = findings.errors() != errors;
    }

    private boolean block(Node each) {
        TrackingMapper tracks = new TrackingMapper(findings);
        switch (each.name()) {
            case "virtual_ipaddress" -> addresses.addAll(new AddressMapper(findings, false).map(each));
            case "virtual_ipaddress_excluded" -> excluded.addAll(new AddressMapper(findings, false).map(each));
            case "unicast_peer" -> {
                new Statement(each, findings).endOfWords();
                each.block().forEach(this::peer);
            }
            case "authentication" -> authentication = new AuthenticationMapper(findings).map(each);
            case "auth_hmac" -> new AuthenticationMapper(findings).hmac(each).ifPresent(a -> authentication = a);
            case "track_interface" -> tracks.interfaces(each).forEach(t -> trackInterface(t.tracked(), t.at()));
            case "track_script" -> tracking.addAll(tracks.checks(each, Tracking.Kind.SCRIPT));
            case "track_file" -> tracking.addAll(tracks.checks(each, Tracking.Kind.FILE));
            case "track_process" -> tracking.addAll(tracks.checks(each, Tracking.Kind.PROCESS));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Adds a tracked interface unless it is there already. */
    void trackInterface(TrackedInterface tracked, Position at) {
        if (interfaces.stream().anyMatch(i -> i.name().equals(tracked.name()))) {
            findings.warning(at, "interface " + tracked.name() + " is tracked already; the first one counts");
            return;
        }
        interfaces.add(tracked);
    }

    private void election(Statement s) {
        switch (s.name()) {
            case "state" -> state(s);
            case "interface" -> networkInterface = device(s);
            case "virtual_router_id" -> vrid = s.number(1, 255);
            case "priority" -> priority = s.number(1, 255);
            case "version" -> version = Globals.version(s.number(2, 3));
            case "advert_int" -> interval = s.seconds(0.01, 255);
            case "down_timer_adverts" -> downTimerAdverts = s.number(1, 100);
            case "nopreempt" -> nopreempt = true;
            case "preempt" -> nopreempt = false;
            case "preempt_delay" -> preemptDelay = s.secondsOrDefault(0, 1000).orElse(Duration.ZERO);
            case "accept" -> accept = Optional.of(true);
            case "no_accept" -> accept = Optional.of(false);
            case "strict_mode" -> strict = s.flag();
            case "smtp_alert" -> alert = Optional.of(s.flag());
            default -> network(s);
        }
    }

    private void network(Statement s) {
        switch (s.name()) {
            case "mcast_src_ip", "unicast_src_ip" -> source = s.address();
            case "track_src_ip" -> {
                // always so
            }
            case "mcast_dst_ip" -> multicastGroup = Globals.multicast(s, findings);
            case "unicast_fault_no_peer" -> faultWithoutPeers = true;
            case "v3_checksum_as_v2" -> checksumAsV2 = s.flag();
            case "no_virtual_ipaddress" ->
                findings.error(
                        s.node().at(),
                        "an instance without an address is not possible here; give it one in virtual_ipaddress");
            case "use_vmac" -> virtualMac(s);
            case "vmac_xmit_base" -> advertsFromBase = s.flag();
            default -> throw new AssertionError(s.name());
        }
    }

    private void state(Statement s) {
        Optional<Word> state = s.wanted("MASTER or BACKUP");
        if (state.isEmpty() || state.get().is("BACKUP")) {
            return;
        }
        if (state.get().is("MASTER")) {
            findings.info(
                    s.node().at(), "state MASTER changes nothing: every node listens first, and the priorities decide");
        } else {
            findings.warning(
                    state.get().at(),
                    "state must be MASTER or BACKUP, got "
                            + Statement.shown(state.get().text()) + "; it is left out");
        }
        masterWanted = state.get().is("MASTER");
    }

    private Optional<Word> device(Statement s) {
        Optional<Word> device = s.required("an interface");
        if (device.isPresent() && !AddressMapper.isDevice(device.get().text())) {
            findings.error(
                    device.get().at(),
                    Statement.shown(device.get().text())
                            + " is no name of an interface: 1 to 15 characters, no blanks");
            return Optional.empty();
        }
        return device;
    }

    private void peer(Node each) {
        Statement s = new Statement(each, findings);
        Optional<InetAddress> address = Statement.address(each.keyword(), findings);
        int minTtl = 0;
        int maxTtl = 255;
        while (s.hasMore()) {
            Word option = s.word().orElseThrow();
            if (option.is("min_ttl") || option.is("max_ttl")) {
                OptionalInt ttl = s.number(0, 255);
                minTtl = option.is("min_ttl") ? ttl.orElse(0) : minTtl;
                maxTtl = option.is("max_ttl") ? ttl.orElse(255) : maxTtl;
            } else if (Statement.looksLikeAddress(option.text())) {
                findings.error(
                        option.at(),
                        "each peer stands on a line of its own; " + Statement.shown(option.text())
                                + " would be left out");
            } else {
                findings.warning(
                        option.at(),
                        Statement.shown(option.text()) + " is neither min_ttl nor max_ttl; it is left out");
            }
        }
        s.end();
        if (address.isEmpty()) {
            return;
        }
        if (peers.stream().anyMatch(p -> p.address().equals(address.get()))) {
            findings.warning(each.at(), "unicast peer " + each.name() + " is there already; it is left out");
            return;
        }
        try {
            peers.add(new UnicastPeer(address.get(), minTtl, maxTtl));
        } catch (IllegalArgumentException e) {
            findings.error(each.at(), String.valueOf(e.getMessage()));
        }
    }

    /** {@code use_vmac [IF [NAME]] [MAC] [netlink_notify_msg] [group N]}: only that there is one is kept. */
    private void virtualMac(Statement s) {
        virtualMac = true;
        while (s.hasMore()) {
            Word option = s.word().orElseThrow();
            if (option.text().matches("(?i)([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}")) {
                findings.error(
                        option.at(),
                        "the virtual MAC is the one of RFC 9568, 00:00:5e:00:01:VRID; with another one on the other nodes the address"
                                + " would change its MAC");
            } else if (option.is("group")) {
                s.word();
                findings.warning(option.at(), "the virtual interface is in no group; add it from a notify script");
            } else if (option.is("netlink_notify_msg")) {
                findings.info(
                        option.at(), "netlink_notify_msg: the kernel tells of the virtual interface's link itself");
            } else {
                findings.info(
                        option.at(),
                        "the virtual interface is named by the library, not " + Statement.shown(option.text()));
            }
        }
    }

    @SafeVarargs
    private static Set<String> union(Set<String>... sets) {
        Set<String> all = new HashSet<>();
        for (Set<String> set : sets) {
            all.addAll(set);
        }
        return Set.copyOf(all);
    }
}
