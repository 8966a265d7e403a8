package io.floatingip.spring;

import io.floatingip.RoleChange;

/** This node is backup. See {@link FloatingIpRoleChangedEvent}. */
public final class FloatingIpBackupEvent extends FloatingIpRoleChangedEvent {
    private static final long serialVersionUID = 1;

    public FloatingIpBackupEvent(Object source, RoleChange change) {
        super(source, change);
    }
}
