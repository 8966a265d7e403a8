package io.floatingip.internal.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.floatingip.health.HealthCheck;
import io.floatingip.health.HealthChecks;
import io.floatingip.health.HttpHealthCheck;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against the JDK's own server, in the clear and with certificates of every kind. */
@Timeout(60)
class HttpCheckTest {
    private static final Duration TIMEOUT = Duration.ofMillis(1000);

    @TempDir
    static Path directory;

    private static Certificates.Identity good;
    private static Certificates.Identity expired;
    private static Certificates.Identity wrongName;
    private static Certificates.Identity client;

    private final Engine engine = new Engine();
    private final WebServers servers = new WebServers();
    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeAll
    static void makeCertificates() throws Exception {
        Certificates certificates = new Certificates(directory);
        good = certificates.selfSigned("good", "dns:localhost,dns:www.example.test");
        expired = certificates.selfSigned("expired", "dns:localhost", "-startdate", "-10d", "-validity", "5");
        wrongName = certificates.selfSigned("wrong", "dns:elsewhere.test");
        client = certificates.selfSigned("client", "dns:client.test");
    }

    @AfterEach
    void stop() {
        over.countDown();
        servers.close();
        engine.close();
    }

    @Test
    void aSelfSignedCertificateIsRefusedUnlessTrusted() throws Exception {
        String url = servers.https(good.server(), WebServers::ok);
        assertFails(HealthChecks.http(url), url + ": .*unable to find valid certification path.*");
        assertPasses(HealthChecks.http(url).trust(good.certificatePem()));
        assertPasses(HealthChecks.http(url).trustAnything());
    }

    @Test
    void anExpiredCertificateIsRefusedThoughTrusted() throws Exception {
        String url = servers.https(expired.server(), WebServers::ok);
        assertFails(HealthChecks.http(url).trust(expired.certificatePem()), url + ": .*NotAfter.*");
        assertPasses(HealthChecks.http(url).trustAnything());
    }

    @Test
    void aWrongNameIsRefused() throws Exception {
        String url = servers.https(wrongName.server(), WebServers::ok);
        assertFails(
                HealthChecks.http(url).trust(wrongName.certificatePem()),
                url + ": .*No subject alternative DNS name matching localhost found.*");
        assertPasses(HealthChecks.http(url).trust(wrongName.certificatePem()).virtualHost("elsewhere.test"));
    }

    @Test
    void aRegularExpressionThatTakesForEverIsAFailureAtTheTimeoutAndHoldsUpNobody() throws Exception {
        String url = servers.http(exchange -> WebServers.answer(exchange, 200, "a".repeat(60) + "!"));
        HealthCheck endless = HealthChecks.http(url).bodyMatches("(a|aa)+\\1b$");
        var hung = engine.begin(endless, TIMEOUT);
        assertPasses(HealthChecks.http(url));
        Engine.Verdict verdict = hung.get(30, TimeUnit.SECONDS);
        assertThat(verdict.outcome()).isEqualTo(Outcome.failure("no result within 1.0 s"));
        assertThat(verdict.after()).isGreaterThanOrEqualTo(TIMEOUT);
        assertThat(awaitNoThreadIn("java.util.regex")).isTrue();
    }

