package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How addresses look on their interfaces, and what is let through to them. */
@Tag("kernel")
@Tag("once")
class AddressPropertiesIT {
    private static final String IPV4 = "10.99.0.66";
    private static final String IPV6 = "fd99::66";
    private static final Duration SOON = Duration.ofSeconds(20);

    private Lan lan;
    private Host a;
    private Host b;

    @BeforeEach
    void buildTheLan() {
        lan = Lan.open();
        a = lan.host("a");
        b = lan.host("b");
    }

    @AfterEach
    void takeItDown() {
        lan.close();
    }

    @Test
    void eachIsWhereAndAsItWasAskedFor() {
        lan.cable(a, "eth1", 101);
        Node node = join(
                a,
                200,
                "--address",
                IPV4 + "/32,label=eth0:web",
                "--address",
                "10.99.7.1/24,dev=eth1,scope=link,noprefixroute",
                "--excluded",
                "10.99.0.67/32",
                "--excluded",
                "fd99::67");
        node.awaitRole("MASTER", SOON);
        String listed = a.run("ip", "-o", "addr");
        assertThat(line(listed, IPV4 + "/32")).contains("2: eth0 ", "scope global", "eth0:web");
        assertThat(line(listed, "10.99.7.1/24")).contains(": eth1 ", "scope link", "noprefixroute");
        assertThat(line(listed, "10.99.0.67/32")).contains("2: eth0 ", "scope global");
        assertThat(line(listed, "fd99::67/128")).contains("2: eth0 ", "nodad", "deprecated");
        assertThat(a.run("ip", "route")).doesNotContain("10.99.7.0/24");

        node.process().terminate();
        assertThat(node.process().awaitExit(SOON)).as(a.tails()).isZero();
        assertThat(a.run("ip", "-o", "addr")).doesNotContain("10.99.0.6", "10.99.7.1", "fd99::67");
    }

    @Test
    void refusedTrafficIsDroppedAndNeighboursAreAnsweredAllTheSame() {
        Node node = join(a, 200, "--address", IPV4, "--address", IPV6, "--no-accept");
        node.awaitRole("MASTER", SOON);
        for (String address : List.of(IPV4, IPV6)) {
            assertThat(answersPing(address)).as("ping " + address).isFalse();
            assertThat(b.run("ip", "neigh", "show", address)).contains("lladdr " + a.hardwareAddress());
        }
        assertThat(answersPing(a.ipv4())).isTrue();
        assertThat(answersPing(a.ipv6())).isTrue();
        assertThat(b.run("arping", "-c", "1", "-w", "5", "-I", "eth0", IPV4)).containsIgnoringCase(a.hardwareAddress());

        node.process().terminate();
        assertThat(node.process().awaitExit(SOON)).as(a.tails()).isZero();
        assertThat(a.run("nft", "list", "ruleset")).isEmpty();
    }

    @Test
    void bothFamiliesMoveTogetherOrNotAtAll() {
        Node first = join(a, 200, "--address", IPV4, "--address", IPV6);
        first.awaitRole("MASTER", SOON);
        join(b, 100, "--address", IPV4, "--address", IPV6).awaitRole("BACKUP", SOON);
        assertThat(a.holds(IPV4) && a.holds(IPV6)).isTrue();

        // Without a link-local address nothing can be sent over IPv6; IPv4 could go on.
        a.sh("ip addr del " + a.linkLocal() + "/64 dev eth0");
        first.awaitRole("FAULT", SOON);
        for (String address : List.of(IPV4, IPV6)) {
            a.awaitHolds(address, false, SOON);
            b.awaitHolds(address, true, SOON);
        }
        a.sh("ip addr add " + a.linkLocal() + "/64 dev eth0 nodad");
        for (String address : List.of(IPV4, IPV6)) {
            a.awaitHolds(address, true, SOON);
            b.awaitHolds(address, false, SOON);
        }
    }

    private boolean answersPing(String address) {
        return b.sh("ping -c 1 -W 1 " + address + " >/dev/null && echo yes || echo no")
                .equals("yes");
    }

    private static String line(String listing, String address) {
        List<String> lines = listing.lines()
                .filter(line -> line.contains(" " + address + " "))
                .toList();
        assertThat(lines).as(address + " in\n" + listing).hasSize(1);
        return lines.get(0);
    }

    private static Node join(Host host, int priority, String... options) {
        List<String> all = new ArrayList<>(
                List.of("--vrid", "52", "--priority", Integer.toString(priority), "--interval", "100ms"));
        all.addAll(Arrays.asList(options));
        return Node.join(host, all.toArray(String[]::new));
    }
}
