package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Authentication;
import io.floatingip.ChecksumMode;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.VirtualAddress;
import io.floatingip.VrrpVersion;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes that are configured differently: each says so in words, once, and where the wire allows it one is master all the same. */
class MismatchSimulationTest {
    private static final byte[] KEY = new byte[32];

    private final SimLan lan = SimLan.withSeed(1);
    private final SimHost one = lan.host("10.0.0.1");
    private final SimHost two = lan.host("10.0.0.2");

    @ParameterizedTest
    @MethodSource
    void isSaidOnceOnEachSideThatHears(
            UnaryOperator<FloatingIpConfig.Builder> difference,
            List<String> onOne,
            List<String> onTwo,
            boolean understood) {
        FloatingIp first = join(one, 200, config -> config);
        FloatingIp second = join(two, 100, difference);
        lan.runFor(Duration.ofMinutes(2));
        // The master hears nobody unless both are master, or another one takes its turn.
        first.setPriority(50);
        lan.runFor(Duration.ofMinutes(2));
        first.setPriority(200);
        lan.runFor(Duration.ofMinutes(2));
        assertSays(first, onOne);
        assertSays(second, onTwo);
        assertThat(first.isMaster()).isTrue();
        assertThat(second.isMaster()).isEqualTo(!understood);
    }

    static List<Arguments> isSaidOnceOnEachSideThatHears() {
        return List.of(
                difference("nothing", config -> config, List.of(), List.of(), true),
                difference(
                        "addresses",
                        config -> config.address("10.0.0.101"),
                        List.of("10.0.0.2 advertises the addresses"),
                        List.of("10.0.0.1 advertises the addresses"),
                        true),
                difference(
                        "another floating IP with the same id",
                        config -> config.addresses(List.of(VirtualAddress.parse("10.0.0.200"))),
                        List.of("needs another virtual router id than 7"),
                        List.of("needs another virtual router id than 7"),
                        true),
                difference(
                        "interval",
                        config -> config.advertInterval(Duration.ofMillis(500)),
                        List.of("10.0.0.2 advertises every 500 ms, this node every 1000 ms"),
                        List.of("10.0.0.1 advertises every 1000 ms, this node every 500 ms"),
                        true),
                difference(
                        "checksum",
                        config -> config.checksum(ChecksumMode.MESSAGE_ONLY),
                        List.of("10.0.0.2 computes the checksum as MESSAGE_ONLY"),
                        List.of("10.0.0.1 computes the checksum as PSEUDO_HEADER"),
                        true),
                difference(
                        "version",
                        config -> config.version(VrrpVersion.V2),
                        List.of("adverts of 10.0.0.2 are refused", "another host"),
                        List.of("adverts of 10.0.0.1 are refused", "another host"),
                        false),
                difference(
                        "authentication",
                        config -> config.authentication(
                                Authentication.hmac().key(1, KEY).build()),
                        List.of("adverts of 10.0.0.2 are refused", "another host"),
                        List.of("adverts of 10.0.0.1 are refused", "another host"),
                        false));
    }

    private static Arguments difference(
            String name,
            UnaryOperator<FloatingIpConfig.Builder> difference,
            List<String> onOne,
            List<String> onTwo,
            boolean understood) {
        return Arguments.of(Named.of(name, difference), onOne, onTwo, understood);
    }

    @Test
    void equalPrioritiesAreSettledByAddressAndReported() {
        FloatingIp first = join(one, 100, config -> config);
        FloatingIp second = join(two, 100, config -> config);
        lan.runFor(Duration.ofMinutes(2));
        lan.cut(one).runFor(Duration.ofSeconds(10));
        lan.heal().runFor(Duration.ofMinutes(2));
        assertThat(List.of(first.isMaster(), second.isMaster())).containsExactly(false, true);
        assertSays(first, List.of("10.0.0.2 has the same priority 100 as this node"));
    }

    @Test
    void carpWithTheSameNumberIsNotTakenForAnAdvertAndIsSaidOnce() {
        FloatingIp first = join(one, 200, config -> config);
        lan.runFor(Duration.ofSeconds(10));
        for (int i = 0; i < 3; i++) {
            // Version 2, type 1, host id 7, skew 0 (where VRRP says that it leaves), length 7, then counter and digest.
            lan.inject(
                    ip(10, 0, 0, 9),
                    ip(224, 0, 0, 18),
                    255,
                    HexFormat.of()
                            .parseHex("4510003800004000ff700000" + "0a000009" + "e0000012" + "21070007" + "00010000"
                                    + "00".repeat(28)));
            lan.runFor(Duration.ofSeconds(1));
        }
        assertThat(first.isMaster()).isTrue();
        assertThat(first.status().counter("rejected.CARP")).isEqualTo(3);
        assertSays(first, List.of("10.0.0.9 speaks CARP with the number 7"));
    }

    private static void assertSays(FloatingIp node, List<String> wanted) {
        List<String> warnings = node.status().warnings();
        assertThat(warnings).hasSameSizeAs(wanted);
        assertThat(wanted)
                .allSatisfy(each -> assertThat(warnings)
                        .filteredOn(warning -> warning.contains(each))
                        .hasSize(1));
    }

    private static InetAddress ip(int... bytes) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) bytes[0], (byte) bytes[1], (byte) bytes[2], (byte) bytes[3]});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static FloatingIp join(SimHost host, int priority, UnaryOperator<FloatingIpConfig.Builder> difference) {
        return FloatingIp.join(difference
                .apply(FloatingIpConfig.builder()
                        .networkInterface("eth0")
                        .virtualRouterId(7)
                        .priority(priority)
                        .address("10.0.0.100")
                        .network(host.network()))
                .build());
    }
}
