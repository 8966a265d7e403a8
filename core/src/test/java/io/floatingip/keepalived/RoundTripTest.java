package io.floatingip.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Announcements;
import io.floatingip.Authentication;
import io.floatingip.ChecksumMode;
import io.floatingip.FloatingIpConfig;
import io.floatingip.IpFamily;
import io.floatingip.TrackedInterface;
import io.floatingip.UnicastPeer;
import io.floatingip.VirtualAddress;
import io.floatingip.VirtualMac;
import io.floatingip.VrrpVersion;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written is read as it was meant, whatever was configured. */
class RoundTripTest {
    private static final int CONFIGURATIONS = 3000;

    @Test
    void givesBackWhatWasWritten() {
        for (int seed = 0; seed < CONFIGURATIONS; seed++) {
            FloatingIpConfig config = random(new Random(seed), "vip");
            String text = KeepalivedConfig.write(List.of(config));
            KeepalivedConfig read = KeepalivedConfig.parse(text, "written", "host");
            assertThat(read.report().findings().stream().filter(f -> f.severity() != Severity.INFO))
                    .as("seed %d%n%s", seed, text)
                    .isEmpty();
            assertThat(read.instances().stream().map(i -> Described.of(i.config())))
                    .as("seed %d%n%s", seed, text)
                    .containsExactly(Described.of(config));
        }
    }

    @Test
    void writesBothFamiliesAsAGroup() {
        FloatingIpConfig config = FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(7)
                .address("10.0.0.1")
                .address("fd99::1")
                .build();
        KeepalivedConfig read = KeepalivedConfig.parse(KeepalivedConfig.write(List.of(config)), "written", "host");
        assertThat(read.report().findings()).isEmpty();
        assertThat(read.groups())
                .extracting(KeepalivedGroup::members)
                .containsExactly(List.of("eth0-7-ipv4", "eth0-7-ipv6"));
        assertThat(read.instances())
                .extracting(i -> i.config().addresses())
                .containsExactly(List.of(VirtualAddress.parse("10.0.0.1")), List.of(VirtualAddress.parse("fd99::1")));
    }

    @Test
    void keepsSecretsThatLookLikeSyntax() {
        for (String secret : List.of(
                "a#b!c", "\"quo\\te'", "{ }", "${_PWD}", "$X ", " \t ", "\u00e4\u00f6\u20ac", "@host", "~SEQ")) {
            FloatingIpConfig config = FloatingIpConfig.builder()
                    .name("name with " + secret)
                    .networkInterface("eth0")
                    .virtualRouterId(7)
                    .version(VrrpVersion.V2)
                    .announcements(Announcements.defaults().refresh(Duration.ZERO))
                    .address("10.0.0.1")
                    .authentication(Authentication.password(secret))
                    .build();
            String text = "$X=substituted\n" + KeepalivedConfig.write(List.of(config));
            assertThat(KeepalivedConfig.parse(text, "written", "host").instances().stream()
                            .map(i -> Described.of(i.config())))
                    .as(text)
                    .containsExactly(Described.of(config));
        }
    }