    private static boolean awaitNoThreadIn(String prefix) {
        for (long from = System.nanoTime(); System.nanoTime() - from < 5_000_000_000L; Thread.onSpinWait()) {
            if (Thread.getAllStackTraces().entrySet().stream()
                    .filter(each -> each.getKey().getName().startsWith("floatingip-health"))
                    .flatMap(each -> Arrays.stream(each.getValue()))
                    .noneMatch(frame -> frame.getClassName().startsWith(prefix))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void secretsInUrlsAreNotShown() throws Exception {
        String url = servers.http(exchange -> WebServers.answer(exchange, 500, ""));
        assertThat(engine.run(HealthChecks.http(url + "?token=secret"), TIMEOUT).outcome())
                .isEqualTo(Outcome.failure(url + ": status 500, wanted 200 to 299"));
        assertThatThrownBy(() -> HealthChecks.http("http://user:secret@localhost/"))
                .hasMessageContaining("header(\"Authorization\"")
                .hasMessageNotContaining("secret");
    }

    @Test
    void theVirtualHostIsTheOneAskedFor() throws Exception {
        String url = servers.https(
                good.server(),
                exchange -> WebServers.answer(
                        exchange, 200, exchange.getRequestHeaders().getFirst("Host")));
        HttpHealthCheck check = HealthChecks.http(url).trust(good.certificatePem());
        assertPasses(check.virtualHost("www.example.test").bodyMatches("^www\\.example\\.test$"));
        assertPasses(check.bodyMatches("^localhost:[0-9]+$"));
    }

    @Test
    void aClientCertificateIsShown() throws Exception {
        String url = servers.https(good.server(client), true, WebServers::ok);
        HttpHealthCheck check = HealthChecks.http(url).trust(good.certificatePem());
        assertThat(engine.run(check, TIMEOUT).outcome().success()).isFalse();
        assertPasses(check.clientCertificate(client.certificatePem(), client.keyPem()));
    }

    @Test
    void aContextOfTheApplicationsChecksNames() throws Exception {
        assertPasses(
                HealthChecks.http(servers.https(good.server(), WebServers::ok)).sslContext(good.server(good)));
        String url = servers.https(wrongName.server(), WebServers::ok);
        assertFails(
                HealthChecks.http(url).sslContext(wrongName.server(wrongName)),
                url + ": .*No subject alternative DNS name matching localhost found.*");
    }

    @Test
    void aContextGoesWithNoOtherTrustOrKey() throws Exception {
        HttpHealthCheck plain = HealthChecks.http("https://localhost/");
        HttpHealthCheck given = plain.sslContext(SSLContext.getDefault());
        Path certificate = client.certificatePem();
        Path key = client.keyPem();
        List<Callable<HttpHealthCheck>> mixed = List.of(
                () -> given.trust(certificate),
                given::trustAnything,
                () -> given.clientCertificate(certificate, key),
                () -> plain.trust(certificate).sslContext(SSLContext.getDefault()),
                () -> plain.trustAnything().sslContext(SSLContext.getDefault()),
                () -> plain.clientCertificate(certificate, key).sslContext(SSLContext.getDefault()));
        for (Callable<HttpHealthCheck> each : mixed) {
            assertThatThrownBy(each::call)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("sslContext(...) brings its own trust and keys: give either it, or trust(...),"
                            + " trustAnything() and clientCertificate(...)");
        }
    }

    @Test
    void everyRunLooksAtTheCertificateAnew() throws Exception {
        String url = servers.https(good.server(), WebServers::ok);
        HttpHealthCheck check = HealthChecks.http(url).trust(good.certificatePem());
        assertPasses(check);
        int port = servers.first().getAddress().getPort();
        servers.first().stop(0);
        HttpsServer changed = HttpsServer.create(new InetSocketAddress("127.0.0.1", port), 50);
        changed.setHttpsConfigurator(new HttpsConfigurator(expired.server()));
        servers.serve(changed, WebServers::ok);
        assertThat(engine.run(check, TIMEOUT).outcome().success()).isFalse();
    }

    @Test
    void aSlowBodyCountsOnlyIfTheBodyDoes() throws Exception {
        String url = servers.https(good.server(), servers::slowBody);
        HttpHealthCheck check = HealthChecks.http(url).trust(good.certificatePem());
        assertPasses(check);
        assertFailsAtTimeout(check.bodyMatches("y"));
    }

    @Test
    void anEndlessBodyIsBounded() throws Exception {
        String url = servers.https(good.server(), servers::endlessBody);
        HttpHealthCheck check = HealthChecks.http(url).trust(good.certificatePem());
        assertPasses(check);
        assertFails(check.bodyMatches("y").bodyMax(100_000), url + ": the body is longer than 100000 bytes");
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        String url = servers.https(good.server(), WebServers::redirect);
        HttpHealthCheck check = HealthChecks.http(url).trust(good.certificatePem());
        assertFails(check, url + ": status 302 \\(to /elsewhere\\), wanted 200 to 299");
        assertPasses(check.status(302));
        assertPasses(check.status(200, 399));
    }

    @Test
    void checksThatHangKeepNoneFromItsSteps() throws Exception {
        List<CompletableFuture<Engine.Verdict>> hung = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            hung.add(engine.begin(() -> over.await(1, TimeUnit.HOURS), Duration.ofSeconds(30)));
        }
        assertThat(engine.run(HealthChecks.command("true"), TIMEOUT).outcome()).isEqualTo(Outcome.success(""));
        String secret = servers.https(good.server(), WebServers::ok);
        assertThat(engine.run(
                                HealthChecks.http(secret)
                                        .trust(good.certificatePem())
                                        .bodyMatches("ok"),
                                TIMEOUT)
                        .outcome())
                .isEqualTo(Outcome.success(""));
        String clear = servers.http(WebServers::ok);
        assertThat(engine.run(HealthChecks.http(clear).bodyMatches("no"), TIMEOUT)
                        .outcome())
                .isEqualTo(Outcome.failure(clear + ": the body does not match no"));
        assertThat(hung).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void aClosedPortIsAFailureAtOnce() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String url = "https://localhost:" + port + "/";
        assertFails(HealthChecks.http(url), url + ": localhost:" + port + ": Connection refused");
    }

    @Test
    void aBlackHoleIsAFailureAtTheTimeout() throws Exception {
        try (BlackHole hole = new BlackHole()) {
            assertFailsAtTimeout(HealthChecks.http("https://localhost:" + hole.port() + "/"));
        }
    }

    @Test
    void aServerThatNeverShakesHandsIsAFailureAtTheTimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertFailsAtTimeout(HealthChecks.http("https://localhost:" + silent.getLocalPort() + "/"));
        }
    }

