package io.floatingip.internal.wire;

import java.net.InetAddress;

/** What a packet turned out to be. */
public sealed interface Decoded {
    /**
     * A valid advert for this virtual router.
     *
     * @param sender the packet's source address
     * @param checksumStyle how its checksum was computed
     */
    record Accepted(Advert advert, InetAddress sender, ChecksumStyle checksumStyle) implements Decoded {}

    /**
     * Not one.
     *
     * @param detail got and wanted, for the debug log: "TTL is 254, must be 255"
     */
    record Rejected(Rejection rejection, String detail) implements Decoded {}

    /** Readings of the checksum, to tell a user which one a peer follows. */
    enum ChecksumStyle {
        /** There is only one for this version and family. */
        ONLY,
        /** RFC 5798 as keepalived and FRR read it. */
        PSEUDO_HEADER,
        /** RFC 9568. */
        MESSAGE_ONLY,
        /** Unicast with 224.0.0.18 in the pseudo-header: keepalived up to 1.3.6. */
        OLD_UNICAST
    }
}
