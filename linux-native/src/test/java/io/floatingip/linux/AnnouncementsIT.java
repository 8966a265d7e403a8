package io.floatingip.linux;

import static io.floatingip.linux.TwoHosts.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.VirtualAddress;
import io.floatingip.spi.Link;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnnouncementsIT {
    private static final InetAddress IPV4 = address("10.0.0.100");
    private static final InetAddress IPV6 = address("fd00::100");

    private TwoHosts hosts;
    private Link onA;
    private Link onB;

    @BeforeEach
    void openBoth() throws Exception {
        hosts = new TwoHosts();
        onA = hosts.a.open("eth0");
        onB = hosts.b.open("eth0");
    }

    @AfterEach
    void closeBoth() throws Exception {
        if (hosts != null) {
            hosts.close();
        }
    }

    @Test
    void announcementsAreHeardAsClaims() throws Exception {
        hosts.b.run(() -> onB.watch(List.of(IPV4, IPV6)));
        hosts.a.run(() -> {
            onA.announce(address("10.0.0.101"));
            onA.announce(address("fd00::101"));
            onA.announce(IPV4);
            onA.announce(IPV6);
        });
        hosts.b.until(() -> hosts.b.heard.claims.size() == 2);
        String mac = onA.info().hardwareAddress().toString();
        assertThat(hosts.b.heard.claims)
                .containsExactlyInAnyOrder("10.0.0.100 at " + mac, "fd00:0:0:0:0:0:0:100 at " + mac);
    }

    @Test
    void announcementsMoveTheNeighboursEntries() throws Exception {
        hosts.b.ip("addr add fd00::2/64 dev eth0 nodad");
        hosts.b.ip("neigh add 10.0.0.100 lladdr 02:00:00:00:00:01 dev eth0 nud stale");
        hosts.b.ip("neigh add fd00::100 lladdr 02:00:00:00:00:01 dev eth0 nud stale");
        hosts.a.run(() -> {
            onA.announce(IPV4);
            onA.announce(IPV6);
        });
        String mac = onA.info().hardwareAddress().toString();
        assertThat(hosts.b.ip("neigh show dev eth0"))
                .contains("10.0.0.100 lladdr " + mac)
                .contains("fd00::100 lladdr " + mac);
    }

    @Test
    void probeIsAnsweredByTheHolderAlone() throws Exception {
        hosts.b.run(() -> {
            onB.addAddress(VirtualAddress.parse("10.0.0.100"), 0);
            onB.addAddress(VirtualAddress.parse("fd00::100"), 0);
            // Answers its own probe to nobody: it hears no claim of its own.
            onB.watch(List.of(IPV4, IPV6));
        });
        // The kernel joins the solicited-node group a moment after it has acknowledged the address.
        while (!hosts.b.ip("-6 maddr show dev eth0").contains("ff02::1:ff00:100")) {
            Thread.onSpinWait();
        }
        hosts.a.run(() -> {
            onA.watch(List.of(IPV4, IPV6, address("10.0.0.200")));
            onA.probe(address("10.0.0.200"));
            onA.probe(IPV4);
            onA.probe(IPV6);
        });
        hosts.a.until(() -> hosts.a.heard.claims.size() == 2);
        String mac = onB.info().hardwareAddress().toString();
        assertThat(hosts.a.heard.claims)
                .containsExactlyInAnyOrder("10.0.0.100 at " + mac, "fd00:0:0:0:0:0:0:100 at " + mac);
        hosts.b.drain();
        assertThat(hosts.b.heard.claims).isEmpty();
    }

    @Test
    void watchIsReplacedAndEnded() throws Exception {
        hosts.b.run(() -> {
            onB.watch(List.of(IPV4));
            onB.watch(List.of(address("10.0.0.101")));
        });
        hosts.a.run(() -> {
            onA.announce(IPV4);
            onA.announce(address("10.0.0.101"));
        });
        hosts.b.until(() -> hosts.b.heard.claims.size() == 1);
        assertThat(hosts.b.heard.claims).singleElement().asString().startsWith("10.0.0.101 at ");
        hosts.b.run(() -> onB.watch(List.of()));
        assertThat(hosts.b.sh("cat /proc/net/packet").lines()).hasSize(1);
    }

    @Test
    void hundredsOfAddressesAreWatched() throws Exception {
        for (int count : new int[] {200, 300}) {
            List<InetAddress> many = new ArrayList<>();
            IntStream.range(0, count).forEach(i -> {
                many.add(address("10.1." + i / 250 + "." + (i % 250 + 1)));
                many.add(address("fd01::" + Integer.toHexString(i + 1)));
            });
            hosts.b.heard.claims.clear();
            hosts.b.run(() -> onB.watch(many));
            hosts.a.run(() -> {
                onA.announce(IPV4);
                onA.announce(IPV6);
                for (InetAddress each :
                        List.of(many.get(0), many.get(1), many.get(2 * count - 2), many.get(2 * count - 1))) {
                    onA.announce(each);
                }
            });
            hosts.b.until(() -> hosts.b.heard.claims.size() == 4);
            hosts.b.drain();
            assertThat(hosts.b.heard.claims).hasSize(4);
        }
    }
}
