package io.floatingip.kernel;

import static io.floatingip.kernel.Puppet.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Client;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Metronome;
import io.floatingip.lab.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What others do to the address, its interface and the fence while a node is master, and what it does about it. */
@Tag("kernel")
class AddressWatchIT {
    private static final String IPV6 = "fd99::66";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int RUNS = 5;

    private Lan lan;
    private Host a;

    @BeforeEach
    void buildTheLan() {
        lan = Lan.open();
        a = lan.host("a");
    }

    @AfterEach
    void takeItDown() {
        lan.close();
    }

    @Test
    void aDeletedAddressIsBackWithin50MillisecondsAndTheMasterStays() {
        Host b = lan.host("b");
        Client.serve(a, List.of(ADDRESS));
        Client.serve(b, List.of(ADDRESS));
        Puppet master = Puppet.join(a, "priority=150", "interval=100");
        Puppet backup = Puppet.join(b, "priority=100", "interval=100");
        List<Duration> silences = new ArrayList<>();
        try (Client client = Client.ask(lan.host("client"), ADDRESS, Duration.ofMillis(1));
                Metronome metronome = new Metronome(Duration.ofMillis(1))) {
            client.awaitAnswerFrom(a, System.nanoTime(), SOON);
            int masterLines = master.linesSoFar();
            int backupLines = backup.linesSoFar();
            for (int run = 0; run < RUNS; run++) {
                long startedAt = System.nanoTime();
                a.run("ip", "addr", "del", ADDRESS + "/32", "dev", "eth0");
                long deletedAt = System.nanoTime();
                client.awaitAnswerFrom(a, deletedAt + 100_000_000L, SOON);
                silences.add(client.longestSilence(startedAt));
            }
            System.out.println("longest time without an answer around ip addr del: " + silences);
            Duration allowed = Duration.ofMillis(50).plus(metronome.latest());
            assertThat(silences).allSatisfy(silence -> assertThat(silence).isLessThan(allowed));
            assertThat(roles(master, masterLines)).isEmpty();
            assertThat(roles(backup, backupLines)).isEmpty();
            assertThat(status(master)).contains("addresses.restored=" + RUNS);
        }
    }

    @Test
    void givesUpWithTheReasonWhenTheAddressIsDeletedAgainAndAgain() {
        Puppet master = master();
        int lines = master.linesSoFar();
        Running remover = a.start(
                "remover",
                List.of(
                        "sh",
                        "-c",
                        "while :; do ip addr del " + ADDRESS + "/32 dev eth0 2>/dev/null; sleep 0.05; done"));
        assertThat(master.await("MASTER -> FAULT", lines).text())
                .contains("has been taken off eth0 by somebody else")
                .endsWith("[ADDRESS_LOST]");
        remover.close();
    }

    @Test
    void comesBackWithAllAddressesAfterTheInterfaceWasDown() {
        Puppet master = Puppet.join(a, "interval=100", "address=" + ADDRESS + "/32", "address=" + IPV6 + "/128");
        a.awaitHolds(ADDRESS, true, SOON);
        a.awaitHolds(IPV6, true, SOON);
        int lines = master.linesSoFar();
        a.sh("ip link set eth0 down");
        master.await("MASTER -> FAULT.*LINK_DOWN", lines);
        a.sh("ip link set eth0 up");
        master.await("-> MASTER", lines);
        a.awaitHolds(ADDRESS, true, SOON);
        a.awaitHolds(IPV6, true, SOON);
    }

    @Test
    void comesBackAfterTheInterfaceWasRemovedAndMadeAgain() {
        a.sh("ip link add made type veth peer name other && ip link set other up && ip link set made up"
                + " && ip addr add 10.98.0.1/24 dev made");
        Puppet master = Puppet.join(a, "interface=made", "interval=100", "address=10.98.0.66/32");
        a.awaitHolds("10.98.0.66", true, SOON);
        int lines = master.linesSoFar();
        a.sh("ip link del made");
        master.await("MASTER -> FAULT", lines);
        a.sh("ip link add made type veth peer name other && ip link set other up && ip link set made up"
                + " && ip addr add 10.98.0.1/24 dev made");
        master.await("-> MASTER", lines);
        a.awaitHolds("10.98.0.66", true, SOON);
    }

