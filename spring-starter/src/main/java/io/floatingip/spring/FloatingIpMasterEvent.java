package io.floatingip.spring;

import io.floatingip.RoleChange;

/** This node has become master. See {@link FloatingIpRoleChangedEvent}. */
public final class FloatingIpMasterEvent extends FloatingIpRoleChangedEvent {
    private static final long serialVersionUID = 1;

    public FloatingIpMasterEvent(Object source, RoleChange change) {
        super(source, change);
    }
}
