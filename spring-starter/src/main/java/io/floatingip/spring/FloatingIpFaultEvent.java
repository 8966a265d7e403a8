package io.floatingip.spring;

import io.floatingip.RoleChange;

/** This node takes no part. See {@link FloatingIpRoleChangedEvent}. */
public final class FloatingIpFaultEvent extends FloatingIpRoleChangedEvent {
    private static final long serialVersionUID = 1;

    public FloatingIpFaultEvent(Object source, RoleChange change) {
        super(source, change);
    }
}
