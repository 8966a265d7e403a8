package io.floatingip.kernel;

import static io.floatingip.kernel.Puppet.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Answer;
import io.floatingip.lab.Client;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Metronome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An address on a device that goes with its process. */
@Tag("kernel")
class ProcessBoundIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int RUNS = 5;
    /** The kernel takes some tens of milliseconds to take a process of this size apart. */
    private static final Duration TAKEN_APART = Duration.ofMillis(50);

    @Test
    void answersOnTheLanAndIsGoneWithin50MillisecondsOfAKill() {
        List<Duration> lasts = new ArrayList<>();
        try (Lan lan = Lan.open();
                Metronome metronome = new Metronome(Duration.ofMillis(1))) {
            Host a = lan.host("a");
            Client.serve(a, List.of(ADDRESS));
            try (Client client = Client.ask(lan.host("client"), ADDRESS, Duration.ofMillis(1), lan, List.of(a))) {
                for (int run = 0; run < RUNS; run++) {
                    Puppet node = Puppet.join(a, "placement=PROCESS_BOUND", "interval=100");
                    client.awaitAnswerFrom(a, System.nanoTime(), SOON);
                    assertThat(a.run("ip", "-o", "addr", "show", "dev", "eth0")).doesNotContain(ADDRESS + "/");
                    long killedAt = node.process().kill();
                    a.awaitHolds(ADDRESS, false, Duration.ofSeconds(1));
                    // Long enough for answers that should not come.
                    Lan.await(SOON, () -> System.nanoTime() - killedAt > 300_000_000L, () -> "");
                    lasts.add(Duration.ofNanos(client.answers().stream()
                            .mapToLong(Answer::sentNanos)
                            .map(sent -> sent - killedAt)
                            .max()
                            .orElseThrow()));
                    node.process().awaitExit(SOON);
                }
            }
            System.out.println("the last question that was answered, after SIGKILL: " + lasts);
            assertThat(lasts.stream().sorted().toList().get(RUNS / 2))
                    .as(lan.tails())
                    .isLessThan(TAKEN_APART.plus(metronome.latest()));
        }
    }
}
