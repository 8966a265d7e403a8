package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Capture;
import io.floatingip.lab.Client;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Node;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9568 section 7.3: the address has a hardware address of its own, on two nodes of ours, in both families at once. */
@Tag("kernel")
@Tag("once")
class VirtualMacIT {
    private static final String IPV4 = "10.99.0.66";
    private static final String IPV6 = "fd99::66";
    private static final String MAC_IPV4 = "00:00:5e:00:01:34";
    private static final String MAC_IPV6 = "00:00:5e:00:02:34";
    private static final Duration SOON = Duration.ofSeconds(20);

    private Lan lan;
    private Host a;
    private Host b;
    private Host clientHost;

    @BeforeEach
    void buildTheLan() {
        lan = Lan.open();
        a = lan.host("a");
        b = lan.host("b");
        clientHost = lan.host("client");
    }

    @AfterEach
    void takeItDown() {
        lan.close();
    }

    @ParameterizedTest
    @CsvSource({"on, " + MAC_IPV4 + ", " + MAC_IPV6, "base, 02:00:00:00:00:01, 02:00:00:00:00:01"})
    void isWhatNeighboursLearnAndStaysWithTheAddress(String mode, String sender4, String sender6) {
        a.sh("sysctl -qw net.ipv4.conf.all.rp_filter=2");
        String before = settings();
        for (Host host : List.of(a, b)) {
            Client.serve(host, List.of(IPV4, IPV6));
        }
        try (Capture capture = lan.capture("virtual-mac");
                Client client = Client.ask(clientHost, IPV4, Duration.ofMillis(4));
                Client client6 = Client.ask(clientHost, IPV6, Duration.ofMillis(4))) {
            Node node = join(a, 200, mode);
            join(b, 100, mode);
            client.awaitAnswerFrom(a, System.nanoTime(), SOON);
            client6.awaitAnswerFrom(a, System.nanoTime(), SOON);
            assertNeighbours();
            assertThat(a.run("ip", "-o", "addr", "show", "dev", "vrrp.52")).contains(IPV4 + "/32");
            assertThat(a.run("ip", "-o", "addr", "show", "dev", "vrrp6.52")).contains(IPV6 + "/128");

            long leftAt = node.process().terminate();
            assertThat(node.process().awaitExit(SOON)).as(a.tails()).isZero();
            client.awaitAnswerFrom(b, leftAt, SOON);
            client6.awaitAnswerFrom(b, leftAt, SOON);
            assertNeighbours();
            assertThat(a.run("ip", "-o", "link")).doesNotContain("vrrp");
            assertThat(settings()).isEqualTo(before);

            assertThat(capture.stop().faulty()).isEmpty();
            assertThat(capture.fields("vrrp and ip.src == " + a.ipv4(), "eth.src"))
                    .extracting(fields -> fields[0])
                    .isNotEmpty()
                    .containsOnly(sender4);
            assertThat(capture.fields("vrrp and ipv6.src == " + a.linkLocal(), "eth.src"))
                    .extracting(fields -> fields[0])
                    .isNotEmpty()
                    .containsOnly(sender6);
            assertThat(capture.fields("arp.opcode == 2 and arp.src.proto_ipv4 == " + IPV4, "arp.src.hw_mac"))
                    .extracting(fields -> fields[0])
                    .isNotEmpty()
                    .containsOnly(MAC_IPV4);
        }
    }

    private void assertNeighbours() {
        assertThat(clientHost.run("ip", "neigh", "show", IPV4)).contains("lladdr " + MAC_IPV4);
        assertThat(clientHost.run("ip", "neigh", "show", IPV6)).contains("lladdr " + MAC_IPV6);
        // Asked anew, not remembered.
        clientHost.sh("ip neigh flush to " + IPV4 + "; ip -6 neigh flush to " + IPV6);
        // The last word of a node that leaves (MLD, when its device goes) comes from the same hardware address, and a
        // switch may send what follows there: until its successor announces once more, a second after its claim.
        clientHost.run("ping", "-c", "5", "-i", "0.5", "-W", "5", IPV4);
        clientHost.run("ping", "-c", "5", "-i", "0.5", "-W", "5", IPV6);
        assertThat(clientHost.run("ip", "neigh", "show", IPV4)).contains("lladdr " + MAC_IPV4);
        assertThat(clientHost.run("ip", "neigh", "show", IPV6)).contains("lladdr " + MAC_IPV6);
    }

    private String settings() {
        return a.sh(
                "cd /proc/sys/net && for f in ipv4/conf/all/* ipv4/conf/default/* ipv4/conf/eth0/* ipv6/conf/all/* ipv6/conf/eth0/*;"
                        + " do case $f in *stable_secret|*mtu) ;; *) echo $f $(cat $f);; esac; done");
    }

    private static Node join(Host host, int priority, String mode) {
        return Node.join(
                host,
                "--vrid",
                "52",
                "--priority",
                Integer.toString(priority),
                "--address",
                IPV4,
                "--address",
                IPV6,
                "--virtual-mac",
                mode,
                "--interval",
                "100ms");
    }
}
