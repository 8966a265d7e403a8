package io.floatingip.internal.wire;

/** Why an arriving packet was not taken as an advert; one constant for each receive rule, each with a counter of its own. */
public enum Rejection {
    /** Shorter than the fixed header, or IP header malformed. */
    TRUNCATED,
    /** Another protocol, by its own number or behind an authentication header. */
    NOT_VRRP,
    /** Version is neither 2 nor 3. */
    UNKNOWN_VERSION,
    /** Type is not 1. */
    UNKNOWN_TYPE,
    /** No virtual router here has this id; not an error, and nothing else about the packet is looked at. */
    UNKNOWN_VRID,
    /** A CARP packet: the same protocol number and group, another protocol. */
    CARP,
    /** The version is not the one configured. */
    VERSION_MISMATCH,
    /** Wrapped in an authentication header when none is configured, or the other way round. */
    AUTHENTICATION_HEADER_MISMATCH,
    /** Checksum wrong under every reading in use. */
    CHECKSUM,
    /** TTL or hop limit is not 255 (multicast), or outside the peer's bounds (unicast). */
    HOP_LIMIT,
    /** No address in it (erratum 8299 of RFC 9568). */
    NO_ADDRESS,
    /** Length does not fit the number of addresses. */
    LENGTH,
    /** VRRPv2 authentication type is not the one configured. */
    AUTHENTICATION_TYPE,
    /** VRRPv2 password differs. */
    PASSWORD,
    /** Integrity value of the authentication header is wrong. */
    AUTHENTICATION_HEADER,
    /** Sequence number of the authentication header does not grow. */
    AUTHENTICATION_HEADER_REPLAY,
    /** No HMAC trailer though it is enforced. */
    HMAC_MISSING,
    /** The trailer is too short, or its type or reserved field is wrong. */
    HMAC_MALFORMED,
    /** The trailer names a key that is not configured. */
    HMAC_UNKNOWN_KEY,
    /** The time stamp lies outside the window. */
    HMAC_STALE,
    /** The sequence does not grow. */
    HMAC_REPLAY,
    /** The HMAC is wrong: forged, or another key under the same id. */
    HMAC_FORGED,
    /** The advertisement interval is 0 (erratum 8301). */
    ZERO_INTERVAL,
    /** VRRPv2: the interval differs from ours (RFC 3768 section 7.1). */
    INTERVAL_MISMATCH,
    /** IPv6: the first address is not link-local (erratum 8300). Counted for adverts under the strict profile only. */
    FIRST_ADDRESS_NOT_LINK_LOCAL,
    /** The list of addresses differs and the strict profile is on. */
    ADDRESS_LIST_MISMATCH,
    /** Our own packet came back. */
    OWN_PACKET,
    /** Unicast: the sender is not a configured peer. */
    UNKNOWN_PEER,
    /** Multicast on a unicast virtual router, or the other way round. */
    DESTINATION
}
