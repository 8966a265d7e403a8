package io.floatingip.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.HealthChecks;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.HealthState;
import io.floatingip.health.NamedCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** In a time of its own, each attempt noted with the second it began. */
class MonitoredCheckTest {
    private final Clockwork clockwork = new Clockwork();
    private final List<String> log = new ArrayList<>();

    @Test
    void runsEveryInterval() {
        start(scripted("check", "+++"), HealthPolicy.release().interval(Duration.ofSeconds(2)));
        clockwork.runTo(5);
        assertThat(log).containsExactly("0 check +", "0 HEALTHY", "2 check +", "4 check +");
    }

    @Test
    void triesAgainBeforeAFailureCounts() {
        start(
                scripted("check", "+--+---"),
                HealthPolicy.release().interval(Duration.ofSeconds(10)).retries(2, Duration.ofSeconds(1)));
        clockwork.runTo(25);
        assertThat(log)
                .containsExactly(
                        "0 check +",
                        "0 HEALTHY",
                        "10 check -",
                        "11 check -",
                        "12 check +",
                        "20 check -",
                        "21 check -",
                        "22 check -",
                        "22 UNHEALTHY check failed");
    }

    @Test
    void recoversBeforeAFailureCounts() {
        start(
                scripted("check", "+-+++"),
                HealthPolicy.release().recovery(scripted("restart", "+"), Duration.ofSeconds(30)));
        clockwork.runTo(3);
        assertThat(log)
                .containsExactly(
                        "0 check +", "0 HEALTHY", "1 check -", "1 restart +", "1 check +", "2 check +", "3 check +");
    }

    @Test
    void recoversOnceForEachOutage() {
        start(
                scripted("check", "+---+--"),
                HealthPolicy.release().recovery(scripted("restart", "--"), Duration.ofSeconds(30)));
        clockwork.runTo(5);
        assertThat(log)
                .containsExactly(
                        "0 check +",
                        "0 HEALTHY",
                        "1 check -",
                        "1 restart -",
                        "1 UNHEALTHY check failed; recovery failed: restart failed",
                        "2 check -",
                        "3 check -",
                        "4 check +",
                        "4 HEALTHY",
                        "5 check -",
                        "5 restart -",
                        "5 UNHEALTHY check failed; recovery failed: restart failed");
    }

    @Test
    void aRecoveryThatDoesNotHelpIsNotRepeated() {
        start(
                scripted("check", "+---"),
                HealthPolicy.release().recovery(scripted("restart", "+"), Duration.ofSeconds(30)));
        clockwork.runTo(2);
        assertThat(log)
                .containsExactly(
                        "0 check +",
                        "0 HEALTHY",
                        "1 check -",
                        "1 restart +",
                        "1 check -",
                        "1 UNHEALTHY check failed",
                        "2 check -");
    }

    @Test
    void recoveryWaitsForTheLastOfTheFailuresThatCount() {
        start(
                scripted("check", "+--+"),
                HealthPolicy.release().fall(2).recovery(scripted("restart", "+"), Duration.ofSeconds(30)));
        clockwork.runTo(2);
        assertThat(log).containsExactly("0 check +", "0 HEALTHY", "1 check -", "2 check -", "2 restart +", "2 check +");
    }

    @Test
    void reportsEveryNumber() {
        Queue<Integer> numbers = new ArrayDeque<>(List.of(0, 5, 5, -3));
        List<OptionalInt> seen = new ArrayList<>();
        MonitoredCheck[] check = new MonitoredCheck[1];
        check[0] = new MonitoredCheck(
                new NamedCheck("file", HealthChecks.number(numbers::remove), HealthPolicy.weight(2)),
                clockwork,
                () -> Instant.EPOCH,
                () -> seen.add(check[0].tracked().number()),
                true,
                null);
        check[0].start();
        clockwork.runTo(3);
        assertThat(seen).containsExactly(OptionalInt.of(0), OptionalInt.of(5), OptionalInt.of(-3));
    }

    @Test
    void aRecoveryBegunByARunThatEndedAtOnceIsCancelledAtTheEnd() {
        HealthCheck recovery = () -> true;
        List<HealthCheck> cancelled = new ArrayList<>();
        CheckExecutor hasty = new Clockwork() {
            @Override
            public Run run(HealthCheck check, long timeoutNanos, Consumer<Outcome> done) {
                if (check != recovery) {
                    done.accept(Outcome.failure("at once"));
                }
                return () -> cancelled.add(check);
            }
        };
        NamedCheck named =
                new NamedCheck("check", () -> false, HealthPolicy.release().recovery(recovery, Duration.ofSeconds(20)));
        MonitoredCheck check = new MonitoredCheck(named, hasty, () -> Instant.EPOCH, () -> {}, true, null);
        check.start();
        check.stop();
        assertThat(cancelled).containsExactly(recovery);
    }

    @Test
    void whatComesLaterReleasesNothingBeforeItKnows() {
        NamedCheck named = new NamedCheck("check", () -> true, HealthPolicy.release());
        assertThat(new MonitoredCheck(named, clockwork, () -> Instant.EPOCH, () -> {}, true, null)
                        .tracked()
                        .state())
                .isEqualTo(HealthState.PENDING);
        assertThat(new MonitoredCheck(named, clockwork, () -> Instant.EPOCH, () -> {}, false, null)
                        .tracked()
                        .state())
                .isEqualTo(HealthState.HEALTHY);
    }

    private void start(HealthCheck check, HealthPolicy policy) {
        MonitoredCheck[] monitored = new MonitoredCheck[1];
        monitored[0] = new MonitoredCheck(
                new NamedCheck("check", check, policy),
                clockwork,
                () -> Instant.EPOCH,
                () -> log.add(
                        (clockwork.seconds() + " " + monitored[0].tracked().state() + " "
                                        + monitored[0].tracked().detail())
                                .strip()),
                true,
                null);
        monitored[0].start();
    }

    /** A check whose results are given: '+' and '-'. */
    private HealthCheck scripted(String name, String results) {
        Queue<Character> left = new ArrayDeque<>();
        results.chars().forEach(c -> left.add((char) c));
        return () -> {
            char result = left.remove();
            log.add(clockwork.seconds() + " " + name + " " + result);
            if (result == '-') {
                throw new io.floatingip.health.UnhealthyException(name + " failed");
            }
            return true;
        };
    }

    /** An executor whose time passes when told to. */
    private static class Clockwork implements CheckExecutor {
        private final PriorityQueue<Task> tasks =
                new PriorityQueue<>(java.util.Comparator.comparingLong(Task::at).thenComparingLong(Task::number));
        private long now;
        private long made;

        private record Task(long at, long number, Runnable what) {}

        void runTo(long seconds) {
            while (!tasks.isEmpty() && tasks.peek().at() <= seconds * 1_000_000_000L) {
                Task next = tasks.remove();
                now = next.at();
                next.what().run();
            }
        }

        long seconds() {
            return now / 1_000_000_000L;
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void post(Runnable task) {
            after(0, task);
        }

        @Override
        public void after(long nanos, Runnable task) {
            tasks.add(new Task(now + nanos, made++, task));
        }

        @Override
        public double spread() {
            return 0;
        }

        @Override
        public Run run(HealthCheck check, long timeoutNanos, Consumer<Outcome> done) {
            post(() -> done.accept(CheckExecutor.call(check)));
            return () -> {};
        }

        @Override
        public void give() {}
    }
}
