package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Answer;
import io.floatingip.lab.Client;
import io.floatingip.lab.Host;
import io.floatingip.lab.Keepalived;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Node;
import io.floatingip.lab.Running;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The master leaves on SIGTERM and comes back with its higher priority, again and again, while a client asks every millisecond; intervals are
 * one second. What keepalived loses against itself is printed for comparison.
 */
@Tag("kernel")
@Tag("keepalived")
class HandoverIT {
    private static final String ADDRESS = "10.99.0.66";
    private static final int HIGH = 200;
    private static final int LOW = 100;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int ENOUGH = 20_000;

    /** Who a router is. */
    enum Router {
        OURS,
        KEEPALIVED
    }

    @ParameterizedTest
    @CsvSource({"OURS,OURS,3", "OURS,KEEPALIVED,3", "OURS,KEEPALIVED,2", "KEEPALIVED,KEEPALIVED,3"})
    void losesNothingBetween(Router higher, Router lower, int version) {
        long asked = 0;
        long lostLeaving = 0;
        long lostReturning = 0;
        int moves = 0;
        try (Lan lan = Lan.open()) {
            Host a = lan.host("a");
            Host b = lan.host("b");
            Host clientHost = lan.host("client");
            Client.serve(a, List.of(ADDRESS));
            Client.serve(b, List.of(ADDRESS));
            Running master = start(higher, lan, a, HIGH, version);
            start(lower, lan, b, LOW, version);
            while (asked < ENOUGH) {
                try (Client client = Client.ask(clientHost, ADDRESS, Duration.ofMillis(1))) {
                    long since = warm(client, a);
                    long leftAt = master.terminate();
                    client.awaitAnswerFrom(b, leftAt, SOON);
                    master.awaitExit(SOON);
                    settle(client, b);
                    asked += client.questions(since).asked();
                    lostLeaving += lost(client, since, leftAt, "departure");
                }
                try (Client client = Client.ask(clientHost, ADDRESS, Duration.ofMillis(1))) {
                    long since = warm(client, b);
                    long returnedAt = System.nanoTime();
                    master = start(higher, lan, a, HIGH, version);
                    client.awaitAnswerFrom(a, returnedAt, SOON);
                    b.awaitHolds(ADDRESS, false, SOON);
                    settle(client, a);
                    asked += client.questions(since).asked();
                    lostReturning += lost(client, since, returnedAt, "return");
                }
                moves++;
            }
            System.out.println(higher + " to " + lower + ", version " + version + ": of " + asked + " questions "
                    + lostLeaving + " lost in " + moves + " departures (SIGTERM), " + lostReturning + " in " + moves
                    + " returns");
            if (higher == Router.OURS) {
                assertThat(lostLeaving).as(lan.tails()).isZero();
            }
            if (higher == Router.OURS && lower == Router.OURS) {
                assertThat(lostReturning).as(lan.tails()).isZero();
            }
        }
    }

    /** The holder may have come this moment, and the client too; counting begins when this returns. */
    private static long warm(Client client, Host holder) {
        return client.awaitAnswerFrom(holder, System.nanoTime() + 500_000_000L, SOON)
                .sentNanos();
    }

    /** How many questions were lost, and where, for people. */
    private static long lost(Client client, long warmNanos, long sinceNanos, String move) {
        Answer before = null;
        for (Answer answer : client.answers(Client.ORDINARY)) {
            if (before != null && answer.number() > before.number() + 1) {
                System.out.println(move + ": " + (answer.number() - before.number() - 1) + " without an answer, "
                        + (answer.sentNanos() - sinceNanos) / 1_000_000 + " ms after it began, between answers from "
                        + before.node() + " and " + answer.node());
            }
            before = answer;
        }
        return client.questions(warmNanos).lost();
    }

    /** Another second and a half after the move: what the neighbours are told late counts, too. */
    private static void settle(Client client, Host holder) {
        long since = System.nanoTime();
        client.awaitAnswerFrom(holder, since + 1_500_000_000L, SOON);
    }

    private static Running start(Router router, Lan lan, Host host, int priority, int version) {
        return switch (router) {
            case OURS ->
                Node.join(
                                host,
                                "--vrid",
                                "52",
                                "--priority",
                                Integer.toString(priority),
                                "--address",
                                ADDRESS + "/32",
                                "--version",
                                Integer.toString(version))
                        .process();
            case KEEPALIVED ->
                new Keepalived(52, version, priority, "1", List.of(ADDRESS + "/32"), List.of()).start(lan, host);
        };
    }
}
