package io.floatingip;

/** What part this node takes in a virtual router. */
public enum Role {
    /** Listens, and takes the address over when the master falls silent. */
    BACKUP,
    /** Holds the address and advertises it. RFC 9568 calls this state Active. */
    MASTER,
    /** Takes no part for now, for reasons that {@link FloatingIpStatus#faults()} names; comes back by itself when they are gone. */
    FAULT,
    /** Has left for good; the handle is of no further use. */
    RELEASED
}
