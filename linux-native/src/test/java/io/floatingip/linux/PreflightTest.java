package io.floatingip.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.IpFamily;
import io.floatingip.linux.RouteMessages.LinkEntry;
import io.floatingip.spi.Channel;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreflightTest {
    private static final int ETHERNET = 1;
    private static final int NO_ARP = 0x80;
    private static final int LOOPBACK = 0x8;
    private static final Channel GROUP = new Channel(IpFamily.IPV4, TwoHosts.address("224.0.0.18"), false);
    private static final Channel PEER = new Channel(IpFamily.IPV4, TwoHosts.address("10.0.0.1"), false);

    @Test
    void bothCapabilitiesAreEnough() {
        assertThat(Preflight.missingCapabilities(0x3000)).isEmpty();
    }

    @Test
    void missingCapabilityIsNamedWithTheWaysToGetIt() {
        assertThat(Preflight.missingCapabilities(0x2000))
                .hasValueSatisfying(message -> assertThat(message)
                        .startsWith(
                                "this process lacks CAP_NET_ADMIN (to put the address on the interface). Give it both:")
                        .contains("AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW")
                        .contains("--cap-add NET_ADMIN --cap-add NET_RAW")
                        .contains("--ambient-caps=+net_admin,+net_raw"));
        assertThat(Preflight.missingCapabilities(0))
                .hasValueSatisfying(
                        message -> assertThat(message).contains("CAP_NET_RAW").contains("CAP_NET_ADMIN"));
    }

    @Test
    void absentInterfaceIsAnsweredWithThoseThatExist() {
        assertThatThrownBy(() -> Preflight.requireExists(null, "eth9", List.of("lo", "eth0")))
                .hasMessage("there is no interface eth9; this machine has lo, eth0");
    }

    @Test
    void groupsNeedNeighboursAndPeersDoNot() {
        assertThatCode(() -> Preflight.requireSpeaks(link(0), GROUP)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Preflight.requireSpeaks(link(NO_ARP), GROUP)).hasMessageContaining("no neighbours");
        assertThatCode(() -> Preflight.requireSpeaks(link(NO_ARP), PEER)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Preflight.requireSpeaks(link(LOOPBACK), PEER)).hasMessageContaining("loopback");
    }

    private static LinkEntry link(int flags) {
        return new LinkEntry(2, "eth0", ETHERNET, flags, 1500, 0x0200_0000_0001L, 0, "");
    }
}
