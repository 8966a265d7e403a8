package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Announcements;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import io.floatingip.UnicastPeer;
import io.floatingip.VirtualAddress;
import io.floatingip.lab.Capture;
import io.floatingip.lab.Client;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Metronome;
import io.floatingip.lab.Node;
import io.floatingip.linux.LinuxNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A master's configuration changes while a client asks every millisecond and a backup waits for its chance. */
@Tag("kernel")
@Tag("once")
@Tag("timing")
class LiveChangeIT {
    private static final String ADDRESS = "10.99.0.66";
    private static final String ANOTHER = "10.99.0.67";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private Lan lan;
    private Host a;
    private Host b;
    private LinuxNetwork network;
    private FloatingIp master;
    private Node backup;

    @BeforeEach
    void buildTheLan() throws IOException {
        lan = Lan.open();
        a = lan.host("a");
        b = lan.host("b");
        network = LinuxNetwork.inNamespace(Path.of("/proc/" + a.namespace() + "/ns/net"));
        Client.serve(a, List.of(ADDRESS, ANOTHER));
        Client.serve(b, List.of(ADDRESS, ANOTHER));
    }

    @AfterEach
    void takeItDown() {
        if (master != null) {
            master.close();
        }
        network.close();
        lan.close();
    }

    @Test
    void losesNothingAndMissesNoAdvert() throws Exception {
        join(config -> config);
        backup = backup();
        assertUndisturbed(List.of(
                config -> config.priority(180),
                config -> config.address(ANOTHER + "/32"),
                config -> config.addresses(
                        List.of(VirtualAddress.parse(ANOTHER + "/32"), VirtualAddress.parse(ADDRESS + "/32"))),
                config -> config.addresses(List.of(VirtualAddress.parse(ADDRESS + "/32"))),
                config -> config.advertInterval(Duration.ofMillis(200)),
                config -> config.advertInterval(INTERVAL),
                config -> config.preempt(false),
                config -> config.preempt(true).preemptDelay(Duration.ofSeconds(1)),
                config -> config.downAfterAdverts(4),
                config -> config.downAfterAdverts(3),
                config ->
                        config.announcements(new Announcements(2, Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO)),
                config -> config.excludedAddress(VirtualAddress.parse("fd99::67")),
                config -> config.excludedAddresses(List.of()),
                config -> config.priority(200)));
        assertThat(a.holds(ANOTHER)).isFalse();
        assertThat(a.holds("fd99::67")).isFalse();
    }

    @Test
    void peersComeAndGo() throws Exception {
        UnicastPeer peer = UnicastPeer.of(b.ipv4());
        join(config -> config.unicastPeer(peer));
        backup = backup("--unicast-peer", a.ipv4());
        assertUndisturbed(List.of(
                config -> config.unicastPeer(UnicastPeer.of("10.99.0.77")),
                config -> config.unicastPeers(List.of(peer)),
                config -> config.unicastPeers(List.of(new UnicastPeer(peer.address(), 255, 255)))));
    }

    @Test
    void aPriorityBelowTheBackupsHandsOver() throws Exception {
        join(config -> config);
        backup = backup();
        master.setPriority(50);
        backup.awaitRole("MASTER", SOON);
        assertThat(master.awaitRole(Role.BACKUP, SOON)).isTrue();
        b.awaitHolds(ADDRESS, true, SOON);
        a.awaitHolds(ADDRESS, false, SOON);
    }

    private void assertUndisturbed(List<UnaryOperator<FloatingIpConfig.Builder>> changes) throws Exception {
        try (Capture capture = lan.capture("changes");
                Metronome metronome = new Metronome(Duration.ofMillis(10));
                Client client = Client.ask(lan.host("client"), ADDRESS, Duration.ofMillis(1))) {
            long since = client.awaitAnswerFrom(a, System.nanoTime(), SOON).receivedNanos();
            for (UnaryOperator<FloatingIpConfig.Builder> change : changes) {
                master.change(change);
                LockSupport.parkNanos(3 * INTERVAL.toNanos());
            }
            client.awaitAnswerFrom(a, System.nanoTime(), SOON);
            Client.Questions questions = client.questions(since);
            Duration gap = longestGap(capture.stop().adverts());
            Duration machine = metronome.latest();
            System.out.println(
                    questions + ", longest gap between adverts " + gap + ", the machine itself late by " + machine);
            assertThat(questions.lost()).isZero();
            assertThat(questions.asked()).isGreaterThan(500);
            // The longest interval that was configured, and a fifth.
            assertThat(gap).isLessThanOrEqualTo(Duration.ofMillis(240).plus(machine));
            assertThat(capture.faulty()).isEmpty();
        }
        assertThat(master.status().epoch()).isEqualTo(1);
        assertThat(master.isMaster()).isTrue();
        assertThat(backup.changes()).extracting(Node.RoleLine::to).containsExactly("BACKUP");
    }

    private static Duration longestGap(List<Capture.Advert> adverts) {
        assertThat(adverts).extracting(Capture.Advert::source).containsOnly("10.99.0.1");
        long longest = 0;
        for (int i = 1; i < adverts.size(); i++) {
            // Unicast: several in a moment, one for each peer.
            longest = Math.max(
                    longest, adverts.get(i).atNanos() - adverts.get(i - 1).atNanos());
        }
        return Duration.ofNanos(longest);
    }

    private void join(UnaryOperator<FloatingIpConfig.Builder> variation) throws InterruptedException {
        master = FloatingIp.join(variation
                .apply(FloatingIpConfig.builder()
                        .networkInterface("eth0")
                        .virtualRouterId(52)
                        .priority(200)
                        .advertInterval(INTERVAL)
                        .address(ADDRESS + "/32")
                        .network(network)
                        .shutdownHook(false))
                .build());
        assertThat(master.awaitRole(Role.MASTER, SOON)).isTrue();
    }

    private Node backup(String... options) {
        String[] all = new String[options.length + 8];
        System.arraycopy(
                new String[] {
                    "--vrid",
                    "52",
                    "--priority",
                    "100",
                    "--address",
                    ADDRESS + "/32",
                    "--interval",
                    INTERVAL.toMillis() + "ms"
                },
                0,
                all,
                0,
                8);
        System.arraycopy(options, 0, all, 8, options.length);
        return Node.join(b, all).awaitRole("BACKUP", SOON);
    }
}
