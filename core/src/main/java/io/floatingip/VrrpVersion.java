package io.floatingip;

/** The version of the protocol on the wire. Nodes of one virtual router must speak the same. */
public enum VrrpVersion {
    /** RFC 3768: IPv4 only, intervals in whole seconds, the interval must be equal on all nodes. keepalived's default. */
    V2(2),
    /** RFC 9568 (and 5798): IPv4 and IPv6, intervals in hundredths of a second, backups follow the master's interval. */
    V3(3);

    private final int number;

    VrrpVersion(int number) {
        this.number = number;
    }

    /** 2 or 3, as in the packet. */
    public int number() {
        return number;
    }
}
