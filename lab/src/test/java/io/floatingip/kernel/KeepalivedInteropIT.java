package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Capture;
import io.floatingip.lab.Client;
import io.floatingip.lab.Host;
import io.floatingip.lab.Keepalived;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Node;
import io.floatingip.lab.Running;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One node is ours, the other keepalived; either is master, and either leaves, returns, and is cut off. */
@Tag("kernel")
@Tag("keepalived")
class KeepalivedInteropIT {
    private static final int HIGH = 200;
    private static final int LOW = 100;
    private static final Duration SOON = Duration.ofSeconds(20);

    /** What the two speak. */
    enum Dialect {
        V2("2", "1s", "1", "10.99.0.66", "/32"),
        V3_IPV4("3", "100ms", "0.1", "10.99.0.66", "/32"),
        V3_IPV6("3", "100ms", "0.1", "fd99::66", "/128");

        private final String version;
        private final String interval;
        private final String keepalivedInterval;
        private final String address;
        private final String prefix;

        Dialect(String version, String interval, String keepalivedInterval, String address, String prefix) {
            this.version = version;
            this.interval = interval;
            this.keepalivedInterval = keepalivedInterval;
            this.address = address;
            this.prefix = prefix;
        }
    }

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
    @EnumSource
    void isMasterAboveKeepalived(Dialect dialect) {
        try (Capture capture = lan.capture("master");
                Client client = ask(dialect)) {
            Node node = join(dialect, HIGH);
            keepalived(dialect, LOW);
            assertHeld(client, dialect, ours, theirs, System.nanoTime());

            long leftAt = node.process().terminate();
            assertThat(node.process().awaitExit(SOON)).isZero();
            assertHeld(client, dialect, theirs, ours, leftAt);

            long returnedAt = System.nanoTime();
            join(dialect, HIGH);
            assertHeld(client, dialect, ours, theirs, returnedAt);

            long cutAt = lan.cut(ours);
            client.awaitAnswerFrom(theirs, cutAt, SOON);
            long healedAt = lan.heal(ours);
            assertHeld(client, dialect, ours, theirs, healedAt);

            assertThat(capture.stop().faulty()).isEmpty();
            assertBothSpoke(capture);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isBackupBelowKeepalived(Dialect dialect) {
        try (Capture capture = lan.capture("backup");
                Client client = ask(dialect)) {
            Running keepalived = keepalived(dialect, HIGH);
            join(dialect, LOW).awaitRole("BACKUP", SOON);
            assertHeld(client, dialect, theirs, ours, System.nanoTime());

            long leftAt = keepalived.terminate();
            assertThat(keepalived.awaitExit(SOON)).isZero();
            assertHeld(client, dialect, ours, theirs, leftAt);

            long returnedAt = System.nanoTime();
            keepalived(dialect, HIGH);
            assertHeld(client, dialect, theirs, ours, returnedAt);

            long cutAt = lan.cut(theirs);
            client.awaitAnswerFrom(ours, cutAt, SOON);
            long healedAt = lan.heal(theirs);
            assertHeld(client, dialect, theirs, ours, healedAt);

            assertThat(capture.stop().faulty()).isEmpty();
            assertBothSpoke(capture);
        }
    }

    private void assertHeld(Client client, Dialect dialect, Host holder, Host other, long sinceNanos) {
        client.awaitAnswerFrom(holder, sinceNanos, SOON);
        holder.awaitHolds(dialect.address, true, SOON);
        other.awaitHolds(dialect.address, false, SOON);
    }

    private void assertBothSpoke(Capture capture) {
        assertThat(capture.adverts().stream().map(Capture.Advert::source).distinct())
                .as("senders of adverts")
                .hasSize(2);
    }

    private Client ask(Dialect dialect) {
        Client.serve(ours, List.of(dialect.address));
        Client.serve(theirs, List.of(dialect.address));
        return Client.ask(clientHost, dialect.address, Duration.ofMillis(1));
    }

    private Node join(Dialect dialect, int priority) {
        return Node.join(
                ours,
                "--vrid",
                "52",
                "--version",
                dialect.version,
                "--priority",
                Integer.toString(priority),
                "--address",
                dialect.address + dialect.prefix,
                "--interval",
                dialect.interval);
    }

    private Running keepalived(Dialect dialect, int priority) {
        return new Keepalived(
                        52,
                        Integer.parseInt(dialect.version),
                        priority,
                        dialect.keepalivedInterval,
                        List.of(dialect.address + dialect.prefix),
                        List.of())
                .start(lan, theirs);
    }
}
