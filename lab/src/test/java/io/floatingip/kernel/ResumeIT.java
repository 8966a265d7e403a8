package io.floatingip.kernel;

import static io.floatingip.kernel.Puppet.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Answer;
import io.floatingip.lab.Capture;
import io.floatingip.lab.Client;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A master that slept, and what it does before it has looked around. */
@Tag("kernel")
@Tag("once")
@Tag("timing")
class ResumeIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int RUNS = 5;
    private static final long MILLIS = 1_000_000L;

    private Lan lan;
    private Host a;
    private Host b;
    private Client client;

    @BeforeEach
    void buildTheLan() {
        lan = Lan.open();
        a = lan.host("a");
        b = lan.host("b");
        Client.serve(a, List.of(ADDRESS));
        Client.serve(b, List.of(ADDRESS));
        client = Client.ask(lan.host("client"), ADDRESS, Duration.ofMillis(1), lan, List.of(a, b));
    }

    @AfterEach
    void takeItDown() {
        lan.close();
    }

    /** Of higher priority, so that it does come back: as a backup that waits for its time. */
    @Test
    void neitherAnswersNorAdvertisesNorAnnouncesBeforeItHasYielded() {
        Puppet sleeper = Puppet.join(a, "priority=150", "interval=100");
        Puppet.join(b, "priority=100", "interval=100");
        client.awaitAnswerFrom(a, System.nanoTime(), SOON);
        for (int run = 0; run < RUNS; run++) {
            long frozenAt = sleeper.process().freeze();
            client.awaitAnswerFrom(b, frozenAt, SOON);
            int lines = sleeper.linesSoFar();
            try (Capture capture = lan.capture("resume-" + run)) {
                long thawedAt = sleeper.process().thaw();
                long yieldedAt =
                        sleeper.await("-> BACKUP.*REPLACED_DURING_PAUSE", lines).atNanos();
                long masterAt = sleeper.await("-> MASTER", lines).atNanos();
                client.awaitAnswerFrom(a, masterAt, SOON);
                b.awaitHolds(ADDRESS, false, SOON);
                capture.stop();

                long adverts = first(capture, "vrrp.prio > 0 and eth.src == " + a.hardwareAddress());
                long announcements =
                        first(capture, "arp.src.proto_ipv4 == " + ADDRESS + " and eth.src == " + a.hardwareAddress());
                long answers = client.answers(a.name()).stream()
                        .mapToLong(Answer::sentNanos)
                        .filter(sent -> sent - thawedAt >= 0)
                        .min()
                        .orElseThrow();
                System.out.println("yielded " + (yieldedAt - thawedAt) / MILLIS
                        + " ms after SIGCONT, master again after "
                        + (masterAt - thawedAt) / MILLIS + " ms; first answer after " + (answers - thawedAt) / MILLIS
                        + " ms, first advert after " + (adverts - thawedAt) / MILLIS
                        + " ms and first announcement after " + (announcements - thawedAt) / MILLIS + " ms");
                assertThat(adverts).isGreaterThan(yieldedAt);
                assertThat(announcements).isGreaterThanOrEqualTo(adverts);
                assertThat(answers).isGreaterThan(yieldedAt);
                assertThat(client.answeredTwice(frozenAt).keySet()).allMatch(at -> at - yieldedAt > 0);
            }
        }
    }

    @Test
    void carriesOnAndAnnouncesWhenNobodyHasTakenOver() {
        Puppet sleeper = Puppet.join(a, "interval=100");
        client.awaitAnswerFrom(a, System.nanoTime(), SOON);
        long epochs = masterships(sleeper);
        for (int run = 0; run < RUNS; run++) {
            long frozenAt = sleeper.process().freeze();
            Lan.await(SOON, () -> System.nanoTime() - frozenAt > 600 * MILLIS, () -> "");
            int lines = sleeper.linesSoFar();
            try (Capture capture = lan.capture("alone-" + run)) {
                long thawedAt = sleeper.process().thaw();
                long answeredAt = client.awaitAnswerFrom(a, thawedAt, SOON).receivedNanos();
                sleeper.await("paused", lines);
                Lan.await(SOON, () -> System.nanoTime() - thawedAt > 100 * MILLIS, () -> "");
                assertThat(client.answers(a.name()))
                        .noneMatch(answer -> answer.sentNanos() - frozenAt > 300 * MILLIS
                                && answer.sentNanos() - thawedAt < -20 * MILLIS);
                assertThat(capture.stop()
                                .fields(
                                        "arp.src.proto_ipv4 == " + ADDRESS + " and arp.dst.proto_ipv4 == " + ADDRESS
                                                + " and eth.src == " + a.hardwareAddress(),
                                        "frame.number"))
                        .as("announcements")
                        .isNotEmpty();
                System.out.println("alone: answers again " + (answeredAt - thawedAt) / MILLIS + " ms after SIGCONT");
            }
        }
        assertThat(masterships(sleeper)).isEqualTo(epochs);
    }

    private static long masterships(Puppet node) {
        return node.process().lines().stream()
                .filter(line -> line.text().contains("-> MASTER"))
                .count();
    }

    /** When the first packet of this kind was recorded, as {@link System#nanoTime}. */
    private static long first(Capture capture, String filter) {
        BigDecimal recordedAt =
                new BigDecimal(capture.fields(filter, "frame.time_epoch").get(0)[0]);
        Instant now = Instant.now();
        return System.nanoTime()
                - BigDecimal.valueOf(now.getEpochSecond())
                        .subtract(recordedAt)
                        .movePointRight(9)
                        .longValue()
                - now.getNano();
    }
}