    @Test
    void cleansUpAfterACrashedRunAndTouchesNothingElse() {
        a.sh("ip addr add 10.99.0.67/32 dev eth0");
        // Without a fence there is no lifetime either: nobody but the next run takes the address away.
        Puppet crashed = Puppet.join(a, "interval=100", "fence=NONE", "address=10.99.0.68/32");
        a.awaitHolds("10.99.0.68", true, SOON);
        crashed.process().kill();
        crashed.process().awaitExit(SOON);
        assertThat(a.holds("10.99.0.68")).isTrue();
        // Backup for as long as the test runs: what is there, it has not put there.
        long startedAt = System.nanoTime();
        Puppet.join(a, "interval=20000", "address=10.99.0.68/32");
        a.awaitHolds("10.99.0.68", false, Duration.ofMillis(100));
        assertThat(System.nanoTime() - startedAt).isLessThan(20_000_000_000L);
        assertThat(a.holds("10.99.0.67")).isTrue();
    }

    @Test
    void reportsAnotherHostThatAnswersForTheAddressWithItsHardwareAddress() {
        Host stranger = lan.host("stranger");
        Puppet master = master();
        stranger.sh("ip addr add " + ADDRESS + "/24 dev eth0 && arping -q -U -c 3 -i eth0 -S " + ADDRESS + " " + ADDRESS
                + " || arping -q -U -c 3 -I eth0 " + ADDRESS);
        Lan.await(SOON, () -> status(master).contains(stranger.hardwareAddress()), () -> status(master) + lan.tails());
    }

    @Test
    void reportsAHostThatHadTheAddressBefore() {
        Host stranger = lan.host("stranger");
        stranger.sh("ip addr add " + ADDRESS + "/24 dev eth0");
        Puppet master = Puppet.join(a, "interval=100");
        Lan.await(SOON, () -> status(master).contains(stranger.hardwareAddress()), () -> status(master) + lan.tails());
    }

    @Test
    void putsTheFenceBackWhenSomebodyFlushesTheRules() {
        Puppet master = master();
        int lines = master.linesSoFar();
        assertThat(a.run("nft", "list", "ruleset")).contains("floatingip-eth0");
        a.run("nft", "flush", "ruleset");
        Lan.await(
                SOON,
                () -> a.run("nft", "list", "ruleset").contains("floatingip-eth0"),
                () -> "no fence\n" + lan.tails());
        assertThat(roles(master, lines)).isEmpty();
        assertThat(status(master)).contains("packetFilter=true");
        assertThat(a.holds(ADDRESS)).isTrue();
    }

    @Test
    void standsDownAndUpWhenTold() {
        Puppet master = master();
        int lines = master.linesSoFar();
        master.say("down");
        assertThat(master.await("MASTER -> ", lines).text()).contains("[STOOD_DOWN]");
        a.awaitHolds(ADDRESS, false, SOON);
        lines = master.linesSoFar();
        master.say("up");
        master.await("-> MASTER", lines);
        a.awaitHolds(ADDRESS, true, SOON);
    }

    private Puppet master() {
        Puppet master = Puppet.join(a, "interval=100");
        a.awaitHolds(ADDRESS, true, SOON);
        master.await("-> MASTER", 0);
        return master;
    }

    private static String status(Puppet node) {
        int lines = node.linesSoFar();
        node.say("status");
        return node.await("^status ", lines).text();
    }

    private static List<String> roles(Puppet node, int from) {
        List<Running.Line> lines = node.process().lines();
        return lines.subList(from, lines.size()).stream()
                .map(Running.Line::text)
                .filter(text -> text.contains(" -> "))
                .toList();
    }
}
