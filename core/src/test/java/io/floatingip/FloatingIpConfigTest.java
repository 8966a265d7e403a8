package io.floatingip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is refused, is refused by {@code build()}, and says what is wanted and what it got. */
class FloatingIpConfigTest {
    private static FloatingIpConfig.Builder valid() {
        return FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(52)
                .address("10.99.0.66/32");
    }

    private static void refused(UnaryOperator<FloatingIpConfig.Builder> change, String... says) {
        FloatingIpConfig.Builder builder = change.apply(valid());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(says);
    }

    private static FloatingIpConfig accepted(UnaryOperator<FloatingIpConfig.Builder> change) {
        return change.apply(valid()).build();
    }

    private static InetAddress ip(String literal) {
        return VirtualAddress.parse(literal).address();
    }

    private static InetAddress group(int... bytes) throws Exception {
        byte[] address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        return InetAddress.getByAddress(address);
    }

    @Test
    void defaultsAreThoseOfTheJavadoc() {
        FloatingIpConfig config = valid().build();
        assertThat(config.name()).isEqualTo("eth0-52");
        assertThat(config.priority()).isEqualTo(100);
        assertThat(config.version()).isEqualTo(VrrpVersion.V3);
        assertThat(config.checksum()).isEqualTo(ChecksumMode.PSEUDO_HEADER);
        assertThat(config.advertInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.downAfterAdverts()).isEqualTo(3);
        assertThat(config.preempt()).isTrue();
        assertThat(config.preemptDelay()).isZero();
        assertThat(config.startupDelay()).isZero();
        assertThat(config.drain()).isZero();
        assertThat(config.authentication()).isEqualTo(Authentication.none());
        assertThat(config.announcements()).isEqualTo(Announcements.defaults());
        assertThat(config.fence()).isEqualTo(FenceMode.AUTO);
        assertThat(config.accept()).isTrue();
        assertThat(config.strict()).isFalse();
        assertThat(config.shutdownHook()).isTrue();
        assertThat(config.addresses()).containsExactly(VirtualAddress.parse("10.99.0.66/32"));
        assertThat(config.excludedAddresses()).isEmpty();
        assertThat(config.unicastPeers()).isEmpty();
        assertThat(config.sources()).isEmpty();
        assertThat(config.multicastGroups()).isEmpty();
        assertThat(config.listeners()).isEmpty();
        assertThat(config.callbackExecutor()).isEmpty();
        assertThat(config.threadFactory()).isEmpty();
        assertThat(config.network()).isEmpty();
    }

    @Test
    void interfaceVirtualRouterIdAndAnAddressAreRequired() {
        refused(b -> b.networkInterface(""), "networkInterface is required");
        assertThatThrownBy(FloatingIpConfig.builder().virtualRouterId(1).address("10.0.0.1")::build)
                .hasMessageContaining("networkInterface is required");
        assertThatThrownBy(FloatingIpConfig.builder().networkInterface("eth0").address("10.0.0.1")::build)
                .hasMessageContaining("virtualRouterId is required, 1 to 255");
        refused(b -> b.addresses(List.of()), "at least one address is required");
    }

    @Test
    void anInterfaceNameIsWhatTheKernelAllows() {
        refused(b -> b.networkInterface("sixteen-letters0"), "networkInterface", "1 to 15", "sixteen-letters0");
        refused(b -> b.networkInterface("eth0/1"), "networkInterface", "eth0/1");
        refused(b -> b.networkInterface("eth 0"), "networkInterface", "eth 0");
        assertThat(accepted(b -> b.networkInterface("fifteen-letters")).networkInterface())
                .isEqualTo("fifteen-letters");
    }

