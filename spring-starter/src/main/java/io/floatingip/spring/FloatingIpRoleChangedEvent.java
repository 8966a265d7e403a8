package io.floatingip.spring;

import io.floatingip.RoleChange;
import org.springframework.context.ApplicationEvent;

/**
 * A floating IP of this application has taken another role. Published for each change, in order, by the floating IP's callback thread; listeners
 * run there unless they are {@code @Async}. The source is the {@link io.floatingip.FloatingIp}.
 */
public class FloatingIpRoleChangedEvent extends ApplicationEvent {
    private static final long serialVersionUID = 1;

    private final transient RoleChange change;

    public FloatingIpRoleChangedEvent(Object source, RoleChange change) {
        super(source);
        this.change = change;
    }

    /** What changed, why and when. */
    public RoleChange change() {
        return change;
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + change;
    }
}
