package io.floatingip.gateway.config;

import io.floatingip.RoleListener;
import java.util.List;

/**
 * Who is told about changes of role.
 *
 * @param how equal if the same are told in the same way: at a reload the running listeners then go on, with what they still have to deliver
 */
public record Told(Object how, List<RoleListener> listeners) {
    /** Nobody in particular. */
    public static final Told NOBODY = new Told(List.of(), List.of());

    public Told {
        listeners = List.copyOf(listeners);
    }
}