    private static FloatingIpConfig random(Random r, String name) {
        IpFamily family = r.nextInt(3) == 0 ? IpFamily.IPV6 : IpFamily.IPV4;
        VrrpVersion version = family == IpFamily.IPV6 || r.nextBoolean() ? VrrpVersion.V3 : VrrpVersion.V2;
        boolean unicast = r.nextInt(4) == 0;
        boolean preempt = r.nextInt(3) > 0;
        FloatingIpConfig.Builder b = FloatingIpConfig.builder()
                .name(name)
                .networkInterface("eth" + r.nextInt(3))
                .virtualRouterId(1 + r.nextInt(255))
                .priority(1 + r.nextInt(254))
                .version(version)
                .advertInterval(
                        version == VrrpVersion.V2
                                ? Duration.ofSeconds(1 + r.nextInt(255))
                                : Duration.ofMillis(10L * (1 + r.nextInt(4095))))
                .downAfterAdverts(r.nextBoolean() ? 3 : 2 + r.nextInt(99))
                .preempt(preempt)
                .startupDelay(Duration.ofMillis(r.nextInt(3) * 1500L))
                .announcements(new Announcements(
                        1 + r.nextInt(100),
                        Duration.ofMillis(r.nextInt(10_000)),
                        Duration.ofSeconds(r.nextInt(3) * 60L),
                        Duration.ofNanos(r.nextInt(3) * 1000L)))
                .accept(r.nextInt(5) > 0)
                .addresses(addresses(r, family, 1));
        if (preempt) {
            b.preemptDelay(Duration.ofMillis(r.nextInt(3) * 2500L));
        }
        if (version == VrrpVersion.V3 && r.nextInt(4) == 0) {
            b.checksum(ChecksumMode.MESSAGE_ONLY);
        }
        if (r.nextBoolean()) {
            b.excludedAddresses(addresses(r, r.nextBoolean() ? IpFamily.IPV6 : IpFamily.IPV4, 100));
        }
        if (r.nextInt(4) == 0) {
            b.source(address(family, 200));
        }
        if (unicast) {
            b.unicastPeer(new UnicastPeer(address(family, 201), r.nextInt(256), 255));
            b.unicastPeer(new UnicastPeer(address(family, 202), 0, r.nextInt(256)));
        } else if (r.nextInt(5) == 0) {
            b.multicastGroup(multicast(family));
        }
        b.virtualMac(
                r.nextInt(4) > 0
                        ? VirtualMac.OFF
                        : unicast || r.nextBoolean() ? VirtualMac.ADVERTS_FROM_BASE : VirtualMac.ON);
        if (r.nextInt(3) == 0) {
            b.trackedInterface(new TrackedInterface("eth7", r.nextInt(507) - 253, r.nextBoolean()));
            b.trackedInterface(TrackedInterface.required("weight"));
        }
        authentication(r, b, version);
        return b.build();
    }

    private static void authentication(Random r, FloatingIpConfig.Builder b, VrrpVersion version) {
        switch (r.nextInt(5)) {
            case 0 -> {
                Authentication.Hmac.Builder hmac = Authentication.hmac()
                        .mode(Authentication.Hmac.Mode.values()[r.nextInt(3)])
                        .antiReplay(Authentication.Hmac.AntiReplay.values()[r.nextInt(2)]);
                for (int i = 0; i <= r.nextInt(2); i++) {
                    byte[] key = new byte[32 + r.nextInt(33)];
                    r.nextBytes(key);
                    hmac.key(1 + i * 7, key);
                }
                if (r.nextBoolean()) {
                    hmac.timeWindow(Duration.ofSeconds(1 + r.nextInt(300)));
                }
                b.authentication(hmac.build());
            }
            case 1 -> {
                if (version == VrrpVersion.V2) {
                    b.authentication(Authentication.password(secret(r)));
                }
            }
            case 2 -> {
                if (version == VrrpVersion.V2) {
                    b.authentication(Authentication.authenticationHeader(secret(r)));
                }
            }
            default -> {
                // none
            }
        }
    }

    private static String secret(Random r) {
        StringBuilder secret = new StringBuilder();
        for (int i = 0; i <= r.nextInt(12); i++) {
            secret.append((char) (1 + r.nextInt(0x17f)));
        }
        return secret.toString();
    }

    private static List<VirtualAddress> addresses(Random r, IpFamily family, int from) {
        List<VirtualAddress> addresses = new ArrayList<>();
        for (int i = 0; i <= r.nextInt(3); i++) {
            int most = family.prefixLengthMax();
            VirtualAddress address =
                    VirtualAddress.of(address(family, from + i), r.nextInt(4) == 0 ? most : 1 + r.nextInt(most));
            if (r.nextBoolean()) {
                address = address.device("br-lan");
            }
            if (family == IpFamily.IPV4 && r.nextBoolean()) {
                address = address.label("br-lan:" + i).scope(VirtualAddress.Scope.values()[r.nextInt(4)]);
            }
            if (address.prefixLength() == most && r.nextBoolean()) {
                address = address.peer(address(family, 200 + i));
            } else if (family == IpFamily.IPV4 && r.nextInt(3) == 0) {
                address = address.broadcast(address(family, 255));
            }
            addresses.add(address.noPrefixRoute(r.nextBoolean()));
        }
        return addresses;
    }

    private static InetAddress address(IpFamily family, int number) {
        return VirtualAddress.parse(family == IpFamily.IPV4 ? "10.0.0." + number : "fd99::" + number)
                .address();
    }

    private static InetAddress multicast(IpFamily family) {
        try {
            return InetAddress.getByName(family == IpFamily.IPV4 ? "224.0.0.99" : "ff02::99");
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
