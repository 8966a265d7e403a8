package io.floatingip.internal.runtime;

import io.floatingip.Reason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Why a router takes no part: a set, so that the end of one reason does not hide another. Used by the loop thread only. */
final class Faults {
    private final Map<Reason, String> reasons = new EnumMap<>(Reason.class);

    /** Whether this changed anything. */
    boolean set(Reason reason, String detail) {
        return !detail.equals(reasons.put(reason, detail));
    }

    boolean clear(Reason reason) {
        return reasons.remove(reason) != null;
    }

    boolean anyBut(Reason reason) {
        return reasons.size() > (reasons.containsKey(reason) ? 1 : 0);
    }

    boolean none() {
        return reasons.isEmpty();
    }

    /** The texts, in the order of {@link Reason}. */
    List<String> texts() {
        return List.copyOf(reasons.values());
    }
}
