package io.floatingip.spring.actuate;

import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the last changes of role of each floating IP. May be used by any thread. */
final class RoleHistory implements RoleListener {
    private static final int KEPT = 20;

    private final Map<String, Deque<RoleChange>> changes = new ConcurrentHashMap<>();

    @Override
    public void onChange(RoleChange change) {
        changes.compute(change.name(), (name, kept) -> {
            Deque<RoleChange> newestFirst = kept == null ? new ArrayDeque<>() : new ArrayDeque<>(kept);
            newestFirst.addFirst(change);
            if (newestFirst.size() > KEPT) {
                newestFirst.removeLast();
            }
            return newestFirst;
        });
    }

    /** Newest first. */
    List<RoleChange> of(String name) {
        return List.copyOf(changes.getOrDefault(name, new ArrayDeque<>()));
    }
}
