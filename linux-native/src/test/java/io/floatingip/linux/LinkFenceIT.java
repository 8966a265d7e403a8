package io.floatingip.linux;

import static io.floatingip.linux.TwoHosts.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import io.floatingip.spi.Channel;
import io.floatingip.spi.Fence;
import io.floatingip.spi.FenceSpec;
import io.floatingip.spi.Link;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That a link reaches the packet filter; what the filter does is tested with it. */
class LinkFenceIT {
    private static final Channel GROUP = new Channel(IpFamily.IPV4, address("224.0.0.18"), false);

    private TwoHosts hosts;
    private TwoHosts.Host host;
    private Link link;

    @BeforeEach
    void openOne() throws Exception {
        hosts = new TwoHosts();
        host = hosts.a;
        link = host.open("eth0");
        host.run(() -> link.addAddress(VirtualAddress.parse("10.0.0.100"), 0));
    }

    @AfterEach
    void closeBoth() throws Exception {
        if (hosts != null) {
            hosts.close();
        }
    }

    @Test
    void fenceIsInTheFilterWhileItIsOpenAndPutBackWhenOthersRemoveIt() throws Exception {
        FenceSpec spec = new FenceSpec(
                GROUP,
                51,
                address("10.0.0.1"),
                List.of(address("10.0.0.100")),
                TimeUnit.SECONDS.toNanos(60),
                TimeUnit.SECONDS.toNanos(60),
                true);
        Fence fence = host.call(() -> link.fence(spec));
        host.run(fence::open);
        assertThat(fence.state()).isEqualTo(new Fence.State(true, ""));
        assertThat(host.sh("nft list ruleset")).contains("eth0");
        int disturbed = host.heard.fencesDisturbed;
        host.sh("nft flush ruleset");
        host.until(() -> host.heard.fencesDisturbed > disturbed);
        assertThat(host.sh("nft list ruleset")).contains("eth0");
        host.run(fence::shut);
        host.run(fence::close);
        assertThat(host.sh("nft list ruleset")).isBlank();
    }

    @Test
    void refusedTrafficPassesAgainWhenTheLinkIsClosed() throws Exception {
        host.run(() -> link.refuseTraffic(List.of(address("10.0.0.100"))));
        assertThatThrownBy(() -> hosts.b.sh("ping -c 1 -W 1 10.0.0.100")).hasMessageContaining("100% packet loss");
        assertThat(hosts.b.sh("ping -c 1 -W 5 10.0.0.1")).contains("1 received");
        host.run(link::close);
        assertThat(hosts.b.sh("ping -c 1 -W 5 10.0.0.100")).contains("1 received");
    }
}
