package io.floatingip;

/** What takes the address from this host when the process is killed, frozen or paused. */
public enum FenceMode {
    /**
     * The kernel's packet filter, closed 2.75 intervals after the last advert, and a finite lifetime of the address behind it; whichever of the
     * two the kernel and the interval allow. The default.
     */
    AUTO,
    /** Only the finite lifetime of the address: seconds, in time for intervals from 2 s. Nothing is put into the packet filter. */
    LIFETIME,
    /** Nothing: the address stays until somebody removes it. For hosts where another fence exists. */
    NONE
}
