package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import io.floatingip.health.HealthChecks;
import io.floatingip.health.HealthPolicy;
import io.floatingip.lab.Client;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Metronome;
import io.floatingip.lab.Node;
import io.floatingip.linux.LinuxNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The master's health fails while a client asks every millisecond, at the default interval of one second. */
@Tag("kernel")
@Tag("once")
class HealthIT {
    private static final String ADDRESS = "10.99.0.66";
    private static final int BACKUP_PRIORITY = 100;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int RUNS = 5;
    private static final int PINGS = 4_000;

    /** RFC 9568 section 6.1, of the backup. */
    private static final Duration SKEW = Duration.ofNanos(1_000_000_000L * (256 - BACKUP_PRIORITY) / 256);

    private final AtomicBoolean good = new AtomicBoolean(true);
    private Lan lan;
    private Host a;
    private Host b;
    private Host clientHost;
    private LinuxNetwork network;
    private FloatingIp master;

    @BeforeEach
    void join() throws Exception {
        lan = Lan.open();
        a = lan.host("a");
        b = lan.host("b");
        clientHost = lan.host("client");
        network = LinuxNetwork.inNamespace(Path.of("/proc/" + a.namespace() + "/ns/net"));
        master = FloatingIp.join(FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(52)
                .priority(200)
                .address(ADDRESS)
                .check(
                        "disk",
                        HealthChecks.that(good::get),
                        HealthPolicy.release().makeBeforeBreak().interval(Duration.ofMillis(20)))
                .network(network)
                .shutdownHook(false)
                .build());
        assertThat(master.awaitRole(Role.MASTER, SOON)).isTrue();
        Node.join(b, "--vrid", "52", "--priority", Integer.toString(BACKUP_PRIORITY), "--address", ADDRESS)
                .awaitRole("BACKUP", SOON);
    }

    @AfterEach
    void leave() throws IOException {
        if (master != null) {
            master.close();
        }
        network.close();
        lan.close();
    }

    @Test
    void thePeerAnswersWithinItsSkewTimeAfterTheApplicationIsUnhealthy() throws Exception {
        Client.serve(a, List.of(ADDRESS));
        Client.serve(b, List.of(ADDRESS));
        Duration allowed = SKEW.plusMillis(20);
        List<Duration> delays = new ArrayList<>();
        try (Client client = Client.ask(clientHost, ADDRESS, Duration.ofMillis(1))) {
            for (int run = 0; run < RUNS; run++) {
                client.awaitAnswerFrom(a, System.nanoTime(), SOON);
                try (Metronome metronome = new Metronome(Duration.ofMillis(1))) {
                    long saidAt = System.nanoTime();
                    master.health().unhealthy("out of memory");
                    Duration after = Duration.ofNanos(
                            client.awaitAnswerFrom(b, saidAt, SOON).receivedNanos() - saidAt);
                    Duration machine = metronome.latest();
                    System.out.println("the peer's skew time " + SKEW + ", it answered after " + after
                            + ", the machine itself late by " + machine);
                    delays.add(after.minus(machine));
                }
                assertThat(master.role()).isEqualTo(Role.FAULT);
                assertThat(a.holds(ADDRESS)).isFalse();

                master.health().healthy();
                client.awaitAnswerFrom(a, System.nanoTime(), SOON);
                b.awaitHolds(ADDRESS, false, SOON);
            }
        }
        assertThat(delays.stream().sorted().toList().get(RUNS / 2)).isLessThanOrEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"word", "check"})
    void nothingIsLostWhileTheUnhealthyNodeCanStillServe(String whose) throws Exception {
        // What the neighbours are told a second after a move belongs to it.
        LockSupport.parkNanos(1_500_000_000L);
        Pings pings = Pings.start(clientHost, ADDRESS, PINGS);
        if (whose.equals("word")) {
            master.health().unhealthyButServing("disk nearly full");
        } else {
            good.set(false);
        }
        assertThat(master.awaitRole(Role.FAULT, SOON)).isTrue();
        b.awaitHolds(ADDRESS, true, SOON);
        a.awaitHolds(ADDRESS, false, SOON);
        assertThat(pings.lost()).as(lan.tails()).isZero();
        assertThat(b.holds(ADDRESS)).isTrue();
    }
}
