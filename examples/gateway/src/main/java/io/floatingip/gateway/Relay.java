package io.floatingip.gateway;

import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.floatingip.notify.Notifier;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;

/** Hands changes on to listeners that a reload can replace, without telling the new ones what the old ones know. */
final class Relay implements Notifier {
    private volatile List<RoleListener> listeners;
    // Those of before, too: they may still deliver, and what is counted never goes down.
    private final List<Notifier> notifiers = new CopyOnWriteArrayList<>();

    Relay(List<RoleListener> listeners) {
        replace(listeners);
    }

    void replace(List<RoleListener> value) {
        listeners = List.copyOf(value);
        for (RoleListener listener : value) {
            if (listener instanceof Notifier notifier) {
                notifiers.add(notifier);
            }
        }
    }

    @Override
    public void onChange(RoleChange change) {
        listeners.forEach(listener -> listener.onChange(change));
    }

    @Override
    public void onStay(RoleChange change) {
        listeners.forEach(listener -> listener.onStay(change));
    }

    @Override
    public long delivered() {
        return sum(Notifier::delivered);
    }

    @Override
    public long undelivered() {
        return sum(Notifier::undelivered);
    }

    @Override
    public int pending() {
        return (int) sum(Notifier::pending);
    }

    private long sum(ToLongFunction<Notifier> count) {
        return notifiers.stream().mapToLong(count).sum();
    }
}
