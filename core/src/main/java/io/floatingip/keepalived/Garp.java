package io.floatingip.keepalived;

import io.floatingip.Announcements;
import io.floatingip.IpFamily;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How an instance announces: its own {@code garp_} settings over the global ones, and the pauses of a {@code garp_group}. */
final class Garp {
    static final int REPEAT_MAX = 100;
    static final Set<String> MAPPED = Set.of("garp_master_delay", "garp_master_repeat", "garp_master_refresh");

    private @Nullable Duration delay;
    private @Nullable Integer repeat;
    private @Nullable Duration refresh;

    /** Takes a {@code garp_} keyword of an instance. */
    void map(Statement s) {
        switch (s.name()) {
            case "garp_master_delay" -> delay = s.secondsOrDefault(0, 4294).orElse(null);
            case "garp_master_repeat" -> {
                var number = s.numberOrDefault(1, REPEAT_MAX);
                repeat = number.isPresent() ? number.getAsInt() : null;
            }
            case "garp_master_refresh" -> refresh = s.secondsOrDefault(0, 86400).orElse(null);
            default -> throw new AssertionError(s.name());
        }
    }

    Announcements announcements(Globals globals, Optional<Pauses> group, IpFamily family) {
        Duration pause = family == IpFamily.IPV4
                ? group.flatMap(Pauses::arp).orElse(globals.garpInterval)
                : group.flatMap(Pauses::neighbour).orElse(globals.gnaInterval);
        return new Announcements(
                repeat == null ? globals.garpRepeat : repeat,
                delay == null ? globals.garpDelay : delay,
                refresh == null ? globals.garpRefresh : refresh,
                pause);
    }

    /** Between frames on an interface, for ARP and for neighbour advertisements. */
    record Pauses(Optional<Duration> arp, Optional<Duration> neighbour) {}

    /** A {@code garp_group}: the pauses for each interface it names. */
    static Map<String, Pauses> group(Node block, Findings findings) {
        Optional<Duration> arp = Optional.empty();
        Optional<Duration> neighbour = Optional.empty();
        Map<String, Pauses> pauses = new HashMap<>();
        Set<String> mapped = Set.of("garp_interval", "gna_interval", "interface", "interfaces");
        new Statement(block, findings).endOfWords();
        for (Node node : block.block()) {
            Statement s = new Statement(node, findings);
            switch (node.name()) {
                case "garp_interval" -> arp = s.secondsOrDefault(0, 86400);
                case "gna_interval" -> neighbour = s.secondsOrDefault(0, 86400);
                case "interface", "interfaces" -> {
                    Lists.words(s).forEach(w -> pauses.put(w.text(), new Pauses(Optional.empty(), Optional.empty())));
                    continue;
                }
                default -> {
                    KnownKeywords.NONE.report(node, mapped, "garp_group", findings);
                    continue;
                }
            }
            s.end();
        }
        if (pauses.isEmpty()) {
            findings.warning(block.at(), "garp_group names no interface; it is left out");
        }
        if (pauses.size() > 1) {
            findings.info(
                    block.at(), "each interface of a garp_group has the pause for itself, not shared with the others");
        }
        Pauses each = new Pauses(arp, neighbour);
        pauses.replaceAll((name, none) -> each);
        return pauses;
    }
}
