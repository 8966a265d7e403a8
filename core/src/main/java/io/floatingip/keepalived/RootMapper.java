package io.floatingip.keepalived;

import io.floatingip.FloatingIpConfig;
import io.floatingip.IpFamily;
import io.floatingip.TrackedInterface;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The third of three steps: a tree of statements to a configuration. */
final class RootMapper {
    static final Set<String> MAPPED = Set.of(
            "global_defs",
            "vrrp_instance",
            "vrrp_sync_group",
            "vrrp_script",
            "vrrp_track_file",
            "track_file",
            "vrrp_track_process",
            "static_ipaddress",
            "garp_group",
            "virtual_server",
            "virtual_server_group");

    private static final int OWNER = 255;

    private final Findings findings;
    private final Globals globals = new Globals();
    private final Map<String, Garp.Pauses> pauses = new HashMap<>();
    private final Map<String, VirtualServer.Service.Group> serverGroups = new HashMap<>();
    private final Map<String, InstanceMapper> instances = new LinkedHashMap<>();
    private final Map<String, GroupMapper> groups = new LinkedHashMap<>();
    private final Map<String, GroupMapper> groupOf = new HashMap<>();

    final List<KeepalivedInstance> builtInstances = new ArrayList<>();
    final List<KeepalivedGroup> builtGroups = new ArrayList<>();
    final Map<String, TrackScript> scripts = new LinkedHashMap<>();
    final Map<String, TrackFile> files = new LinkedHashMap<>();
    final Map<String, TrackProcess> processes = new LinkedHashMap<>();
    private final ChecksBuilder checks = new ChecksBuilder(scripts, files, processes);
    final List<StaticAddress> staticAddresses = new ArrayList<>();
    final List<VirtualServer> virtualServers = new ArrayList<>();

    RootMapper(Findings findings) {
        this.findings = findings;
    }

    List<Path> fifos() {
        return globals.fifos;
    }

    Optional<Duration> tcpTimeout() {
        return globals.tcpTimeout;
    }

    MailSettings mail() {
        return globals.mailSettings();
    }

    void map(List<Node> root) {
        // Defaults count wherever they stand, as do groups that virtual servers name.
        root.stream().filter(n -> n.name().equals("global_defs")).forEach(n -> globals.map(n, findings));
        root.stream()
                .filter(n -> n.name().equals("virtual_server_group"))
                .forEach(n -> serverGroups.put(n.title(), ServerMapper.group(n, findings)));
        root.forEach(this::block);
        groups.values().forEach(this::members);
        instances.values().forEach(this::build);
        groups.values().forEach(this::build);
        conflicts();
    }

    private void block(Node node) {
        if (!MAPPED.contains(node.name())) {
            if (!node.name().equals("{")) {
                KnownKeywords.ROOT.report(node, MAPPED, "the file's top level", findings);
            }
            return;
        }
        if (!node.hasBlock()) {
            findings.error(node.at(), node.name() + " needs a block in braces");
            return;
        }
        CheckMapper tracked = new CheckMapper(globals, findings);
        switch (node.name()) {
            case "vrrp_instance" -> {
                if (named(node) && isNew(node, instances)) {
                    InstanceMapper instance = new InstanceMapper(node, globals, findings);
                    instance.map();
                    instances.put(instance.name, instance);
                }
            }
            case "vrrp_sync_group" -> {
                if (named(node) && isNew(node, groups)) {
                    GroupMapper group = new GroupMapper(node, globals, findings);
                    group.map();
                    groups.put(group.name, group);
                }
            }
            case "vrrp_script" -> {
                if (named(node) && isNew(node, scripts)) {
                    tracked.script(node).ifPresent(s -> scripts.put(s.name(), s));
                }
            }
            case "vrrp_track_file", "track_file" -> {
                if (named(node) && isNew(node, files)) {
                    tracked.file(node).ifPresent(f -> files.put(f.name(), f));
                }
            }
            case "vrrp_track_process" -> {
                if (named(node) && isNew(node, processes)) {
                    tracked.process(node).ifPresent(p -> processes.put(p.name(), p));
                }
            }
            case "static_ipaddress" -> {
                findings.info(
                        node.at(),
                        "static addresses are put up by floatingip run at its start and taken off at its end, not watched between; a program"
                                + " of your own finds them in the configuration");
                new AddressMapper(findings, true)
                        .map(node)
                        .forEach(a -> staticAddresses.add(new StaticAddress(
                                a.address().device(a.address().device().orElse(globals.defaultInterface)), a.at())));
            }
            case "global_defs" -> new Statement(node, findings).endOfWords();
            case "garp_group" -> pauses.putAll(Garp.group(node, findings));
            case "virtual_server" ->
                new ServerMapper(globals, serverGroups, findings).map(node).ifPresent(virtualServers::add);
            default -> {
                // virtual_server_group was read before.
            }
        }
    }

