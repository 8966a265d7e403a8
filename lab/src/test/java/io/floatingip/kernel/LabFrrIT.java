package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Capture;
import io.floatingip.lab.Client;
import io.floatingip.lab.Frr;
import io.floatingip.lab.Host;
import io.floatingip.lab.Keepalived;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Running;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lab tested with FRR and keepalived, which understand each other. */
@Tag("kernel")
@Tag("once")
@Tag("keepalived")
@Tag("frr")
class LabFrrIT {
    private static final String ADDRESS = "10.99.0.66";
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void showsAFailoverBetweenFrrAndKeepalived() {
        try (Lan lan = Lan.open()) {
            Host frr = lan.host("frr");
            Host keepalived = lan.host("keepalived");
            Host client = lan.host("client");
            Client.serve(frr, List.of(ADDRESS));
            Client.serve(keepalived, List.of(ADDRESS));
            try (Capture capture = lan.capture("failover")) {
                Running vrrpd = new Frr(52, 3, 200, 100, ADDRESS, "").start(lan, frr);
                new Keepalived(52, 3, 100, "0.1", List.of(ADDRESS + "/32"), List.of()).start(lan, keepalived);
                Client asking = Client.ask(client, ADDRESS, Duration.ofMillis(1));
                // FRR adds the address before it advertises: long enough for some adverts.
                asking.awaitAnswerFrom(frr, System.nanoTime() + 500_000_000L, SOON);

                long killedAt = vrrpd.kill();
                asking.awaitAnswerFrom(keepalived, killedAt, SOON);

                assertThat(capture.stop().faulty()).isEmpty();
                assertThat(capture.adverts().stream()
                                .map(Capture.Advert::source)
                                .distinct())
                        .containsExactlyInAnyOrder(frr.ipv4(), keepalived.ipv4());
            }
        }
    }
}
