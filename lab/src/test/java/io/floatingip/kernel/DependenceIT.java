package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpGroup;
import io.floatingip.Role;
import io.floatingip.lab.Capture;
import io.floatingip.lab.Client;
import io.floatingip.lab.Host;
import io.floatingip.lab.Keepalived;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Node;
import io.floatingip.lab.Running;
import io.floatingip.linux.LinuxNetwork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What else mastership depends on: other interfaces, other floating IPs, whose address it is. */
@Tag("kernel")
@Tag("once")
class DependenceIT {
    private static final String ADDRESS = "10.99.0.66";
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
    void aTrackedInterfaceIsACondition() {
        lan.cable(a, "up0", 101);
        Node node = join(a, 200, "--track", "up0");
        node.awaitRole("MASTER", SOON);
        join(b, 100).awaitRole("BACKUP", SOON);

        a.sh("ip link set up0 down");
        node.awaitRole("FAULT", SOON);
        b.awaitHolds(ADDRESS, true, SOON);
        a.awaitHolds(ADDRESS, false, SOON);

        a.sh("ip link set up0 up");
        a.awaitHolds(ADDRESS, true, SOON);
        b.awaitHolds(ADDRESS, false, SOON);
    }

    @Test
    void aTrackedInterfaceHasItsWeight() {
        lan.cable(a, "up0", 101);
        try (Capture capture = lan.capture("weight")) {
            join(a, 150, "--track", "up0:-100").awaitRole("MASTER", SOON);
            join(b, 100).awaitRole("BACKUP", SOON);

            a.sh("ip link set up0 down");
            b.awaitHolds(ADDRESS, true, SOON);
            a.awaitHolds(ADDRESS, false, SOON);

            a.sh("ip link set up0 up");
            a.awaitHolds(ADDRESS, true, SOON);
            b.awaitHolds(ADDRESS, false, SOON);
            assertThat(capture.stop().adverts())
                    .filteredOn(advert -> advert.source().equals(a.ipv4()))
                    .extracting(Capture.Advert::priority)
                    .contains(150, 50);
        }
    }

    @Test
    void aGroupMovesAsAWholeWhenOneOfItsInterfacesGoesDown() throws Exception {
        for (Host host : List.of(a, b)) {
            int number = host == a ? 101 : 102;
            lan.cable(host, "eth1", number);
            host.sh("ip addr add 10.98.0." + number + "/24 dev eth1");
        }
        try (LinuxNetwork onA = network(a);
                LinuxNetwork onB = network(b);
                FloatingIpGroup first = group(onA, 200);
                FloatingIpGroup second = group(onB, 100)) {
            assertThat(first.awaitRole(Role.MASTER, SOON)).isTrue();
            assertThat(second.awaitRole(Role.BACKUP, SOON)).isTrue();

            a.sh("ip link set eth1 down");
            assertThat(first.awaitRole(Role.FAULT, SOON)).isTrue();
            assertThat(second.awaitRole(Role.MASTER, SOON)).isTrue();
            assertThat(first.members()).noneMatch(member -> member.isMaster());
            assertHeldBy(b, a);

            a.sh("ip link set eth1 up");
            assertThat(first.awaitRole(Role.MASTER, SOON)).isTrue();
            assertHeldBy(a, b);
        }
    }

    private static void assertHeldBy(Host holder, Host other) {
        for (String address : List.of(ADDRESS, "10.98.0.66")) {
            holder.awaitHolds(address, true, SOON);
            other.awaitHolds(address, false, SOON);
        }
    }

    private static LinuxNetwork network(Host host) throws Exception {
        return LinuxNetwork.inNamespace(Path.of("/proc/" + host.namespace() + "/ns/net"));
    }

    private static FloatingIpGroup group(LinuxNetwork network, int priority) {
        FloatingIpConfig outside = member(network, priority)
                .name("outside")
                .networkInterface("eth0")
                .virtualRouterId(52)
                .address(ADDRESS)
                .build();
        FloatingIpConfig inside = member(network, priority)
                .name("inside")
                .networkInterface("eth1")
                .virtualRouterId(53)
                .address("10.98.0.66")
                .build();
        return FloatingIpGroup.join("gateway", List.of(outside, inside));
    }

    private static FloatingIpConfig.Builder member(LinuxNetwork network, int priority) {
        return FloatingIpConfig.builder()
                .priority(priority)
                .advertInterval(Duration.ofMillis(100))
                .network(network)
                .shutdownHook(false);
    }

    @Test
    @Tag("keepalived")
    void anOwnerIsMasterAtOnceAndKeepsItsAddressWhenItLeaves() {
        a.sh("ip addr add " + ADDRESS + "/32 dev eth0");
        Client.serve(a, List.of(ADDRESS));
        Client.serve(b, List.of(ADDRESS));
        keepalived(b, 100);
        try (Client client = Client.ask(lan.host("client"), ADDRESS, Duration.ofMillis(4));
                Capture capture = lan.capture("owner")) {
            Node owner = join(a, 255);
            owner.awaitRole("MASTER", SOON);
            client.awaitAnswerFrom(a, System.nanoTime(), SOON);
            b.awaitHolds(ADDRESS, false, SOON);

            long leftAt = owner.process().terminate();
            assertThat(owner.process().awaitExit(SOON)).as(a.tails()).isZero();
            assertThat(a.holds(ADDRESS)).isTrue();
            client.awaitAnswerFrom(b, leftAt, SOON);
            assertThat(capture.stop().adverts())
                    .filteredOn(advert -> advert.source().equals(a.ipv4()))
                    .extracting(Capture.Advert::priority)
                    .contains(255, 0)
                    .containsOnly(255, 0);
        }
    }

    @Test
    @Tag("keepalived")
    void isBackupOfAnOwner() {
        Client.serve(a, List.of(ADDRESS));
        Client.serve(b, List.of(ADDRESS));
        try (Client client = Client.ask(lan.host("client"), ADDRESS, Duration.ofMillis(4))) {
            join(a, 200).awaitRole("MASTER", SOON);
            Running owner = keepalived(b, 255);
            client.awaitAnswerFrom(b, System.nanoTime(), SOON);
            a.awaitHolds(ADDRESS, false, SOON);

            long leftAt = owner.terminate();
            client.awaitAnswerFrom(a, leftAt, SOON);
            a.awaitHolds(ADDRESS, true, SOON);
        }
    }

    private Running keepalived(Host host, int priority) {
        return new Keepalived(52, 3, priority, "0.1", List.of(ADDRESS + "/32"), List.of()).start(lan, host);
    }

    private static Node join(Host host, int priority, String... options) {
        List<String> all = new ArrayList<>(List.of(
                "--vrid",
                "52",
                "--priority",
                Integer.toString(priority),
                "--interval",
                "100ms",
                "--address",
                ADDRESS + "/32"));
        all.addAll(Arrays.asList(options));
        return Node.join(host, all.toArray(String[]::new));
    }
}
