package io.floatingip.linux;

import static io.floatingip.linux.TwoHosts.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import io.floatingip.spi.Channel;
import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkSpec;
import io.floatingip.spi.Outgoing;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MadeDevicesIT {
    private static final HardwareAddress MAC = HardwareAddress.virtualRouterIpv4(51);
    private static final LinkSpec VIRTUAL = new LinkSpec.VirtualMac("eth0", "vrrp.51", MAC, IpFamily.IPV4);
    private static final Channel IPV4 = new Channel(IpFamily.IPV4, address("224.0.0.18"), false);
    private static final Channel IPV6 = new Channel(IpFamily.IPV6, address("ff02::12"), false);
    private static final String SETTINGS = "sysctl -n net.ipv4.conf.all.rp_filter net.ipv4.conf.eth0.rp_filter"
            + " net.ipv4.conf.eth0.arp_ignore net.ipv4.conf.eth0.arp_filter net.ipv4.conf.eth0.arp_announce";

    private TwoHosts hosts;

    @BeforeEach
    void makeHosts() throws Exception {
        hosts = new TwoHosts();
        hosts.a.sh("sysctl -qw net.ipv4.conf.all.rp_filter=2 net.ipv4.conf.eth0.rp_filter=0");
    }

    @AfterEach
    void closeHosts() throws Exception {
        if (hosts != null) {
            hosts.close();
        }
    }

    @Test
    void virtualMacHoldsTheAddressAndLeavesNothingBehind() throws Exception {
        Link link = hosts.a.call(() -> hosts.a.network().open(VIRTUAL));
        assertThat(hosts.a.ip("-d link show vrrp.51"))
                .contains("link/ether 00:00:5e:00:01:33")
                .contains("vepa");
        assertThat(hosts.a.sh(SETTINGS)).isEqualTo("0\n2\n1\n1\n2\n");
        assertThat(link.info().hardwareAddress()).isEqualTo(MAC);
        assertThat(link.info().up()).isTrue();
        assertThat(link.info().primaryIpv4()).contains((Inet4Address) address("10.0.0.1"));

        hosts.a.run(() -> link.addAddress(VirtualAddress.parse("10.0.0.100"), 0));
        assertThat(hosts.b.sh("ping -c 1 -W 5 10.0.0.100")).contains("1 received");
        assertThat(hosts.b.ip("neigh show 10.0.0.100")).contains("00:00:5e:00:01:33");
        assertThat(hosts.b.sh("ping -c 1 -W 5 10.0.0.1")).contains("1 received");
        assertThat(hosts.b.ip("neigh show 10.0.0.1")).doesNotContain("00:00:5e:00:01:33");

        hosts.a.run(link::close);
        assertThat(hosts.a.ip("link show")).doesNotContain("vrrp.51");
        assertThat(hosts.a.sh(SETTINGS)).isEqualTo("2\n0\n0\n0\n0\n");
    }

    @Test
    void advertsOfAVirtualMacAreHeardBelowTheSameVirtualMacElsewhere() throws Exception {
        Link onA = hosts.a.call(() -> hosts.a.network().open(VIRTUAL));
        hosts.b.call(() -> hosts.b.network().open(VIRTUAL));
        Link onB = hosts.b.call(() -> hosts.b.network().open(new LinkSpec.Interface("eth0")));
        for (Channel channel : List.of(IPV4, IPV6)) {
            hosts.b.run(() -> onB.listen(channel));
            boolean ipv4 = channel == IPV4;
            Outgoing out = hosts.a.call(
                    () -> onA.outgoing(channel, address(ipv4 ? "10.0.0.1" : "fe80::a"), channel.local(), 255));
            byte[] advert = HexFormat.of()
                    .parseHex(
                            ipv4
                                    ? "45c0001c00010000ff700000" + "0a000001" + "e0000012" + "3133640000640000"
                                    : "3133640000640000");
            hosts.a.run(() -> out.send(ByteBuffer.wrap(advert)));
        }
        hosts.b.until(() -> hosts.b.heard.packets.size() == 2);
        assertThat(hosts.b.heard.packets.get(0)).startsWith("10.0.0.1 > 224.0.0.18 protocol 112 hops 255");
        assertThat(hosts.b.heard.packets.get(1)).startsWith("fe80:0:0:0:0:0:0:a > ff02:0:0:0:0:0:0:12 protocol 112");
    }

    @Test
    void virtualMacOfAnEarlierProcessIsReplacedAndAStrangerIsLeftAlone() throws Exception {
        hosts.a.ip("link add vrrp.51 link eth0 address 00:00:5e:00:01:33 type macvlan mode private");
        Link link = hosts.a.call(() -> hosts.a.network().open(VIRTUAL));
        assertThatThrownBy(() -> hosts.a.run(() -> hosts.a.network().open(VIRTUAL)))
                .hasMessageContaining("in use");
        hosts.a.run(link::close);
        hosts.a.ip("link add vrrp.51 type veth");
        assertThatThrownBy(() -> hosts.a.run(() -> hosts.a.network().open(VIRTUAL)))
                .hasMessageContaining("another interface of this name");
        assertThat(hosts.a.sh(SETTINGS)).isEqualTo("2\n0\n0\n0\n0\n");
    }

    @Test
    void virtualMacComesBackWithTheInterfaceBelow() throws Exception {
        Link link = hosts.a.call(() -> hosts.a.network().open(VIRTUAL));
        hosts.a.run(() -> link.listen(IPV4));
        hosts.a.ip("link del eth0");
        hosts.a.until(() -> link.info().index() == 0);
        TwoHosts.sh(
                "ip -n " + hosts.a.namespace + " link add eth0 type veth peer name eth0 netns " + hosts.b.namespace);
        hosts.a.ip("link set eth0 up");
        hosts.b.ip("link set eth0 up");
        hosts.a.until(() -> link.info().up());
        assertThat(hosts.a.ip("link show vrrp.51")).contains("00:00:5e:00:01:33");
    }

    @Test
    void processBoundDeviceHoldsAnAddressWhileItIsOpen() throws Exception {
        Link link = hosts.a.call(() -> hosts.a.network().open(new LinkSpec.ProcessBound("fip0")));
        hosts.a.run(() -> {
            link.addAddress(VirtualAddress.parse("10.0.0.100"), 0);
            link.announce(address("10.0.0.100"));
        });
        assertThat(link.info().up()).isTrue();
        assertThat(hosts.b.sh("ping -c 1 -W 5 10.0.0.100")).contains("1 received");
        hosts.a.run(link::close);
        assertThat(hosts.a.ip("link show")).doesNotContain("fip0");
    }
}
