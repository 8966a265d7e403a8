package io.floatingip;

import io.floatingip.internal.runtime.DefaultFloatingIpGroup;
import java.time.Duration;
import java.util.List;

/**
 * Floating IPs that are master together or not at all (keepalived: {@code vrrp_sync_group}): an inside and an outside address of the same
 * gateway, for example. A member whose time has come waits until all members' time has come; a fault in one is a fault in all. Before one is
 * given away on purpose the listeners of all, and the group's own, drain at the same time; then all go together. All methods may
 * be called by any thread.
 */
public interface FloatingIpGroup extends AutoCloseable {
    /**
     * Joins all members, or none.
     *
     * @param name for logs and {@link RoleChange#name()}
     * @param members at least one, all on the same network
     * @param listeners are told about the role of the group; members have their own
     * @throws FloatingIpException as {@link FloatingIp#join}; members joined before the one that failed have been released again
     * @throws IllegalArgumentException without members, or if two have the same name or different networks
     */
    static FloatingIpGroup join(String name, List<FloatingIpConfig> members, RoleListener... listeners) {
        return DefaultFloatingIpGroup.join(name, members, List.of(listeners));
    }

    String name();

    /** MASTER if all members are, otherwise the lowest of theirs: FAULT before BACKUP. */
    Role role();

    /** The members, in the order of joining. */
    List<FloatingIp> members();

    /** Waits until the group has the role; false if the time ran out, or the group was released, first. */
    boolean awaitRole(Role role, Duration timeout) throws InterruptedException;

    /** Adds a listener, which is told the present role first. */
    FloatingIp.Registration addListener(RoleListener listener);

    /** As {@link FloatingIp#handOver()}, for all members at the same time, with the longest of their drain times. */
    void handOver();

    /** As {@link FloatingIp#release}, for all members at the same time. */
    void release(Duration drain);

    /** {@link #release} with the longest of the members' drain times. */
    @Override
    void close();
}
