package io.floatingip.gateway;

import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import java.util.List;

/** Hands changes on to listeners that a reload can replace, without telling the new ones what the old ones know. */
final class Relay implements RoleListener {
    private volatile List<RoleListener> listeners;

    Relay(List<RoleListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    void replace(List<RoleListener> value) {
        listeners = List.copyOf(value);
    }

    @Override
    public void onChange(RoleChange change) {
        listeners.forEach(listener -> listener.onChange(change));
    }
}
