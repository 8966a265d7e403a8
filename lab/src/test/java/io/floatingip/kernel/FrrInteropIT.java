package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Capture;
import io.floatingip.lab.Client;
import io.floatingip.lab.Frr;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Node;
import io.floatingip.lab.Running;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One node is ours, the other FRR's vrrpd; VRRPv3 every 100 ms. */
@Tag("kernel")
@Tag("frr")
class FrrInteropIT {
    private static final String IPV4 = "10.99.0.66";
    private static final String IPV6 = "fd99::66";
    private static final Duration SOON = Duration.ofSeconds(20);

    private Lan lan;
    private Host ours;
    private Host theirs;
    private Host clientHost;

    @BeforeEach
    void buildTheLan() {
        lan = Lan.open();
        ours = lan.host("ours");
        theirs = lan.host("theirs");
        clientHost = lan.host("client");
    }

    @AfterEach
    void takeItDown() {
        lan.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {IPV4, IPV6})
    void isMasterAboveFrr(String address) {
        try (Capture capture = lan.capture("master");
                Client client = ask(address)) {
            Node node = join(address, 200);
            frr(address, 100);
            client.awaitAnswerFrom(ours, System.nanoTime(), SOON);

            long leftAt = node.process().terminate();
            client.awaitAnswerFrom(theirs, leftAt, SOON);
            assertThat(node.process().awaitExit(SOON)).isZero();

            long returnedAt = System.nanoTime();
            join(address, 200);
            client.awaitAnswerFrom(ours, returnedAt, SOON);

            assertThat(capture.stop().faulty()).isEmpty();
            assertBothSpoke(capture);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {IPV4, IPV6})
    void isBackupBelowFrr(String address) {
        try (Capture capture = lan.capture("backup");
                Client client = ask(address)) {
            Running vrrpd = frr(address, 200);
            join(address, 100).awaitRole("BACKUP", SOON);
            client.awaitAnswerFrom(theirs, System.nanoTime(), SOON);
            ours.awaitHolds(address, false, SOON);

            long cutAt = lan.cut(theirs);
            client.awaitAnswerFrom(ours, cutAt, SOON);
            long healedAt = lan.heal(theirs);
            client.awaitAnswerFrom(theirs, healedAt, SOON);
            ours.awaitHolds(address, false, SOON);

            long leftAt = vrrpd.terminate();
            client.awaitAnswerFrom(ours, leftAt, SOON);

            assertThat(capture.stop().faulty()).isEmpty();
            assertBothSpoke(capture);
        }
    }

    private void assertBothSpoke(Capture capture) {
        assertThat(capture.adverts().stream().map(Capture.Advert::source).distinct())
                .as("senders of adverts")
                .hasSize(2);
    }

    private Client ask(String address) {
        Client.serve(ours, List.of(address));
        Client.serve(theirs, List.of(address));
        return Client.ask(clientHost, address, Duration.ofMillis(1));
    }

    private Node join(String address, int priority) {
        return Node.join(
                ours,
                "--vrid",
                "52",
                "--priority",
                Integer.toString(priority),
                "--address",
                address,
                "--interval",
                "100ms");
    }

    private Running frr(String address, int priority) {
        boolean ipv6 = address.contains(":");
        return new Frr(52, 3, priority, 100, ipv6 ? "" : address, ipv6 ? address : "").start(lan, theirs);
    }
}
