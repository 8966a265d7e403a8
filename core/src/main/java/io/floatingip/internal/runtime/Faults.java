package io.floatingip.internal.runtime;

import io.floatingip.Reason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Why a router takes no part: a set, so that the end of one reason does not hide another. Used by the loop thread only. */
final class Faults {
    private final Map<Reason, Fault> reasons = new EnumMap<>(Reason.class);

    private record Fault(String detail, boolean makeBeforeBreak) {}

    /** Whether this changed anything that is told. */
    boolean set(Reason reason, String detail, boolean makeBeforeBreak) {
        Fault before = reasons.put(reason, new Fault(detail, makeBeforeBreak));
        return before == null || !detail.equals(before.detail());
    }

    boolean clear(Reason reason) {
        return reasons.remove(reason) != null;
    }

    boolean anyBut(Reason reason) {
        return reasons.size() > (reasons.containsKey(reason) ? 1 : 0);
    }

    /** Whether the address may stay until a successor has it, as far as all reasons but this one are concerned. */
    boolean makeBeforeBreakBut(Reason reason) {
        return reasons.entrySet().stream()
                .allMatch(entry -> entry.getKey() == reason || entry.getValue().makeBeforeBreak());
    }

    boolean none() {
        return reasons.isEmpty();
    }

    /** The texts, in the order of {@link Reason}. */
    List<String> texts() {
        return reasons.values().stream().map(Fault::detail).toList();
    }
}
