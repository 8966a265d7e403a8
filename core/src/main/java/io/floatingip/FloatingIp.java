package io.floatingip;

import io.floatingip.health.ApplicationHealth;
import io.floatingip.internal.runtime.DefaultFloatingIp;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * A floating IP this node has joined: a virtual router in the words of RFC 9568. All methods may be called by any thread.
 *
 * <p>A floating IP is not a lock: for moments, when the network is cut in two, two nodes can be master.
 */
public interface FloatingIp extends AutoCloseable {
    /**
     * Joins: checks what can be checked, opens the sockets and starts to listen. The node is backup when this returns; it becomes master when
     * no better one is heard for the master-down interval (about 3.6 s with the defaults). Blocks until the checks are done, usually some
     * milliseconds, the first time in a process up to half a second for loading the kernel binding; if another process of this host has the
     * same virtual router, it is given one and a half seconds to close it.
     *
     * @throws FloatingIpException if it cannot take part: privilege or interface missing, address in use for something else, virtual router
     *     joined by another process, not Linux; the message says what to do, and nothing has been changed
     */
    static FloatingIp join(FloatingIpConfig config) {
        return DefaultFloatingIp.join(config);
    }

    /** As configured; unique within the process only if chosen so. */
    String name();

    /** The role now. Costs one volatile read. */
    Role role();

    /** Whether this node holds the address now. */
    default boolean isMaster() {
        return role() == Role.MASTER;
    }

    /** Everything known now. */
    FloatingIpStatus status();

    /**
     * Waits until the node has the role.
     *
     * @return false if the time ran out, or the node was released, first
     */
    boolean awaitRole(Role role, Duration timeout) throws InterruptedException;

    /** Adds a listener. It is told the current role first ({@link RoleChange#from()} equals {@link RoleChange#to()}), then every change. */
    Registration addListener(RoleListener listener);

    /**
     * Changes the configured priority, 1 to 254, which the weights of health checks are added to. A master advertises the new one at once, so that a better backup takes over without a gap.
     *
     * @throws IllegalArgumentException if out of range
     */
    void setPriority(int priority);

    /** The application's own word on its health: whether this node should hold the address. */
    ApplicationHealth health();

    /**
     * Changes the configuration while it runs: priority, addresses, peers, interval, preemption, announcements, authentication. A master misses no
     * advert, adds new addresses before it advertises them and removes the others after. An address can get another prefix length (IPv4) or
     * device; label, scope and the like of one that is held are refused. Blocks until it is done.
     *
     * <p>What identifies the floating IP (interface, virtual router id, version, the families of its addresses, virtual MAC, placement, being
     * the owner) cannot change. {@code listener}, {@code callbackExecutor}, {@code threadFactory}, {@code network}, {@code ready} and {@code
     * shutdownHook} are used when joining and have no effect here; for listeners there is {@link #addListener}.
     *
     * <p>Several calls at a time lose nothing: what was built on a configuration that is not there any more is built again, so the function may
     * be called more than once.
     *
     * <pre>{@code vip.change(c -> c.address("10.99.0.67/32").advertInterval(Duration.ofMillis(100)));}</pre>
     *
     * @throws IllegalArgumentException if the new configuration is refused, or changes what cannot change
     * @throws FloatingIpException if it cannot be put into effect; the old one stays
     */
    void change(UnaryOperator<FloatingIpConfig.Builder> change);

    /**
     * Gives mastership to the best other node and stays backup, without taking it back by preemption as long as that node lives. Drains for the
     * configured drain time first. If nobody takes over, this node stays master, which listeners are told ({@link RoleListener#onStay}). A member of a
     * group takes the others along. Does nothing unless master. Returns at once.
     */
    void handOver();

    /**
     * Gives mastership up and does not compete for the given time, or until {@link #standUp()}. Returns at once.
     *
     * @param time longer than 0
     */
    void standDown(Duration time);

    /** Ends {@link #standDown} before its time. */
    void standUp();

    /**
     * Leaves for good, make before break: listeners drain for up to the given time while the address still serves, priority 0 is advertised, the
     * address stays until a successor is heard (or could have been), then goes. Blocks until that is done: the drain time and a skew time at the
     * most, 1 s with default intervals. Repeating it waits for the first call to finish.
     */
    void release(Duration drain);

    /** {@link #release} with the configured drain time. */
    @Override
    void close();

    /** Ends what {@link #addListener} began. */
    @FunctionalInterface
    interface Registration extends AutoCloseable {
        /** No call begins after this returns, but one may be running. */
        @Override
        void close();
    }
}
