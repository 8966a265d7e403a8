package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Capture;
import io.floatingip.lab.Client;
import io.floatingip.lab.Host;
import io.floatingip.lab.Keepalived;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Running;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lab tested with two keepalived: what it says of them is what the other tests trust. */
@Tag("kernel")
@Tag("once")
@Tag("keepalived")
class LabIT {
    private static final String ADDRESS = "10.99.0.66";
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void showsAFailoverBetweenTwoKeepalived() {
        try (Lan lan = Lan.open()) {
            Host a = lan.host("a");
            Host b = lan.host("b");
            Host client = lan.host("client");
            Client.serve(a, List.of(ADDRESS));
            Client.serve(b, List.of(ADDRESS));
            Capture capture = lan.capture("failover");
            Running master = keepalived(200).start(lan, a);
            keepalived(100).start(lan, b);
            Client asking = Client.ask(client, ADDRESS, Duration.ofMillis(1), lan, List.of(a, b));
            asking.awaitAnswerFrom(a, System.nanoTime(), SOON);

            long cutAt = lan.cut(a);
            long answeredAt = asking.awaitAnswerFrom(b, cutAt, SOON).receivedNanos();
            assertThat(Duration.ofNanos(answeredAt - cutAt)).isBetween(Duration.ofMillis(200), Duration.ofMillis(450));
            assertThat(b.addresses()).contains(ADDRESS);

            long healedAt = lan.heal(a);
            asking.awaitAnswerFrom(a, healedAt, SOON);
            b.awaitHolds(ADDRESS, false, SOON);

            long aloneAt = System.nanoTime();
            asking.awaitAnswerFrom(a, aloneAt + 100_000_000, SOON);
            assertThat(asking.answeredTwice(aloneAt)).isEmpty();
            b.sh("ip addr add " + ADDRESS + "/32 dev eth0");
            Lan.await(
                    SOON,
                    () -> !asking.answeredTwice(aloneAt).isEmpty(),
                    () -> "two hosts hold the address, unnoticed");
            assertThat(asking.answeredTwice(aloneAt).values()).allMatch(List.of("a", "b")::equals);
            b.sh("ip addr del " + ADDRESS + "/32 dev eth0");

            long leftAt = master.terminate();
            asking.awaitAnswerFrom(b, leftAt, SOON);
            assertThat(master.awaitExit(SOON)).isZero();
            assertThat(a.addresses()).doesNotContain(ADDRESS);

            assertThat(capture.stop().faulty()).isEmpty();
            assertThat(capture.faulty(true))
                    .as("what tshark says when its rule is another")
                    .isNotEmpty();
            assertThat(capture.adverts()).anySatisfy(advert -> {
                assertThat(advert.source()).isEqualTo(a.ipv4());
                assertThat(advert.priority()).isZero();
            });
        }
    }

    private static Keepalived keepalived(int priority) {
        return new Keepalived(52, 3, priority, "0.1", List.of(ADDRESS + "/32"), List.of());
    }
}
