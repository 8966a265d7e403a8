package io.floatingip.internal.health;

import io.floatingip.health.HealthEffect.Release;
import io.floatingip.health.HealthEffect.Weight;
import io.floatingip.health.HealthState;
import java.util.ArrayList;
import java.util.List;

/**
 * What all checks together mean, with keepalived's arithmetic.
 *
 * @param weight what they add to the configured priority
 * @param reasons why the node takes no part; empty if it does
 * @param makeBeforeBreak whether none of the reasons keeps the node from serving until a successor is there
 */
public record HealthVerdict(long weight, List<String> reasons, boolean makeBeforeBreak) {
    private static final int NUMBER_MIN = -254;
    private static final int NUMBER_MAX = 253;

    public HealthVerdict {
        reasons = List.copyOf(reasons);
    }

    public static HealthVerdict of(List<Tracked> checks) {
        long sum = 0;
        boolean makeBeforeBreak = true;
        List<String> reasons = new ArrayList<>();
        for (Tracked check : checks) {
            if (check.effect() instanceof Weight weight) {
                int part = part(weight, check);
                if (check.number().isPresent() && part == NUMBER_MIN) {
                    reasons.add(check.name() + ": " + check.detail());
                    makeBeforeBreak = false;
                } else {
                    sum += part;
                }
            } else if (check.effect() instanceof Release release && releases(release, check.state())) {
                reasons.add(check.name() + ": " + detail(release, check));
                makeBeforeBreak &= release.makeBeforeBreak();
            }
        }
        return new HealthVerdict(sum, reasons, makeBeforeBreak);
    }

    private static int part(Weight weight, Tracked check) {
        int signed = weight.reversed() ? -weight.weight() : weight.weight();
        if (check.number().isPresent()) {
            long product = (long) check.number().getAsInt() * signed;
            return (int) Math.max(NUMBER_MIN, Math.min(NUMBER_MAX, product));
        }
        // Which result counts is the weight's own sign's choice, reversed or not.
        HealthState counting = weight.weight() > 0 ? HealthState.HEALTHY : HealthState.UNHEALTHY;
        return check.state() == counting ? signed : 0;
    }

    private static boolean releases(Release release, HealthState state) {
        return state == HealthState.PENDING || (state == HealthState.HEALTHY) == release.reversed();
    }

    private static String detail(Release release, Tracked check) {
        if (check.state() == HealthState.PENDING) {
            return "waiting for the first result";
        }
        if (release.reversed()) {
            return "is healthy, and that is to release the address";
        }
        return check.detail().isEmpty() ? "unhealthy" : check.detail();
    }
}