    private boolean named(Node node) {
        if (node.title().isBlank()) {
            findings.error(node.at(), node.name() + " needs a name");
            return false;
        }
        if (node.arguments().size() > 1) {
            findings.info(
                    node.arguments().get(0).at(),
                    "the name is " + Statement.shown(node.title())
                            + ", blanks included; keepalived takes the first word only");
        }
        return true;
    }

    private boolean isNew(Node node, Map<String, ?> named) {
        if (named.containsKey(node.title())) {
            findings.error(
                    node.at(),
                    node.name() + " " + Statement.shown(node.title())
                            + " is there already; keepalived would leave out this one. Rename or remove it");
            return false;
        }
        return true;
    }

    /** Makes a group's tracking its members', and weights in it zero, as keepalived does. */
    private void members(GroupMapper group) {
        if (group.members.isEmpty()) {
            findings.error(group.node.at(), "vrrp_sync_group " + group.name + " has no members in a group block");
        }
        for (Word member : group.members) {
            InstanceMapper instance = instances.get(member.text());
            GroupMapper other = instance == null ? null : groupOf.putIfAbsent(member.text(), group);
            if (instance == null) {
                findings.error(member.at(), "there is no vrrp_instance " + Statement.shown(member.text()));
            } else if (other != null) {
                findings.error(
                        member.at(),
                        "vrrp_instance " + member + " is in group " + other.name
                                + (other == group ? " twice" : " already"));
            } else {
                join(group, instance);
            }
        }
        if (group.members.size() == 1) {
            findings.info(group.node.at(), "vrrp_sync_group " + group.name + " has a single member");
        }
    }

    private void join(GroupMapper group, InstanceMapper instance) {
        group.interfaces.forEach(t -> instance.trackInterface(t.tracked(), t.at()));
        instance.tracking.addAll(group.tracking);
        if (group.weights) {
            return;
        }
        for (int i = 0; i < instance.interfaces.size(); i++) {
            TrackedInterface tracked = instance.interfaces.get(i);
            if (tracked.weight() != 0) {
                weightIsZero("interface " + tracked.name(), instance.at("track_interface"), group);
                instance.interfaces.set(i, new TrackedInterface(tracked.name(), 0, tracked.reversed()));
            }
        }
        for (int i = 0; i < instance.tracking.size(); i++) {
            TrackingMapper.Placed placed = instance.tracking.get(i);
            Tracking tracking = placed.tracking();
            if (weight(tracking) != 0) {
                weightIsZero(tracking.name(), placed.at(), group);
                instance.tracking.set(
                        i,
                        new TrackingMapper.Placed(
                                new Tracking(tracking.kind(), tracking.name(), OptionalInt.of(0), tracking.reversed()),
                                placed.at()));
            }
        }
    }

    private void weightIsZero(String what, Position at, GroupMapper group) {
        findings.info(
                at,
                "in a sync group a weight counts as 0, as in keepalived: when " + Statement.shown(what)
                        + " fails, all of " + group.name
                        + " is in FAULT. Write sync_group_tracking_weight in the group to keep weights");
    }

    private int weight(Tracking tracking) {
        return named(tracking.kind()).containsKey(tracking.name()) ? checks.weight(tracking) : 0;
    }

    private Map<String, ?> named(Tracking.Kind kind) {
        return switch (kind) {
            case SCRIPT -> scripts;
            case FILE -> files;
            case PROCESS -> processes;
        };
    }

