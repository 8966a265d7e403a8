package io.floatingip;

/** Where on this host the address is put. */
public enum Placement {
    /** On the interface. The default. */
    INTERFACE,
    /**
     * On a device that the kernel removes with this process, however it ends: a TUN that nothing is sent through. The host answers for the address
     * on its interfaces all the same. When the process is killed the address is gone within milliseconds; a process that is only frozen keeps it,
     * which is what the fence is for. IPv4 only; needs {@code /dev/net/tun}.
     */
    PROCESS_BOUND
}
