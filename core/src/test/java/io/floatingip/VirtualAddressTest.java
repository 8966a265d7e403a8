package io.floatingip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class VirtualAddressTest {
    private static void refused(String text, String... says) {
        assertThatThrownBy(() -> VirtualAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(says);
    }

    @Test
    void readsAddressesOfBothFamiliesWithAndWithoutPrefix() {
        assertThat(VirtualAddress.parse("10.0.0.10/24")).hasToString("10.0.0.10/24");
        assertThat(VirtualAddress.parse(" 10.0.0.10 ")).hasToString("10.0.0.10/32");
        assertThat(VirtualAddress.parse("2001:db8::10/64")).hasToString("2001:db8:0:0:0:0:0:10/64");
        assertThat(VirtualAddress.parse("FE80::10")).hasToString("fe80:0:0:0:0:0:0:10/128");
        assertThat(VirtualAddress.parse("255.0.19.200/1")).hasToString("255.0.19.200/1");
        assertThat(VirtualAddress.parse("2001:db8::10").family()).isEqualTo(IpFamily.IPV6);
    }

    @Test
    void refusesWhatIsNotAnAddress() {
        for (String text : new String[] {
            "",
            "/24",
            "host",
            "host.example",
            "10.0.0",
            "10.0.0.0.1",
            "10.0.0.256",
            "999.0.0.1",
            "a.b.c.d",
            "::g",
            ".::1",
            ":",
            "2001:db8::1::2",
            "::ffff:10.0.0.1",
            "fe80::1%eth0",
            "10.0.0.1 /24"
        }) {
            refused(text, "expected an IPv4 or IPv6 address", "10.0.0.10/24", "got \"" + text + "\"");
        }
    }

    @Test
    void refusesLeadingZerosWhichOthersReadAsOctal() {
        refused("010.0.0.1", "expected an IPv4 or IPv6 address", "010.0.0.1");
        refused("10.0.0.01", "expected an IPv4 or IPv6 address", "10.0.0.01");
    }

    @Test
    void refusesPrefixesThatDoNotFit() {
        refused("10.0.0.1/33", "prefix length of 10.0.0.1 must be 1 to 32, got 33");
        refused("10.0.0.1/0", "must be 1 to 32, got 0");
        refused("2001:db8::1/129", "must be 1 to 128, got 129");
        refused("10.0.0.1/", "digits behind the slash", "10.0.0.1/");
        refused("10.0.0.1/-1", "digits behind the slash");
        refused("10.0.0.1/24/24", "digits behind the slash");
    }

    @Test
    void refusesAddressesThatCannotFloat() {
        for (String text : new String[] {"0.0.0.0", "127.0.0.1", "224.0.0.18", "::", "::1", "ff02::12"}) {
            refused(text, "a floating address must be a unicast address that neighbours can reach");
        }
    }

    @Test
    void equalAddressesAreEqualOnWhicheverLink() throws Exception {
        byte[] bytes = VirtualAddress.parse("fe80::10").address().getAddress();
        InetAddress scoped = Inet6Address.getByAddress(null, bytes, 7);
        assertThat(VirtualAddress.of(scoped)).isEqualTo(VirtualAddress.parse("fe80::10"));
        assertThat(VirtualAddress.of(scoped)).hasToString("fe80:0:0:0:0:0:0:10/128");
    }

    @Test
    void everyPropertyCounts() {
        VirtualAddress plain = VirtualAddress.parse("10.0.0.10/24");
        VirtualAddress full = plain.device("dummy0")
                .label("eth0:web")
                .scope(VirtualAddress.Scope.LINK)
                .noPrefixRoute(true);
        assertThat(full.device()).contains("dummy0");
        assertThat(full.label()).contains("eth0:web");
        assertThat(full.scope().number()).isEqualTo(253);
        assertThat(full.noPrefixRoute()).isTrue();
        assertThat(plain.device("dummy0")).isNotEqualTo(plain);
        assertThat(plain.label("eth0:web")).isNotEqualTo(plain);
        assertThat(plain.scope(VirtualAddress.Scope.LINK)).isNotEqualTo(plain);
        assertThat(plain.noPrefixRoute(true)).isNotEqualTo(plain);
        VirtualAddress other = VirtualAddress.parse("10.0.0.255/32");
        assertThat(plain.broadcast(other.address()).broadcast()).contains(other.address());
        assertThat(plain.broadcast(other.address())).isNotEqualTo(plain);
        VirtualAddress host = VirtualAddress.parse("10.0.0.10");
        assertThat(host.peer(other.address()).peer()).contains(other.address());
        assertThat(host.peer(other.address())).isNotEqualTo(host);
        assertThat(VirtualAddress.parse("10.0.0.10/25")).isNotEqualTo(plain);
        assertThat(VirtualAddress.parse("10.0.0.10/24")).isEqualTo(plain).hasSameHashCodeAs(plain);
    }

    @Test
    void broadcastIsForIpv4AndAPeerForAHost() {
        InetAddress ipv4 = VirtualAddress.parse("10.0.0.255").address();
        assertThatThrownBy(() -> VirtualAddress.parse("fd99::1").broadcast(ipv4))
                .hasMessageContaining("a broadcast address exists for IPv4 addresses only");
        assertThatThrownBy(() -> VirtualAddress.parse("10.0.0.1/24").peer(ipv4))
                .hasMessage("a peer needs an address of the same family, with /32, got 10.0.0.255 for 10.0.0.1/24");
        assertThatThrownBy(() -> VirtualAddress.parse("fd99::1").peer(ipv4)).hasMessageContaining("of the same family");
    }

    @Test
    void labelsAreShortAndForIpv4() {
        VirtualAddress ipv4 = VirtualAddress.parse("10.0.0.10");
        VirtualAddress ipv6 = VirtualAddress.parse("fe80::10");
        assertThatThrownBy(() -> ipv4.label("sixteen-letters0")).hasMessageContaining("1 to 15 characters");
        assertThatThrownBy(() -> ipv4.label(" ")).hasMessageContaining("1 to 15 characters");
        // Fifteen characters, but the kernel counts bytes.
        assertThatThrownBy(() -> ipv4.label("eth0:\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"))
                .hasMessageContaining("1 to 15 characters of ASCII");
        assertThatThrownBy(() -> ipv4.label("a b")).hasMessageContaining("none of them blank");
        assertThatThrownBy(() -> ipv6.label("eth0:web")).hasMessageContaining("IPv4 addresses only");
    }
}