    @Test
    void numbersHaveLimits() {
        refused(b -> b.virtualRouterId(0), "virtualRouterId must be 1 to 255, got 0");
        refused(b -> b.virtualRouterId(256), "virtualRouterId must be 1 to 255, got 256");
        refused(b -> b.priority(0), "priority must be 1 to 255, got 0");
        refused(b -> b.priority(256), "priority must be 1 to 255, got 256");
        refused(b -> b.downAfterAdverts(0), "downAfterAdverts must be 1 to 100, got 0");
        refused(b -> b.downAfterAdverts(101), "downAfterAdverts must be 1 to 100, got 101");
        for (int limit : new int[] {1, 255}) {
            assertThat(accepted(b -> b.virtualRouterId(limit).priority(limit)).priority())
                    .isEqualTo(limit);
        }
        assertThat(accepted(b -> b.downAfterAdverts(100)).downAfterAdverts()).isEqualTo(100);
    }

    @Test
    void oneMissedAdvertLeavesNoRoomForAFence() {
        refused(b -> b.downAfterAdverts(1), "downAfterAdverts must be at least 2 with a fence, got 1", "fence(NONE)");
        assertThat(accepted(b -> b.downAfterAdverts(1).fence(FenceMode.NONE)).downAfterAdverts())
                .isEqualTo(1);
    }

    @Test
    void intervalsAreWhatThePacketCanSay() {
        String v3 = "advertInterval must be 10 ms to 40.95 s in steps of 10 ms, got ";
        refused(b -> b.advertInterval(Duration.ofMillis(9)), v3 + "9.0 ms");
        refused(b -> b.advertInterval(Duration.ZERO), v3 + "0.0 ms");
        refused(b -> b.advertInterval(Duration.ofMillis(-10)), v3 + "-10.0 ms");
        refused(b -> b.advertInterval(Duration.ofMillis(15)), v3 + "15.0 ms");
        refused(b -> b.advertInterval(Duration.ofMillis(40_960)), v3 + "40.96 s");
        accepted(b -> b.advertInterval(Duration.ofMillis(10)));
        accepted(b -> b.advertInterval(Duration.ofMillis(40_950)));

        String v2 = "advertInterval must be 1 s to 255 s in whole seconds with VRRPv2, got ";
        refused(b -> b.version(VrrpVersion.V2).advertInterval(Duration.ofMillis(100)), v2 + "100.0 ms", "version(V3)");
        refused(b -> b.version(VrrpVersion.V2).advertInterval(Duration.ofMillis(1500)), v2 + "1.5 s");
        refused(b -> b.version(VrrpVersion.V2).advertInterval(Duration.ofSeconds(256)), v2 + "256.0 s");
        accepted(b -> b.version(VrrpVersion.V2).advertInterval(Duration.ofSeconds(255)));
    }

    @Test
    void theLongestDurationThereIsIsRefusedLikeAnyOther() {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
        Duration shortest = Duration.ofSeconds(Long.MIN_VALUE);
        refused(b -> b.advertInterval(longest), "advertInterval", "9.223372036854776E18 s");
        refused(b -> b.advertInterval(shortest), "advertInterval", "-9.223372036854776E18 s");
        refused(b -> b.drain(longest), "drain must be 0 to 1 h, got 9.223372036854776E18 s");
    }

    @Test
    void delaysAreUpToAnHour() {
        Duration tooLong = Duration.ofHours(1).plusMillis(1);
        refused(b -> b.preemptDelay(tooLong), "preemptDelay must be 0 to 1 h, got 3600.001 s");
        refused(b -> b.startupDelay(tooLong), "startupDelay must be 0 to 1 h, got 3600.001 s");
        refused(b -> b.drain(tooLong), "drain must be 0 to 1 h, got 3600.001 s");
        refused(b -> b.preemptDelay(Duration.ofMillis(-1)), "preemptDelay must be 0 to 1 h, got -1.0 ms");
        Duration hour = Duration.ofHours(1);
        accepted(b -> b.preemptDelay(hour).startupDelay(hour).drain(hour));
    }

    @Test
    void whoDoesNotPreemptHasNothingToDelay() {
        refused(b -> b.preempt(false).preemptDelay(Duration.ofSeconds(5)), "preemptDelay PT5S", "preempt(false)");
    }

