package io.floatingip.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.HealthChecks;
import io.floatingip.health.UnhealthyException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HealthEngineTest {
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    private final Engine engine = new Engine();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void aLambdaAnswersOrThrows() throws Exception {
        assertThat(engine.run(() -> true, TIMEOUT).outcome()).isEqualTo(Outcome.success(""));
        assertThat(engine.run(() -> false, TIMEOUT).outcome()).isEqualTo(Outcome.failure(""));
        assertThat(engine.run(
                                () -> {
                                    throw new UnhealthyException("replica 30 s behind");
                                },
                                TIMEOUT)
                        .outcome())
                .isEqualTo(Outcome.failure("replica 30 s behind"));
        assertThat(engine.run(
                                () -> {
                                    throw new StackOverflowError();
                                },
                                TIMEOUT)
                        .outcome())
                .isEqualTo(Outcome.failure("java.lang.StackOverflowError"));
    }

    @Test
    void aHungCheckHasFailedAtItsTimeoutAndIsNotBegunAgain() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        HealthCheck hung = () -> {
            begun.incrementAndGet();
            return uninterruptibly(end);
        };

        Engine.Verdict first = engine.run(hung, TIMEOUT);
        Engine.Verdict second = engine.run(hung, TIMEOUT);
        end.countDown();

        assertThat(first.outcome()).isEqualTo(Outcome.failure("no result within 300.0 ms"));
        assertThat(first.after()).isGreaterThanOrEqualTo(TIMEOUT);
        assertThat(second.outcome()).isEqualTo(Outcome.failure("still busy with an earlier run"));
        assertThat(begun).hasValue(1);
    }

    @Test
    void hungChecksDoNotKeepOthersFromRunning() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        List<CompletableFuture<Engine.Verdict>> hung = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            hung.add(engine.begin(() -> uninterruptibly(end), TIMEOUT));
        }

        Engine.Verdict good = engine.run(() -> true, TIMEOUT);
        for (CompletableFuture<Engine.Verdict> each : hung) {
            assertThat(each.get(10, TimeUnit.SECONDS).outcome().success()).isFalse();
        }
        end.countDown();

        assertThat(good.outcome()).isEqualTo(Outcome.success(""));
    }

    @Test
    void aCheckThatHeedsTheInterruptFreesItsThread() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        HealthCheck patient = () -> {
            try {
                return new CountDownLatch(1).await(1, TimeUnit.HOURS);
            } finally {
                ended.countDown();
            }
        };
        assertThat(engine.run(patient, TIMEOUT).outcome().success()).isFalse();
        assertThat(ended.await(1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aCheckThatCannotEvenBeginHasFailed() throws Exception {
        AsyncCheck broken = (engine, done) -> {
            throw new IllegalArgumentException("the certificates cannot be used");
        };
        assertThat(engine.run(broken, Duration.ofSeconds(20)).outcome())
                .isEqualTo(Outcome.failure("java.lang.IllegalArgumentException: the certificates cannot be used"));
    }

    @Test
    void errorsEndNeitherTheEngineNorItsWorkers() throws Exception {
        engine.engine.post(() -> {
            throw new StackOverflowError();
        });
        for (int i = 0; i < 20; i++) {
            engine.engine.offload(
                    () -> {
                        throw new OutOfMemoryError("as if");
                    },
                    () -> {});
        }
        assertThat(engine.run(() -> true, Duration.ofSeconds(20)).outcome()).isEqualTo(Outcome.success(""));
    }

    @Test
    void whatOnlyLooksLikeAnAddressIsLookedUpElsewhere() throws Exception {
        for (String host : List.of("999.1.1.1", "127.0.0.1:80", ".::1")) {
            assertThat(engine.run(HealthChecks.tcp(host, 1), Duration.ofSeconds(20))
                            .outcome())
                    .isEqualTo(Outcome.failure("unknown host " + host));
        }
    }

    @Test
    void tcpTellsOpenFromClosed() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            assertThat(engine.run(HealthChecks.tcp("127.0.0.1", port), TIMEOUT).outcome())
                    .isEqualTo(Outcome.success(""));
            assertThat(engine.run(HealthChecks.tcp("localhost", port), TIMEOUT).outcome())
                    .isEqualTo(Outcome.success(""));
        }
        Engine.Verdict closed = engine.run(HealthChecks.tcp("127.0.0.1", port), TIMEOUT);
        assertThat(closed.outcome()).isEqualTo(Outcome.failure("127.0.0.1:" + port + ": Connection refused"));
    }

    @Test
    void aBlackHoleIsAFailureAtTheTimeout() throws Exception {
        try (BlackHole hole = new BlackHole()) {
            Engine.Verdict verdict = engine.run(HealthChecks.tcp("127.0.0.1", hole.port()), TIMEOUT);
            assertThat(verdict.outcome().success()).isFalse();
            assertThat(verdict.after()).isGreaterThanOrEqualTo(TIMEOUT);
        }
    }

    @Test
    void allFailsWithTheFirstThatFails() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HealthCheck good = () -> asked.incrementAndGet() > 0;
        HealthCheck bad = () -> {
            throw new UnhealthyException("the second");
        };
        assertThat(engine.run(HealthChecks.all(good, bad, good), TIMEOUT).outcome())
                .isEqualTo(Outcome.failure("the second"));
        assertThat(asked).hasValue(1);
        assertThat(engine.run(HealthChecks.all(good, good), TIMEOUT).outcome()).isEqualTo(Outcome.success(""));
    }

    @Test
    void builtInChecksAnswerLambdasToo() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            HealthCheck both =
                    () -> HealthChecks.tcp("127.0.0.1", server.getLocalPort()).check()
                            && HealthChecks.that(() -> true).check();
            assertThat(engine.run(both, TIMEOUT).outcome()).isEqualTo(Outcome.success(""));
        }
    }

    @Test
    void aThousandTcpChecksNeedNoThreadEach() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress())) {
            Thread acceptor = new Thread(() -> {
                try {
                    while (true) {
                        server.accept().close();
                    }
                } catch (java.io.IOException e) {
                    // closed: the test is over
                }
            });
            acceptor.setDaemon(true);
            acceptor.start();
            HealthCheck check = HealthChecks.tcp("127.0.0.1", server.getLocalPort());
            engine.run(check, TIMEOUT);
            long before = Engine.threads();
            List<CompletableFuture<Engine.Verdict>> verdicts = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                verdicts.add(engine.begin(check, Duration.ofSeconds(5)));
            }
            for (CompletableFuture<Engine.Verdict> each : verdicts) {
                assertThat(each.get(10, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.success(""));
            }
            // Those of earlier tests may end meanwhile.
            assertThat(Engine.threads()).isLessThanOrEqualTo(before);
        }
    }

    private static boolean uninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                return latch.await(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                // that is the point
            }
        }
    }
}
