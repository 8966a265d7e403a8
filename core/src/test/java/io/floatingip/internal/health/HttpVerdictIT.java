package io.floatingip.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.HealthChecks;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with a server, the right verdict is there within the timeout and 50 ms. */
@Tag("timing")
@Timeout(300)
class HttpVerdictIT {
    private static final Duration TIMEOUT = Duration.ofMillis(1000);
    private static final Duration MARGIN = Duration.ofMillis(50);
    private static final int RUNS = 5;
    /** Allowed on top: what a thread that only waits was late by meanwhile, but no more than this. */
    private static final Duration LATE_MAX = Duration.ofMillis(100);

    @TempDir
    Path directory;

    private record Case(HealthCheck check, String detail) {}

    @Test
    void whateverIsWrongTheVerdictIsRightAndInTime() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        try (Engine engine = new Engine();
                WebServers servers = new WebServers();
                BlackHole hole = new BlackHole()) {
            cases(servers, closed, hole.port()).forEach((name, one) -> {
                for (int i = 0; i < RUNS; i++) {
                    assertInTime(engine, name, one);
                }
            });
        }
    }

    private Map<String, Case> cases(WebServers servers, int closed, int hole) throws Exception {
        Certificates certificates = new Certificates(directory);
        Certificates.Identity good = certificates.selfSigned("good", "dns:localhost");
        Certificates.Identity expired =
                certificates.selfSigned("expired", "dns:localhost", "-startdate", "-10d", "-validity", "5");
        Certificates.Identity wrongName = certificates.selfSigned("wrong", "dns:elsewhere.test");
        Path trusted = good.certificatePem();
        Map<String, Case> cases = new LinkedHashMap<>();
        cases.put(
                "self-signed",
                new Case(
                        HealthChecks.http(servers.https(good.server(), WebServers::ok)),
                        "unable to find valid certification path"));
        cases.put(
                "expired",
                new Case(
                        HealthChecks.http(servers.https(expired.server(), WebServers::ok))
                                .trust(expired.certificatePem()),
                        "NotAfter"));
        cases.put(
                "wrong name",
                new Case(
                        HealthChecks.http(servers.https(wrongName.server(), WebServers::ok))
                                .trust(wrongName.certificatePem()),
                        "No subject alternative DNS name"));
        cases.put(
                "slow body",
                new Case(
                        HealthChecks.http(servers.https(good.server(), servers::slowBody))
                                .trust(trusted)
                                .bodyMatches("y"),
                        "no result within 1.0 s"));
        cases.put(
                "endless body",
                new Case(
                        HealthChecks.http(servers.https(good.server(), servers::endlessBody))
                                .trust(trusted)
                                .bodyMatches("y")
                                .bodyMax(100_000),
                        "the body is longer than 100000 bytes"));
        cases.put(
                "redirect",
                new Case(
                        HealthChecks.http(servers.https(good.server(), WebServers::redirect))
                                .trust(trusted),
                        "status 302 (to /elsewhere), wanted 200 to 299"));
        cases.put(
                "closed port", new Case(HealthChecks.http("https://localhost:" + closed + "/"), "Connection refused"));
        cases.put(
                "black hole", new Case(HealthChecks.http("https://localhost:" + hole + "/"), "no result within 1.0 s"));
        return cases;
    }

    private static void assertInTime(Engine engine, String name, Case one) {
        try (Waiter waiter = new Waiter()) {
            Engine.Verdict verdict = engine.run(one.check(), TIMEOUT);
            Duration late = waiter.latest().compareTo(LATE_MAX) < 0 ? waiter.latest() : LATE_MAX;
            System.out.println(name + ": " + verdict.outcome().detail() + " after " + verdict.after()
                    + ", the machine late by " + waiter.latest());
            assertThat(verdict.outcome().success()).as(name).isFalse();
            assertThat(verdict.outcome().detail()).as(name).contains(one.detail());
            assertThat(verdict.after())
                    .as(name)
                    .isLessThanOrEqualTo(TIMEOUT.plus(MARGIN).plus(late));
        } catch (Exception e) {
            throw new AssertionError(name, e);
        }
    }

    /** A thread that waits for a millisecond again and again, and notes how late it was at the most. */
    private static final class Waiter implements AutoCloseable {
        private volatile long latestNanos;
        private final Thread thread = new Thread(this::run, "waiter");

        Waiter() {
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            while (!Thread.currentThread().isInterrupted()) {
                long due = System.nanoTime() + 1_000_000;
                LockSupport.parkNanos(1_000_000);
                latestNanos = Math.max(latestNanos, System.nanoTime() - due);
            }
        }

        Duration latest() {
            return Duration.ofNanos(latestNanos);
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }
}