    @Test
    void digestsAreThoseOfTheBody() throws Exception {
        String url = servers.http(
                exchange -> WebServers.answer(exchange, 200, "The quick brown fox jumps over the lazy dog"));
        HttpHealthCheck check = HealthChecks.http(url);
        assertPasses(check.bodyMd5("9e107d9d372bb6826bd81d3542a419d6"));
        assertPasses(check.bodySha256("D7A8FBB307D7809469CA9ABCB0082E4F8D5651E46D3CDB762D02D0BF37C9E592"));
        assertFails(
                check.bodyMd5("9e107d9d372bb6826bd81d3542a419d7"),
                url + ": MD5 of the body is 9e107d9d372bb6826bd81d3542a419d6, wanted 9e107d9d372bb6826bd81d3542a419d7");
    }

    @Test
    void severalUrlsAllHaveToAnswer() throws Exception {
        String up = servers.http(WebServers::ok);
        String down = servers.http(exchange -> WebServers.answer(exchange, 503, ""));
        assertPasses(HealthChecks.http(up, up + "a?b=c"));
        assertFails(HealthChecks.http(up, down), down + ": status 503, wanted 200 to 299");
    }

    @Test
    void asksAsTold() throws Exception {
        String url = servers.http(exchange -> {
            boolean right = exchange.getRequestMethod().equals("HEAD")
                    && exchange.getRequestURI().toString().equals("/path?x=y")
                    && "secret".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(right ? 204 : 400, -1);
            exchange.close();
        });
        assertPasses(HealthChecks.http(url + "path?x=y").method("HEAD").header("Authorization", "secret"));
        assertFails(HealthChecks.http(url), url + ": status 400, wanted 200 to 299");
    }

    @Test
    void refusesWhatCannotBeAsked() {
        assertThatThrownBy(() -> HealthChecks.http("ftp://localhost/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("url must be like http://host:port/path or https://..., got ftp://localhost/");
        HttpHealthCheck check = HealthChecks.http("http://localhost/");
        assertThatThrownBy(() -> check.header("X", "a\r\nHost: b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> check.method("GET /")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> check.bodyMd5("12")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> check.status(100)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> check.trust(directory.resolve("none"))).isInstanceOf(IllegalArgumentException.class);
    }

    private void assertPasses(HealthCheck check) throws Exception {
        assertThat(engine.run(check, Duration.ofSeconds(5)).outcome()).isEqualTo(Outcome.success(""));
    }

    private void assertFails(HealthCheck check, String detail) throws Exception {
        Engine.Verdict verdict = engine.run(check, TIMEOUT);
        assertThat(verdict.outcome().success()).isFalse();
        assertThat(verdict.outcome().detail()).matches(detail);
        assertThat(verdict.after()).isLessThan(TIMEOUT);
    }

    private void assertFailsAtTimeout(HealthCheck check) throws Exception {
        Engine.Verdict verdict = engine.run(check, TIMEOUT);
        assertThat(verdict.outcome()).isEqualTo(Outcome.failure("no result within 1.0 s"));
        assertThat(verdict.after()).isGreaterThanOrEqualTo(TIMEOUT);
    }
}