    @Test
    void theOwnerAlwaysPreempts() {
        refused(b -> b.priority(255).preempt(false), "priority 255", "use 254");
        refused(b -> b.priority(255).preemptDelay(Duration.ofSeconds(5)), "preemptDelay PT5S", "priority 255");
    }

    @Test
    void anAddressIsGivenOnce() {
        refused(b -> b.address("10.99.0.66/24"), "address 10.99.0.66 is given twice");
        refused(b -> b.excludedAddress(VirtualAddress.parse("10.99.0.66")), "address 10.99.0.66 is given twice");
    }

    @Test
    void vrrp2AdvertisesIpv4Only() {
        VirtualAddress ipv6 = VirtualAddress.parse("fe80::66");
        refused(
                b -> b.version(VrrpVersion.V2).address(ipv6),
                "VRRPv2 carries IPv4 addresses only",
                "fe80:0:0:0:0:0:0:66");
        assertThat(accepted(b -> b.version(VrrpVersion.V2).excludedAddress(ipv6))
                        .excludedAddresses())
                .containsExactly(ipv6);
    }

    @Test
    void anAdvertHoldsTwoHundredAndFiftyFiveAddresses() {
        FloatingIpConfig.Builder builder = valid().addresses(List.of());
        for (int i = 1; i <= 255; i++) {
            builder.address("10.1.0." + i);
        }
        assertThat(builder.build().addresses()).hasSize(255);
        builder.address("10.2.0.1");
        assertThatThrownBy(builder::build)
                .hasMessageContaining("at most 255 addresses, got 256")
                .hasMessageContaining("excludedAddress");
    }

    @Test
    void unicastPeersAreTheOthers() {
        UnicastPeer peer = UnicastPeer.of("10.0.0.2");
        refused(b -> b.unicastPeer(peer).unicastPeer(peer), "unicastPeer 10.0.0.2 is given twice");
        refused(b -> b.source(ip("10.0.0.2")).unicastPeer(peer), "unicastPeer 10.0.0.2 is this node's own source");
        refused(b -> b.address("2001:db8::1").unicastPeer(peer), "IPV6 addresses but no IPV6 unicastPeer");
        assertThat(accepted(b -> b.unicastPeer(peer)).unicastPeers()).containsExactly(peer);
    }

    @Test
    void multicastGroupsAreGroupsAndExcludePeers() throws Exception {
        InetAddress group = group(239, 1, 1, 1);
        refused(b -> b.multicastGroup(ip("10.0.0.2")), "multicastGroup must be a multicast address, got 10.0.0.2");
        refused(
                b -> b.multicastGroup(group).unicastPeer(UnicastPeer.of("10.0.0.2")),
                "unicastPeer and multicastGroup exclude each other");
        assertThat(accepted(b -> b.multicastGroup(group)).multicastGroups()).isEqualTo(Map.of(IpFamily.IPV4, group));
    }

    @Test
    void aSourceIsAnAddressOfItsOwn() throws Exception {
        InetAddress group = group(239, 1, 1, 1);
        InetAddress any = group(0, 0, 0, 0);
        refused(b -> b.source(group), "source must be an address of this node, got 239.1.1.1");
        refused(b -> b.source(any), "source must be an address of this node, got 0.0.0.0");
        refused(b -> b.source(ip("10.99.0.66")), "source", "got 10.99.0.66, which is to float", "priority 255");
        InetAddress own = ip("10.99.0.66");
        assertThat(accepted(b -> b.source(own).priority(255)).sources()).isEqualTo(Map.of(IpFamily.IPV4, own));
    }

    @Test
    void passwordsExistInVrrp2Only() {
        refused(b -> b.authentication(Authentication.password("hunter2")), "password", "version(V2)", "hmac()");
        refused(b -> b.authentication(Authentication.authenticationHeader("hunter2")), "authentication header");
        accepted(b -> b.version(VrrpVersion.V2).authentication(Authentication.password("hunter2")));
        Authentication hmac = Authentication.hmac().key(1, new byte[32]).build();
        accepted(b -> b.authentication(hmac));
        accepted(b -> b.version(VrrpVersion.V2).authentication(hmac));
    }

