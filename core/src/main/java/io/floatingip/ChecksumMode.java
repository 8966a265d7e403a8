package io.floatingip;

/**
 * What the checksum of a VRRPv3 advert over IPv4 covers. RFC 5798 was read in two ways and both are in use; both are accepted on receive
 * whatever is chosen here. VRRPv2 and IPv6 leave no choice.
 */
public enum ChecksumMode {
    /** IPv4 pseudo-header and message: what keepalived and FRR send, and what keepalived insists on. The default. */
    PSEUDO_HEADER,
    /** The message alone, as RFC 9568 section 5.2.8 settles it: Arista, Cisco IOS, Juniper, keepalived with {@code v3_checksum_as_v2}. */
    MESSAGE_ONLY
}
