package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Host;
import io.floatingip.lab.Keepalived;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Node;
import io.floatingip.lab.Running;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The master of three leaves on SIGTERM and comes back with its higher priority, again and again, while a client asks every millisecond;
 * intervals are one second. What keepalived loses against itself is printed for comparison.
 */
@Tag("kernel")
@Tag("once")
@Tag("keepalived")
class HandoverIT {
    private static final String ADDRESS = "10.99.0.66";
    private static final int HIGH = 200;
    private static final int LOW = 100;
    private static final int LOWEST = 50;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MOVES = Boolean.getBoolean("floatingip.long") ? 5 : 2;
    private static final int PINGS = 6_000;

    /** Who a router is. */
    enum Router {
        OURS,
        KEEPALIVED
    }

    @ParameterizedTest
    @CsvSource({"OURS,OURS,3", "OURS,KEEPALIVED,3", "OURS,KEEPALIVED,2", "KEEPALIVED,KEEPALIVED,3"})
    void losesNothingBetween(Router higher, Router lower, int version) {
        int asked = 0;
        long lostLeaving = 0;
        long lostReturning = 0;
        try (Lan lan = Lan.open()) {
            Host a = lan.host("a");
            Host b = lan.host("b");
            Host clientHost = lan.host("client");
            Running master = start(higher, lan, a, HIGH, version);
            start(lower, lan, b, LOW, version);
            start(lower, lan, lan.host("c"), LOWEST, version);
            a.awaitHolds(ADDRESS, true, SOON);
            settle();
            for (int move = 0; move < MOVES; move++) {
                Pings leaving = Pings.start(clientHost, ADDRESS, PINGS);
                long leftAt = master.terminate();
                master.awaitExit(SOON);
                b.awaitHolds(ADDRESS, true, SOON);
                lostLeaving += leaving.lost();
                settle();
                Pings returning = Pings.start(clientHost, ADDRESS, PINGS);
                master = start(higher, lan, a, HIGH, version);
                a.awaitHolds(ADDRESS, true, SOON);
                b.awaitHolds(ADDRESS, false, SOON);
                lostReturning += returning.lost();
                settle();
                asked += PINGS;
                assertThat(leftAt).isNotZero();
            }
            System.out.println(higher + " to " + lower + ", version " + version + ": of " + asked
                    + " questions each way "
                    + lostLeaving + " lost in " + MOVES + " departures (SIGTERM), " + lostReturning + " in " + MOVES
                    + " returns");
            if (higher == Router.OURS) {
                assertThat(lostLeaving).as(lan.tails()).isZero();
            }
            if (higher == Router.OURS && lower == Router.OURS) {
                assertThat(lostReturning).as(lan.tails()).isZero();
            }
        }
    }

    /** What the neighbours are told a second after a move belongs to it. */
    private static void settle() {
        LockSupport.parkNanos(1_500_000_000L);
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
