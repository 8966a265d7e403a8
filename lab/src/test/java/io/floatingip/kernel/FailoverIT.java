package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Capture;
import io.floatingip.lab.Client;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Metronome;
import io.floatingip.lab.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two JVMs behind one address, with a client that asks every millisecond. */
@Tag("kernel")
class FailoverIT {
    private static final String ADDRESS = "10.99.0.66";
    private static final int BACKUP_PRIORITY = 100;
    private static final int RUNS = 5;
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
        Client.serve(a, List.of(ADDRESS));
        Client.serve(b, List.of(ADDRESS));
    }

    @AfterEach
    void takeItDown() {
        lan.close();
    }

    @Test
    @Tag("once")
    void answersAgainInTimeAtTheDefaultInterval() {
        answersAgainWithin25MillisecondsOfTheMasterDownIntervalWhenTheMastersLinkIsCut(1000);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 20})
    @Tag("timing")
    void answersAgainWithin25MillisecondsOfTheMasterDownIntervalWhenTheMastersLinkIsCut(int intervalMillis) {
        Duration allowed = masterDown(intervalMillis).plusMillis(25);
        join(a, 150, intervalMillis);
        join(b, BACKUP_PRIORITY, intervalMillis);
        try (Client client = Client.ask(clientHost, ADDRESS, Duration.ofMillis(1))) {
            List<Duration> silences = new ArrayList<>();
            client.awaitAnswerFrom(a, System.nanoTime(), SOON);
            for (int run = 0; run < RUNS; run++) {
                long cutAt = lan.cut(a);
                long answeredAt = client.awaitAnswerFrom(b, cutAt, SOON).receivedNanos();
                silences.add(Duration.ofNanos(answeredAt - cutAt));

                long healedAt = lan.heal(a);
                client.awaitAnswerFrom(a, healedAt, SOON);
                b.awaitHolds(ADDRESS, false, SOON);
            }
            System.out.println(
                    "interval " + intervalMillis + " ms, allowed " + allowed + ", answered after " + silences);
            assertThat(silences.stream().sorted().toList().get(RUNS / 2)).isLessThanOrEqualTo(allowed);
        }
    }

    @Test
    @Tag("timing")
    void takesOverFromAMasterThatIsKilled() {
        int intervalMillis = 100;
        Node master = join(a, 150, intervalMillis);
        join(b, BACKUP_PRIORITY, intervalMillis);
        try (Client client = Client.ask(clientHost, ADDRESS, Duration.ofMillis(1))) {
            client.awaitAnswerFrom(a, System.nanoTime(), SOON);
            long killedAt = master.process().kill();
            long answeredAt = client.awaitAnswerFrom(b, killedAt, SOON).receivedNanos();
            assertThat(Duration.ofNanos(answeredAt - killedAt))
                    .isLessThanOrEqualTo(masterDown(intervalMillis).plusMillis(50));
        }
    }

    @Test
    void saysGoodbyeAndTakesTheAddressAwayWhenTerminatedEveryTime() {
        int intervalMillis = 100;
        join(b, BACKUP_PRIORITY, intervalMillis);
        try (Client client = Client.ask(clientHost, ADDRESS, Duration.ofMillis(1))) {
            for (int run = 0; run < RUNS; run++) {
                Node master = join(a, 150, intervalMillis);
                client.awaitAnswerFrom(a, System.nanoTime(), SOON);
                try (Capture capture = lan.capture("terminated-" + run)) {
                    long terminatedAt = master.process().terminate();
                    assertThat(master.process().awaitExit(SOON)).as(a.tails()).isZero();
                    assertThat(a.addresses())
                            .containsExactlyInAnyOrder(
                                    "127.0.0.1", Host.normal("::1"), a.ipv4(), a.ipv6(), Host.normal(a.linkLocal()));
                    client.awaitAnswerFrom(b, terminatedAt, SOON);
                    assertThat(client.longestSilence(terminatedAt)).isLessThan(masterDown(intervalMillis));
                    assertThat(capture.stop().adverts())
                            .filteredOn(advert -> advert.source().equals(a.ipv4()) && advert.priority() == 0)
                            .isNotEmpty();
                    assertThat(capture.faulty()).isEmpty();
                }
            }
        }
    }

    /**
     * The claim is about an idle machine. Where others compute too, nobody wakes up in time: a metronome that only waits says how late this
     * machine is by itself, which is allowed on top.
     */
    @Test
    @Tag("timing")
    @Tag("once")
    void sendsNoAdvertMoreThanAFifthOfTheIntervalLateInAQuietMinute() {
        join(a, 150, 100).awaitRole("MASTER", SOON);
        try (Metronome metronome = new Metronome(Duration.ofMillis(1))) {
            Duration gap = longestGap("minute", 601);
            Duration machine = metronome.latest();
            System.out.println("longest gap between adverts " + gap + ", the machine itself late by " + machine);
            assertThat(gap).isLessThanOrEqualTo(Duration.ofMillis(120).plus(machine));
        }
    }

    private Duration longestGap(String name, int count) {
        try (Capture capture = lan.captureAdverts(name, count)) {
            List<Capture.Advert> adverts =
                    capture.awaitEnd(Duration.ofSeconds(90)).adverts();
            assertThat(adverts).hasSize(count);
            long longest = 0;
            for (int i = 1; i < adverts.size(); i++) {
                longest = Math.max(
                        longest, adverts.get(i).atNanos() - adverts.get(i - 1).atNanos());
            }
            return Duration.ofNanos(longest);
        }
    }

    private Node join(Host host, int priority, int intervalMillis) {
        return Node.join(
                host,
                "--vrid",
                "52",
                "--priority",
                Integer.toString(priority),
                "--address",
                ADDRESS + "/32",
                "--interval",
                intervalMillis + "ms");
    }

    /** RFC 9568 section 6.1, of the backup. */
    private static Duration masterDown(int intervalMillis) {
        long nanos = intervalMillis * 1_000_000L;
        return Duration.ofNanos(3 * nanos + nanos * (256 - BACKUP_PRIORITY) / 256);
    }
}