    @Test
    void strictRefusesWhatTheRfcDoesNotKnow() {
        UnaryOperator<FloatingIpConfig.Builder> strict = b -> b.strict(true).checksum(ChecksumMode.MESSAGE_ONLY);
        accepted(strict);
        refused(b -> strict.apply(b).unicastPeer(UnicastPeer.of("10.0.0.2")), "strict", "unicastPeer");
        refused(
                b -> strict.apply(b)
                        .multicastGroup(IpFamily.literal("224.0.0.99").orElseThrow()),
                "strict: multicastGroup",
                "got 224.0.0.99");
        accepted(b ->
                strict.apply(b).multicastGroup(IpFamily.literal("224.0.0.18").orElseThrow()));
        refused(b -> strict.apply(b).downAfterAdverts(4), "strict: downAfterAdverts must be 3", "got 4");
        refused(b -> strict.apply(b).preemptDelay(Duration.ofSeconds(1)), "strict", "preemptDelay");
        refused(
                b -> strict.apply(b)
                        .authentication(
                                Authentication.hmac().key(1, new byte[32]).build()),
                "strict",
                "authentication");
        refused(b -> b.strict(true), "strict", "checksum(MESSAGE_ONLY)");
        refused(
                b -> strict.apply(b).addresses(List.of(VirtualAddress.parse("2001:db8::1"))),
                "strict: the first IPv6 address must be link-local",
                "2001:db8:0:0:0:0:0:1/128");
        accepted(b -> strict.apply(b)
                .addresses(List.of(VirtualAddress.parse("fe80::1"), VirtualAddress.parse("2001:db8::1"))));
        accepted(b -> b.strict(true).version(VrrpVersion.V2));
    }

    @Test
    void whatIsBuiltDoesNotChangeWithItsBuilder() {
        FloatingIpConfig.Builder builder = valid();
        FloatingIpConfig built = builder.build();
        builder.priority(7).address("10.99.0.67").name("other");
        assertThat(built.priority()).isEqualTo(100);
        assertThat(built.addresses()).hasSize(1);
        assertThat(built.name()).isEqualTo("eth0-52");
    }

    @Test
    void aVariationKeepsTheRest() {
        RoleListener listener = RoleListener.onMaster(m -> {});
        FloatingIpConfig first = accepted(b -> b.name("web")
                .priority(150)
                .preempt(false)
                .advertInterval(Duration.ofMillis(100))
                .excludedAddress(VirtualAddress.parse("10.99.0.67"))
                .source(ip("10.0.0.1"))
                .listener(listener)
                .fence(FenceMode.LIFETIME)
                .accept(false)
                .shutdownHook(false)
                .drain(Duration.ofSeconds(3)));
        FloatingIpConfig second = first.toBuilder().virtualRouterId(53).build();
        assertThat(second.virtualRouterId()).isEqualTo(53);
        assertThat(second.name()).isEqualTo("web");
        assertThat(second.priority()).isEqualTo(150);
        assertThat(second.preempt()).isFalse();
        assertThat(second.advertInterval()).isEqualTo(Duration.ofMillis(100));
        assertThat(second.addresses()).isEqualTo(first.addresses());
        assertThat(second.excludedAddresses()).isEqualTo(first.excludedAddresses());
        assertThat(second.sources()).isEqualTo(first.sources());
        assertThat(second.listeners()).containsExactly(listener);
        assertThat(second.fence()).isEqualTo(FenceMode.LIFETIME);
        assertThat(second.accept()).isFalse();
        assertThat(second.shutdownHook()).isFalse();
        assertThat(second.drain()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void noSecretIsPrinted() {
        FloatingIpConfig config =
                accepted(b -> b.version(VrrpVersion.V2).authentication(Authentication.password("hunter2")));
        assertThat(config.toString()).contains("eth0-52", "10.99.0.66/32").doesNotContain("hunter2");
    }
}
