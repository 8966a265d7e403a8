package io.floatingip;

/** Why a role changed. {@link RoleChange#detail()} says it in words, with addresses and numbers. */
public enum Reason {
    /** Joined and listening. */
    JOINED,
    /** Owner of the address (priority 255), master from the start. */
    ADDRESS_OWNER,
    /** No advert for the master-down interval. */
    MASTER_SILENT,
    /** The master said that it leaves (priority 0). */
    MASTER_LEFT,
    /** A master of lower priority was preempted. */
    PREEMPTING,
    /** A node of higher priority, or of equal priority and higher address, advertises. */
    PREEMPTED,
    /** This process was paused longer than others wait, and another node has taken over. */
    REPLACED_DURING_PAUSE,
    /** The interface is down, has no carrier or is gone. */
    LINK_DOWN,
    /** There is no address to send adverts from. */
    NO_SOURCE_ADDRESS,
    /** An address could not be put on the interface. */
    ADDRESS_FAILED,
    /** No advert could be sent for several intervals. */
    CANNOT_ADVERTISE,
    /** Somebody keeps taking the address off the interface. */
    ADDRESS_LOST,
    /** A health check or the application says so. */
    UNHEALTHY,
    /** The application said that it is not ready to serve. */
    NOT_READY,
    /** A tracked interface, file or process says so. */
    TRACKED_CONDITION,
    /** Another member of the group could not take part. */
    GROUP,
    /** Everything that was wrong has gone. */
    RECOVERED,
    /** {@link FloatingIp#handOver()}. */
    HANDED_OVER,
    /** {@link FloatingIp#standDown}. */
    STOOD_DOWN,
    /** {@link FloatingIp#release} or {@link FloatingIp#close()}. */
    RELEASED
}
