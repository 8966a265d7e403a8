package io.floatingip.internal.runtime;

import io.floatingip.Reason;
import io.floatingip.TrackedInterface;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkSpec;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns the state of other interfaces into priority, or into taking no part. Used by the loop thread only. */
final class InterfaceTracking {
    private final DefaultFloatingIp owner;
    private final RouterMember member;
    private Map<TrackedInterface, LinkUse> tracked = new LinkedHashMap<>();

    InterfaceTracking(DefaultFloatingIp owner, RouterMember member) {
        this.owner = owner;
        this.member = member;
    }

    /** Opens what is to be tracked; changes nothing before {@link #track}. */
    Map<TrackedInterface, LinkUse> open(List<TrackedInterface> wanted) throws IOException {
        Map<TrackedInterface, LinkUse> next = new LinkedHashMap<>();
        for (TrackedInterface each : wanted) {
            next.put(each, member.links().open(new LinkSpec.Interface(each.name())));
        }
        return next;
    }

    Collection<LinkUse> uses() {
        return tracked.values();
    }

    /** Tracks these from now on, instead of those before; {@link #evaluate} puts it into effect. */
    void track(Map<TrackedInterface, LinkUse> next) {
        tracked = next;
    }

    /** Whether a change of this link may matter. */
    boolean concerns(Link link) {
        return tracked.values().stream().anyMatch(use -> use.link() == link);
    }

    void evaluate(long now) {
        StringBuilder missing = new StringBuilder();
        Map<String, Integer> weights = new LinkedHashMap<>();
        tracked.forEach((each, use) -> {
            boolean up = use.link().info().up();
            if (each.weight() == 0) {
                if (up == each.reversed()) {
                    missing.append(missing.isEmpty() ? "" : "; ")
                            .append("tracked interface ")
                            .append(each.name())
                            .append(each.reversed() ? " is up" : " is down");
                }
                return;
            }
            // keepalived's arithmetic: a positive weight counts while up,
            // a negative one while down; reversed, with the other sign.
            boolean counts = each.weight() > 0 == up;
            int signed = each.reversed() ? -each.weight() : each.weight();
            if (counts) {
                weights.put(each.name(), signed);
            }
        });
        // All at once: no priority in between is to be advertised.
        owner.adjust(weights);
        if (missing.isEmpty()) {
            member.clearFault(Reason.TRACKED_CONDITION, now);
        } else {
            member.fault(Reason.TRACKED_CONDITION, missing.toString(), now);
        }
    }
}