    private void build(InstanceMapper instance) {
        int errors = findings.errors();
        List<Tracking> tracking = new ArrayList<>();
        Set<Tracking> names = new HashSet<>();
        for (TrackingMapper.Placed placed : instance.tracking) {
            Tracking each = placed.tracking();
            Map<String, ?> named = named(each.kind());
            if (!named.containsKey(each.name())) {
                findings.error(
                        placed.at(),
                        "there is no " + block(each.kind()) + " " + Statement.shown(each.name())
                                + "; without it the address would stay with a failed service");
            } else if (!names.add(new Tracking(each.kind(), each.name(), OptionalInt.empty(), false))) {
                findings.warning(
                        placed.at(), Statement.shown(each.name()) + " is tracked already; the first one counts");
            } else {
                tracking.add(each);
            }
        }
        Optional<FloatingIpConfig> config = new InstanceBuilder(instance, globals, pauses, findings).build();
        if (config.isPresent() && !instance.unsafe && findings.errors() == errors) {
            withChecks(instance, config.get(), tracking)
                    .ifPresent(whole -> builtInstances.add(new KeepalivedInstance(
                            instance.name,
                            whole,
                            tracking,
                            instance.notify.scripts(),
                            instance.alert
                                    .or(() -> globals.alertVrrp)
                                    .or(() -> globals.alert)
                                    .orElse(false),
                            instance.node.at())));
        }
    }

    private Optional<FloatingIpConfig> withChecks(
            InstanceMapper instance, FloatingIpConfig config, List<Tracking> tracking) {
        FloatingIpConfig whole = config;
        for (Tracking each : List.copyOf(tracking)) {
            if (config.priority() == OWNER && checks.weight(each) != 0) {
                findings.warning(
                        instance.node.at(),
                        "the owner's priority, 255, never changes; " + Statement.shown(each.name())
                                + " has a weight and is left out");
                tracking.remove(each);
                continue;
            }
            try {
                whole = checks.with(whole, each);
            } catch (IllegalArgumentException e) {
                findings.error(instance.node.at(), Statement.shown(each.name()) + ": " + e.getMessage());
                return Optional.empty();
            }
        }
        return Optional.of(whole);
    }

    private static String block(Tracking.Kind kind) {
        return switch (kind) {
            case SCRIPT -> "vrrp_script";
            case FILE -> "vrrp_track_file";
            case PROCESS -> "vrrp_track_process";
        };
    }

    private void build(GroupMapper group) {
        List<String> members = group.members.stream().map(Word::text).distinct().toList();
        Set<String> built = new HashSet<>();
        builtInstances.forEach(i -> built.add(i.name()));
        if (!members.isEmpty() && built.containsAll(members)) {
            builtGroups.add(new KeepalivedGroup(
                    group.name,
                    members,
                    group.notify.scripts(),
                    group.alert
                            .or(() -> globals.alertVrrp)
                            .or(() -> globals.alert)
                            .orElse(false),
                    group.node.at()));
        } else {
            // A part of a group must not run for itself.
            builtInstances.removeIf(i -> members.contains(i.name()));
        }
    }

    /** Two multicast instances of one id on one interface would hear each other's adverts as their own. */
    private void conflicts() {
        Map<String, KeepalivedInstance> first = new HashMap<>();
        for (KeepalivedInstance each : List.copyOf(builtInstances)) {
            FloatingIpConfig config = each.config();
            IpFamily family = config.addresses().get(0).family();
            String key = config.networkInterface() + "/" + config.virtualRouterId() + "/" + family + "/"
                    + config.multicastGroups();
            KeepalivedInstance other = config.unicastPeers().isEmpty() ? first.putIfAbsent(key, each) : null;
            if (other != null) {
                findings.error(
                        each.at(),
                        "vrrp_instance " + each.name() + " has the interface and the virtual_router_id of "
                                + other.name() + "; give it another id");
                builtInstances.remove(each);
                builtGroups.removeIf(g -> g.members().contains(each.name()));
            }
        }
    }
}
