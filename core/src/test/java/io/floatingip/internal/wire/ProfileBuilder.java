package io.floatingip.internal.wire;

import io.floatingip.Authentication;
import io.floatingip.ChecksumMode;
import io.floatingip.IpFamily;
import io.floatingip.VrrpVersion;
import io.floatingip.internal.wire.WireProfile.TtlBounds;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;

/** Profiles for virtual router 10, at 1 s, for the golden vectors' addresses unless told otherwise. */
final class ProfileBuilder {
    private final VrrpVersion version;
    private final IpFamily family;
    private int virtualRouterId = 10;
    private long adverNanos = 1_000_000_000L;
    private ChecksumMode checksum = ChecksumMode.PSEUDO_HEADER;
    private Authentication authentication = Authentication.none();
    private InetAddress group;
    private int hopLimit = 255;
    private Map<InetAddress, TtlBounds> peers = Map.of();
    private List<InetAddress> addresses;
    private boolean strict;

    private ProfileBuilder(VrrpVersion version, IpFamily family, String group, List<InetAddress> addresses) {
        this.version = version;
        this.family = family;
        this.group = ip(group);
        this.addresses = addresses;
    }

    static ProfileBuilder v2() {
        return new ProfileBuilder(VrrpVersion.V2, IpFamily.IPV4, "224.0.0.18", ips("192.0.2.1", "192.0.2.2"));
    }

    static ProfileBuilder v3() {
        return new ProfileBuilder(VrrpVersion.V3, IpFamily.IPV4, "224.0.0.18", ips("192.0.2.1", "192.0.2.2"));
    }

    static ProfileBuilder v3Ipv6() {
        return new ProfileBuilder(VrrpVersion.V3, IpFamily.IPV6, "ff02::12", ips("fe80::1", "2001:db8::1"));
    }

    ProfileBuilder virtualRouterId(int id) {
        virtualRouterId = id;
        return this;
    }

    ProfileBuilder adverNanos(long nanos) {
        adverNanos = nanos;
        return this;
    }

    ProfileBuilder checksum(ChecksumMode mode) {
        checksum = mode;
        return this;
    }

    ProfileBuilder authentication(Authentication value) {
        authentication = value;
        return this;
    }

    ProfileBuilder unicast(String own, Map<InetAddress, TtlBounds> peersWithBounds) {
        group = ip(own);
        peers = peersWithBounds;
        return this;
    }

    ProfileBuilder hopLimit(int value) {
        hopLimit = value;
        return this;
    }

    ProfileBuilder addresses(List<InetAddress> list) {
        addresses = list;
        return this;
    }

    ProfileBuilder strict() {
        strict = true;
        return this;
    }

    WireProfile build() {
        return new WireProfile(
                version,
                family,
                virtualRouterId,
                adverNanos,
                checksum,
                authentication,
                group,
                hopLimit,
                peers,
                addresses,
                strict);
    }

    AdvertCodec codec() {
        return new AdvertCodec(build());
    }

    /** What a node of this profile says. */
    Advert advert(int priority) {
        return new Advert(version, virtualRouterId, priority, adverNanos, addresses);
    }

    static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    static List<InetAddress> ips(String... literals) {
        return List.of(literals).stream().map(ProfileBuilder::ip).toList();
    }
}
