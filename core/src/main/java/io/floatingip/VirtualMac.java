package io.floatingip;

/**
 * Whether the address has a hardware address of its own that moves with it (RFC 9568 section 7.3: 00-00-5E-00-01-VRID, for IPv6
 * 00-00-5E-00-02-VRID). Neighbours then need not learn anything anew; switches must allow it, and many clouds and hypervisors do not.
 */
public enum VirtualMac {
    /** The interface's own hardware address, and announcements when the address moves. The default, and what works everywhere. */
    OFF,
    /** A virtual interface with the virtual hardware address carries the addresses; adverts are sent from it too, as the RFC demands. */
    ON,
    /** As {@link #ON}, but adverts are sent from the interface itself: for networks that learn hardware addresses strictly. */
    ADVERTS_FROM_BASE
}
