package io.floatingip.spring.actuate;

import io.floatingip.FloatingIp;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Keeps the last changes of role of each floating IP. May be used by any thread. */
final class RoleHistory implements SmartInitializingSingleton {
    private static final int KEPT = 20;

    private final ObjectProvider<FloatingIp> floatingIps;
    private final Map<String, Deque<RoleChange>> changes = new ConcurrentHashMap<>();

    RoleHistory(ObjectProvider<FloatingIp> floatingIps) {
        this.floatingIps = floatingIps;
    }

    @Override
    public void afterSingletonsInstantiated() {
        floatingIps.forEach(floatingIp -> floatingIp.addListener(RoleListener.onAnyChange(this::keep)));
    }

    private void keep(RoleChange change) {
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
