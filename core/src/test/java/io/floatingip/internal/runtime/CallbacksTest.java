package io.floatingip.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CallbacksTest {
    private final Counters counters = new Counters();
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private final Deque<Runnable> submitted = new ArrayDeque<>();
    private final ch.qos.logback.classic.Logger log =
            (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("io.floatingip");

    @BeforeEach
    void failuresAreLoggedButNotHere() {
        log.setAdditive(false);
    }

    @AfterEach
    void logAgain() {
        log.setAdditive(true);
    }

    private Callbacks callbacks(RoleListener... listeners) {
        return new Callbacks("web", submitted::add, submitted::add, counters, List.of(listeners));
    }

    private void runSubmitted() {
        while (!submitted.isEmpty()) {
            submitted.remove().run();
        }
    }

    private static RoleChange change(long epoch) {
        return new RoleChange(
                "web", Role.BACKUP, Role.MASTER, Reason.MASTER_SILENT, "because", 100, epoch, Instant.EPOCH);
    }

    private RoleListener named(String name) {
        return RoleListener.onAnyChange(c -> calls.add(name + " " + c.epoch()));
    }

    @Test
    void everyListenerIsToldEverythingInOrder() {
        Callbacks callbacks = callbacks(named("a"), named("b"));
        for (int i = 1; i <= 3; i++) {
            callbacks.deliver(change(i));
        }
        assertThat(calls).isEmpty();
        runSubmitted();
        assertThat(calls).containsExactly("a 1", "b 1", "a 2", "b 2", "a 3", "b 3");
    }

    @Test
    void oneCallAtATimeOnAnExecutorOfManyThreads() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Long> epochs = new ArrayList<>(); // not thread-safe: that is the claim
            Callbacks callbacks = new Callbacks(
                    "web",
                    pool,
                    submitted::add,
                    counters,
                    List.of(RoleListener.onAnyChange(c -> epochs.add(c.epoch()))));
            CountDownLatch done = new CountDownLatch(1);
            for (int i = 0; i < 10_000; i++) {
                callbacks.deliver(change(i));
            }
            callbacks.afterwards(done::countDown);
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(epochs).hasSize(10_000).isSorted();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aBlockedListenerBlocksNobodyWhoDelivers() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            CountDownLatch entered = new CountDownLatch(1);
            CountDownLatch released = new CountDownLatch(1);
            Callbacks callbacks =
                    new Callbacks("web", one, submitted::add, counters, List.of(RoleListener.onAnyChange(c -> {
                        entered.countDown();
                        await(released);
                        calls.add("blocked " + c.epoch());
                    })));
            callbacks.deliver(change(1));
            await(entered);
            callbacks.deliver(change(2));
            callbacks.deliverPause(Duration.ofSeconds(1));
            callbacks.add(named("late"), change(2)).run();
            CountDownLatch done = new CountDownLatch(1);
            callbacks.drain(Duration.ZERO, done::countDown);
            assertThat(calls).isEmpty();
            released.countDown();
            await(done);
            assertThat(calls).containsExactly("blocked 1", "blocked 2");
        } finally {
            one.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatAListenerThrowsIsCountedAndHurtsNobody() {
        Callbacks callbacks = callbacks(
                RoleListener.onAnyChange(c -> {
                    throw new IllegalStateException("mine");
                }),
                RoleListener.onAnyChange(c -> {
                    throw new StackOverflowError();
                }),
                named("good"));
        callbacks.deliver(change(1));
        callbacks.deliver(change(2));
        runSubmitted();
        assertThat(calls).containsExactly("good 1", "good 2");
        assertThat(counters.of(Counter.LISTENER_FAILURES)).isEqualTo(4);
    }

    @Test
    void anExceptionThatCannotEvenBePrintedHurtsNobody() {
        Callbacks callbacks = callbacks(
                RoleListener.onAnyChange(c -> {
                    throw new Unprintable();
                }),
                named("good"));
        callbacks.deliver(change(1));
        callbacks.deliver(change(2));
        runSubmitted();
        assertThat(calls).containsExactly("good 1", "good 2");
        assertThat(counters.of(Counter.LISTENER_FAILURES)).isEqualTo(2);
    }

    @SuppressWarnings("serial")
    private static final class Unprintable extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }

    @Test
    void aLateListenerIsToldThePresentRoleFirstAndNothingEarlierOrTwice() {
        Callbacks callbacks = callbacks();
        callbacks.deliver(change(1));
        List<RoleChange> told = new ArrayList<>();
        callbacks.add(RoleListener.onAnyChange(told::add), change(1));
        callbacks.deliver(change(2));
        runSubmitted();
        RoleChange introduction =
                new RoleChange("web", Role.MASTER, Role.MASTER, Reason.MASTER_SILENT, "because", 100, 1, Instant.EPOCH);
        assertThat(told).containsExactly(introduction, change(2));
    }

    @Test
    void aLateListenerIsToldNothingBeforeThereIsARole() {
        Callbacks callbacks = callbacks();
        callbacks.add(named("late"), null);
        callbacks.deliver(change(1));
        runSubmitted();
        assertThat(calls).containsExactly("late 1");
    }

    @Test
    void noCallBeginsAfterAListenerIsRemovedEvenOfWhatWaits() {
        Callbacks callbacks = callbacks(named("stays"));
        Runnable remove = callbacks.add(named("goes"), change(1));
        callbacks.deliver(change(2));
        callbacks.drain(Duration.ZERO, () -> calls.add("drained"));
        remove.run();
        callbacks.deliver(change(3));
        runSubmitted();
        assertThat(calls).containsExactly("stays 2", "drained", "stays 3");
    }

    @Test
    void endingARegistrationTwiceLeavesAnotherOfTheSameListener() {
        RoleListener listener = named("same");
        Callbacks callbacks = callbacks(listener);
        Runnable remove = callbacks.add(listener, null);
        remove.run();
        remove.run();
        callbacks.deliver(change(1));
        runSubmitted();
        assertThat(calls).containsExactly("same 1");
    }

    @Test
    void aListenerMayAddListeners() {
        Callbacks[] callbacks = new Callbacks[1];
        callbacks[0] = callbacks(RoleListener.onAnyChange(c -> {
            calls.add("first " + c.epoch());
            if (c.epoch() == 1) {
                callbacks[0].add(named("second"), c);
            }
        }));
        callbacks[0].deliver(change(1));
        runSubmitted();
        callbacks[0].deliver(change(2));
        runSubmitted();
        assertThat(calls).containsExactly("first 1", "second 1", "first 2", "second 2");
    }

    @Test
    void aListenerMayAskForADrainAndForMoreChanges() {
        Callbacks[] callbacks = new Callbacks[1];
        callbacks[0] = callbacks(new RoleListener() {
            @Override
            public void onMaster(RoleChange change) {
                calls.add("master " + change.epoch());
                if (change.epoch() == 1) {
                    callbacks[0].drain(Duration.ofSeconds(9), () -> calls.add("done"));
                    callbacks[0].deliver(change(2));
                    calls.add("asked");
                }
            }

            @Override
            public void onDrain(Duration time) {
                calls.add("drain " + time.toSeconds());
            }
        });
        callbacks[0].deliver(change(1));
        runSubmitted();
        assertThat(calls).containsExactly("master 1", "asked", "drain 9", "done", "master 2");
    }

    @Test
    void whoeverDeliversIsNotTheOneThatCallsWhateverTheExecutorDoes() {
        Callbacks[] callbacks = new Callbacks[1];
        callbacks[0] =
                new Callbacks("web", Runnable::run, submitted::add, counters, List.of(RoleListener.onAnyChange(c -> {
                    calls.add("begin " + c.epoch());
                    if (c.epoch() < 3) {
                        callbacks[0].deliver(change(c.epoch() + 1));
                    }
                    calls.add("end " + c.epoch());
                })));
        callbacks[0].deliver(change(1));
        callbacks[0].add(named("late"), change(1));
        assertThat(calls).isEmpty();
        runSubmitted();
        assertThat(calls)
                .containsExactly(
                        "begin 1", "end 1", "late 1", "begin 2", "end 2", "late 2", "begin 3", "end 3", "late 3");
    }

    @Test
    void drainingWaitsForAllListenersAndForWhatFailed() {
        Callbacks callbacks = callbacks(
                new RoleListener() {
                    @Override
                    public void onDrain(Duration time) {
                        throw new IllegalStateException("mine");
                    }
                },
                RoleListener.onMaster(c -> {}).onDrain(d -> calls.add("drained " + d.toSeconds())));
        callbacks.drain(Duration.ofSeconds(3), () -> calls.add("done"));
        runSubmitted();
        assertThat(calls).containsExactly("drained 3", "done");
    }

    @Test
    void whatAnExecutorRefusesIsDeliveredWithTheNextAttempt() {
        boolean[] refuses = {true};
        Callbacks callbacks = new Callbacks(
                "web",
                task -> {
                    if (refuses[0]) {
                        throw new RejectedExecutionException("shut down");
                    }
                    submitted.add(task);
                },
                submitted::add,
                counters,
                List.of(named("a")));
        callbacks.deliver(change(1));
        callbacks.deliver(change(2));
        refuses[0] = false;
        callbacks.deliver(change(3));
        runSubmitted();
        assertThat(calls).containsExactly("a 1", "a 2", "a 3");
    }

    @Test
    void aMachineOutOfThreadsIsNoReasonToStop() {
        boolean[] out = {true};
        Callbacks callbacks = new Callbacks(
                "web",
                task -> {
                    if (out[0]) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    submitted.add(task);
                },
                submitted::add,
                counters,
                List.of(named("a")));
        callbacks.deliver(change(1));
        out[0] = false;
        callbacks.deliver(change(2));
        runSubmitted();
        assertThat(calls).containsExactly("a 1", "a 2");
    }

    @Test
    void pausesAreToldInTheirPlace() {
        Callbacks callbacks = callbacks(new RoleListener() {
            @Override
            public void onMaster(RoleChange change) {
                calls.add("master " + change.epoch());
            }

            @Override
            public void onPause(Duration length) {
                calls.add("pause " + length.toMillis());
            }
        });
        callbacks.deliver(change(1));
        callbacks.deliverPause(Duration.ofMillis(70));
        callbacks.deliver(change(2));
        runSubmitted();
        assertThat(calls).containsExactly("master 1", "pause 70", "master 2");
    }
}
