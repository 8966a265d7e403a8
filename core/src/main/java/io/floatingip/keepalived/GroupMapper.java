package io.floatingip.keepalived;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a {@code vrrp_sync_group}. */
final class GroupMapper {
    static final Set<String> MAPPED;

    static {
        Set<String> all = new HashSet<>(NotifyMapper.MAPPED);
        all.remove("notify_deleted");
        all.remove("notify_master_rx_lower_pri");
        all.addAll(Set.of(
                "group",
                "track_interface",
                "track_script",
                "track_file",
                "track_process",
                "smtp_alert",
                "sync_group_tracking_weight"));
        MAPPED = Set.copyOf(all);
    }

    private final Findings findings;

    final Node node;
    final String name;
    final List<Word> members = new ArrayList<>();
    final List<TrackingMapper.PlacedInterface> interfaces = new ArrayList<>();
    final List<TrackingMapper.Placed> tracking = new ArrayList<>();
    final NotifyMapper notify;
    boolean weights;
    Optional<Boolean> alert = Optional.empty();

    GroupMapper(Node node, Globals globals, Findings findings) {
        this.node = node;
        this.name = node.title();
        this.findings = findings;
        this.notify = new NotifyMapper(globals);
    }

    void map() {
        TrackingMapper tracks = new TrackingMapper(findings);
        for (Node each : node.block()) {
            if (!MAPPED.contains(each.name())) {
                KnownKeywords.GROUP.report(each, MAPPED, "vrrp_sync_group", findings);
                continue;
            }
            Statement s = new Statement(each, findings);
            switch (each.name()) {
                case "group" -> members.addAll(Lists.words(s));
                case "track_interface" -> interfaces.addAll(tracks.interfaces(each));
                case "track_script" -> tracking.addAll(tracks.checks(each, Tracking.Kind.SCRIPT));
                case "track_file" -> tracking.addAll(tracks.checks(each, Tracking.Kind.FILE));
                case "track_process" -> tracking.addAll(tracks.checks(each, Tracking.Kind.PROCESS));
                case "smtp_alert" -> {
                    alert = Optional.of(s.flag());
                    s.end();
                }
                case "sync_group_tracking_weight" -> {
                    weights = s.flag();
                    s.end();
                }
                default -> {
                    notify.map(s, findings);
                    s.end();
                }
            }
        }
    }
}
