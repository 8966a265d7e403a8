package io.floatingip.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.gateway.config.GatewayConfig;
import io.floatingip.gateway.config.Listener;
import io.floatingip.gateway.config.Service;
import io.floatingip.gateway.proxy.TestClient.Response;
import io.floatingip.gateway.proxy.TestUpstream.Request;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(Leaks.class)
class HttpProxyTest {
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Semaphore half = new Semaphore(0);

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void aRequestIsForwardedWithWhoAskedAndHow() throws Exception {
        TestUpstream upstream = upstream(TestUpstream.OK);
        TestClient client = client(http(upstream));
        client.send("GET /path?q=1 HTTP/1.1\r\nHost: example.org:8080\r\nX-Real-IP: 9.9.9.9\r\n"
                + "X-Forwarded-For: 8.8.8.8\r\nX-Forwarded-Proto: https\r\nForwarded: for=7.7.7.7\r\n"
                + "Connection: keep-alive, X-Private\r\nX-Private: a\r\nKeep-Alive: 5\r\nTE: trailers\r\nUpgrade: h2c\r\n"
                + "Accept: a\r\nAccept: b\r\n\r\n");
        assertThat(client.response().text()).isEqualTo("hello");
        Request request = upstream.requests.take();
        assertThat(request.line()).isEqualTo("GET /path?q=1 HTTP/1.1");
        assertThat(request.field("Host")).isEqualTo("example.org:8080");
        assertThat(request.field("X-Real-IP")).isEqualTo("127.0.0.1");
        assertThat(request.field("X-Forwarded-For")).isEqualTo("8.8.8.8, 127.0.0.1");
        assertThat(request.field("X-Forwarded-Proto")).isEqualTo("http");
        assertThat(request.field("X-Forwarded-Host")).isEqualTo("example.org:8080");
        assertThat(request.field("Via")).isEqualTo("1.1 gateway");
        assertThat(request.field("Accept")).isEqualTo("a | b");
        for (String gone : List.of("Connection", "Keep-Alive", "TE", "Upgrade", "X-Private", "Forwarded")) {
            assertThat(request.field(gone)).as(gone).isEmpty();
        }
    }

    @Test
    void connectionsToUpstreamsAreUsedAgain() throws Exception {
        TestUpstream upstream = upstream(TestUpstream.OK);
        TestClient client = client(http(upstream));
        for (int i = 0; i < 100; i++) {
            assertThat(client.get("/" + i).text()).isEqualTo("hello");
        }
        assertThat(upstream.connections()).isEqualTo(1);
        assertThat(upstream.requests).hasSize(100);
    }

    @Test
    void requestsSentAheadAreAnsweredInTheirOrder() throws Exception {
        TestUpstream upstream = open(new TestUpstream((request, out) ->
                out.write(TestUpstream.response("200 OK", request.line()).getBytes(StandardCharsets.US_ASCII))));
        TestClient client = client(http(upstream));
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            all.append(
                    i % 2 == 0
                            ? "GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n"
                            : "POST /" + i + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
        }
        client.send(all.toString());
        for (int i = 0; i < 50; i++) {
            assertThat(client.response().text()).isEqualTo((i % 2 == 0 ? "GET /" : "POST /") + i + " HTTP/1.1");
        }
    }

    @Test
    void bodiesPassThroughWholeInBothDirections() throws Exception {
        byte[] body = new byte[30 << 20];
        new Random(1).nextBytes(body);
        TestUpstream upstream = open(new TestUpstream((request, out) -> {
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + request.body().length + "\r\n\r\n").getBytes());
            out.write(request.body());
        }));
        TestClient client = client(http(limits -> TestGateway.bodyMax(limits, 0), upstream));
        Thread sender = TestUpstream.daemon(
                () -> client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .send(body));
        Response response = client.response();
        sender.join();
        assertThat(response.body()).isEqualTo(body);
        assertThat(client.get("/again").status()).isEqualTo(200);
    }

    @Test
    void chunkedBodiesPassThroughAsTheyCome() throws Exception {
        Semaphore more = new Semaphore(0);
        TestUpstream upstream = open(new TestUpstream((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n".getBytes());
            out.flush();
            more.acquire();
            out.write("2\r\nde\r\n0\r\n\r\n".getBytes());
        }));
        TestClient client = client(http(upstream));
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwxyz\r\n0\r\n\r\n");
        assertThat(client.head().field("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(new String(client.read(8))).isEqualTo("3\r\nabc\r\n");
        more.release();
        assertThat(new String(client.read(12))).isEqualTo("2\r\nde\r\n0\r\n\r\n");
        assertThat(upstream.requests.take().body()).isEqualTo("wxyz".getBytes());
    }

    @Test
    void aBodyThatEndsWithTheConnectionIsChunkedForTheClient() throws Exception {
        TestUpstream upstream = open(new TestUpstream((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\nuntil the end".getBytes());
            out.flush();
            throw new IOException("the end");
        }));
        TestClient client = client(http(upstream));
        Response response = client.get("/");
        assertThat(response.field("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(response.text()).isEqualTo("until the end");
        assertThat(client.get("/").text()).isEqualTo("until the end");
    }

    @Test
    void http10GetsNoChunksAndItsConnectionEnds() throws Exception {
        TestUpstream upstream = upstream("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        TestGateway gateway = http(upstream);
        Response response = client(gateway).send("GET / HTTP/1.0\r\n\r\n").response();
        assertThat(response.field("Transfer-Encoding")).isEmpty();
        assertThat(response.text()).isEqualTo("abc");
        assertThat(upstream.requests.take().field("Host"))
                .isEqualTo("127.0.0.1:" + gateway.address().getPort());
    }

    @Test
    void responsesWithoutABodyHaveNone() throws Exception {
        AtomicInteger turn = new AtomicInteger();
        List<String> responses = List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n",
                TestUpstream.OK);
        TestUpstream upstream = open(new TestUpstream((request, out) ->
                out.write(responses.get(turn.getAndIncrement()).getBytes())));
        TestClient client = client(http(upstream));
        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.head().field("Content-Length")).isEqualTo("5000");
        assertThat(client.get("/").status()).isEqualTo(204);
        assertThat(client.get("/").status()).isEqualTo(304);
        assertThat(client.get("/").text()).isEqualTo("hello");
        assertThat(upstream.connections()).isEqualTo(1);
    }

    @Test
    void ourOwnAnswerToHeadHasNoBody() throws Exception {
        TestClient client = client(http(limits -> TestGateway.allowed(limits, "example.org"), upstream("")));
        client.send("HEAD / HTTP/1.1\r\nHost: other\r\n\r\n");
        assertThat(client.head().status()).isEqualTo(403);
        client.send("GET / HTTP/1.1\r\nHost: other\r\n\r\n");
        assertThat(client.head().head()).startsWith("HTTP/1.1 403");
    }

    @Test
    void whatTheClientShallContinueWithIsPassedOn() throws Exception {
        TestUpstream upstream = upstream("HTTP/1.1 100 Continue\r\n\r\n" + TestUpstream.OK);
        TestClient client = client(http(upstream));
        client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab");
        assertThat(client.response().status()).isEqualTo(100);
        assertThat(client.response().status()).isEqualTo(200);
        assertThat(upstream.requests.take().field("Expect")).isEqualTo("100-continue");
    }

    @Test
    void onlyAllowedHostsAreServed() throws Exception {
        TestUpstream upstream = upstream(TestUpstream.OK);
        TestClient client =
                client(http(limits -> TestGateway.allowed(limits, "example.org", "*.example.net"), upstream));
        assertThat(statusFor(client, "EXAMPLE.org:80")).isEqualTo(200);
        assertThat(statusFor(client, "a.b.example.net")).isEqualTo(200);
        assertThat(statusFor(client, "example.net")).isEqualTo(403);
        assertThat(statusFor(client, "notexample.org")).isEqualTo(403);
        assertThat(upstream.requests).hasSize(2);
    }

    private static int statusFor(TestClient client, String host) throws IOException {
        return client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .response()
                .status();
    }

    @Test
    void aBodyThatIsTooLongIsRefused() throws Exception {
        TestUpstream upstream = upstream(TestUpstream.OK);
        TestGateway gateway = http(limits -> TestGateway.bodyMax(limits, 10), upstream);
        TestClient known = client(gateway);
        known.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
        assertThat(known.response().status()).isEqualTo(413);
        assertThat(upstream.requests).isEmpty();
        TestClient chunked = client(gateway);
        chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef\r\n");
        assertThat(chunked.response().status()).isEqualTo(413);
        assertThat(chunked.rest()).isEmpty();
        assertThat(upstream.requests).isEmpty();
        assertThat(client(gateway)
                        .send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789")
                        .response()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aConnectionThatEndedUnnoticedCostsNoRequest() throws Exception {
        AtomicInteger served = new AtomicInteger();
        TestUpstream upstream = open(new TestUpstream((request, out) -> {
            if (served.getAndIncrement() == 1) {
                // The second request meets a connection that is just being closed.
                throw new IOException("closed");
            }
            out.write(TestUpstream.OK.getBytes());
        }));
        TestClient client = client(http(upstream));
        assertThat(client.get("/1").status()).isEqualTo(200);
        assertThat(client.get("/2").status()).isEqualTo(200);
        assertThat(upstream.requests)
                .extracting(Request::line)
                .containsExactly("GET /1 HTTP/1.1", "GET /2 HTTP/1.1", "GET /2 HTTP/1.1");
    }

    @Test
    void whatMayHaveHadAnEffectIsNotSentTwice() throws Exception {
        TestUpstream upstream = open(new TestUpstream((request, out) -> {
            throw new IOException("closed");
        }));
        TestClient client = client(http(upstream));
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        assertThat(client.response().status()).isEqualTo(502);
        assertThat(upstream.requests).hasSize(1);
    }

    @Test
    void anUpstreamThatCannotBeReachedCostsNoRequestWhateverTheMethod() throws Exception {
        TestUpstream upstream = upstream(TestUpstream.OK);
        TestGateway gateway = open(TestGateway.http(nobody(), upstream.address(), nobody()));
        TestClient client = client(gateway);
        for (int i = 0; i < 10; i++) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            assertThat(client.response().status()).isEqualTo(200);
        }
        assertThat(gateway.proxy.snapshot().errors()).isZero();
    }

    @Test
    void withoutAnyUpstreamTheAnswerIs502() throws Exception {
        TestGateway gateway = open(TestGateway.http(nobody(), nobody()));
        TestClient client = client(gateway);
        assertThat(client.get("/").status()).isEqualTo(502);
        assertThat(client.get("/").status()).isEqualTo(502);
        assertThat(gateway.proxy.snapshot().errors()).isEqualTo(2);
        assertThat(gateway.proxy.snapshot().active()).isZero();
    }

    @Test
    void aKilledUpstreamLosesNoMoreThanWhatRanOnIt() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        TestUpstream dies = open(new TestUpstream((request, out) -> {
            if (request.line().contains("/slow")) {
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".getBytes());
                out.flush();
                running.countDown();
                new CountDownLatch(1).await();
            }
            out.write(TestUpstream.OK.getBytes());
        }));
        TestUpstream lives = upstream(TestUpstream.OK);
        TestGateway gateway = http(dies, lives);
        TestClient cut = client(gateway);
        cut.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        running.await();
        List<TestClient> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(client(gateway));
            assertThat(others.get(i).get("/").status()).isEqualTo(200);
        }
        dies.close();
        for (TestClient other : others) {
            for (int i = 0; i < 5; i++) {
                assertThat(other.get("/").status()).isEqualTo(200);
            }
        }
        assertThat(cut.head().status()).isEqualTo(200);
        assertThatThrownBy(cut::rest).as("cut off, not complete").isInstanceOf(IOException.class);
        assertThat(gateway.proxy.snapshot().errors()).isEqualTo(1);
    }

    @Test
    void anUpstreamThatDoesNotAnswerIs504() throws Exception {
        TestUpstream upstream = open(new TestUpstream((request, out) -> new CountDownLatch(1).await()));
        TestClient client =
                client(http(limits -> TestGateway.responseTimeout(limits, Duration.ofMillis(200)), upstream));
        assertThat(client.get("/").status()).isEqualTo(504);
        assertThat(upstream.requests).hasSize(1);
    }

    @Test
    void anUpstreamThatDoesNotTakeTheConnectionIs504() throws Exception {
        // Its kernel answers no further SYN when as many wait as it was told.
        ServerSocket busy = open(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        boolean full = false;
        while (!full) {
            Socket waiting = open(new Socket());
            try {
                waiting.connect(busy.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException e) {
                full = true;
            }
        }
        TestGateway gateway = open(TestGateway.http(
                limits -> TestGateway.connectTimeout(limits, Duration.ofMillis(200)),
                (InetSocketAddress) busy.getLocalSocketAddress()));
        assertThat(client(gateway).get("/").status()).isEqualTo(504);
    }

    @Test
    void aConnectionOnWhichNothingIsAskedEnds() throws Exception {
        TestGateway gateway = open(TestGateway.http(
                limits -> TestGateway.idleTimeout(limits, Duration.ofMillis(200)),
                upstream(TestUpstream.OK).address()));
        TestClient client = client(gateway);
        assertThat(client.get("/").status()).isEqualTo(200);
        assertThat(client.rest()).isEmpty();
    }

    @Test
    void aRequestThatDoesNotEndIs408() throws Exception {
        TestUpstream upstream = upstream(TestUpstream.OK);
        TestGateway gateway = http(limits -> TestGateway.requestTimeout(limits, Duration.ofMillis(200)), upstream);
        assertThat(client(gateway).send("GET / HTTP/1.1\r\nHos").response().status())
                .isEqualTo(408);
        assertThat(client(gateway)
                        .send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na")
                        .response()
                        .status())
                .isEqualTo(408);
        assertThat(upstream.requests).isEmpty();
    }

    @Test
    void anUpstreamThatDoesNotSpeakHttpIs502() throws Exception {
        TestClient client = client(http(upstream("SSH-2.0-OpenSSH_9.2\r\n\r\n")));
        assertThat(client.get("/").status()).isEqualTo(502);
    }

    @Test
    void aSlowClientStopsTheUpstreamNotTheMemory() throws Exception {
        int size = 200 << 20;
        AtomicInteger written = new AtomicInteger();
        TestUpstream upstream = open(new TestUpstream((request, out) -> {
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n").getBytes());
            byte[] part = new byte[1 << 20];
            for (int i = 0; i < 200; i++) {
                out.write(part);
                written.incrementAndGet();
            }
        }));
        TestClient client = client(http(upstream));
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.head().status()).isEqualTo(200);
        // Socket buffers are some MB; without back-pressure all 200 would be in the gateway by the time a fifth is
        // read.
        assertThat(client.read(40 << 20)).hasSize(40 << 20);
        assertThat(written.get()).isLessThan(80);
        assertThat(client.read(size - (40 << 20))).hasSize(size - (40 << 20));
    }

    @Test
    void aClientThatGoesTakesItsUpstreamConnectionAlong() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        TestUpstream upstream = open(new TestUpstream((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes());
            try {
                while (true) {
                    out.write("1\r\na\r\n".getBytes());
                }
            } finally {
                ended.countDown();
            }
        }));
        TestGateway gateway = http(upstream);
        TestClient client = client(gateway);
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.head().status()).isEqualTo(200);
        client.close();
        ended.await();
        // The counts follow the end of the connection; if one never comes down to 0, the time limit of the class says
        // so.
        while (gateway.proxy.snapshot().active() > 0
                || gateway.proxy.snapshot().services().get(0).upstreams().get(0).active() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aResponseThatEndsWithAResetIsNotWhole() throws Exception {
        ServerSocket server = open(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
        TestUpstream.daemon(() -> {
            try (Socket socket = server.accept()) {
                TestUpstream.readHead(socket.getInputStream());
                socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nhalf".getBytes());
                half.acquire();
                socket.setSoLinger(true, 0);
            }
        });
        TestClient client = client(open(TestGateway.http((InetSocketAddress) server.getLocalSocketAddress())));
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.head().field("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(new String(client.read(9))).isEqualTo("4\r\nhalf\r\n");
        half.release();
        assertThatThrownBy(client::rest).as("cut off too").isInstanceOf(SocketException.class);
    }

    @Test
    void whatAnUpstreamSaysTooMuchIsNotTheAnswerToSomebodyElse() throws Exception {
        TestUpstream upstream = upstream(TestUpstream.OK + TestUpstream.response("200 OK", "poison"));
        TestClient client = client(http(upstream));
        String get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        client.send(get.repeat(10));
        for (int i = 0; i < 10; i++) {
            assertThat(client.response().text()).isEqualTo("hello");
        }
    }

    @Test
    void aReloadWithoutTheServiceOfAListenerChangesNothing() throws Exception {
        TestGateway gateway = http(upstream(TestUpstream.OK));
        GatewayConfig config = gateway.config;
        GatewayConfig without = new GatewayConfig(
                List.of(), List.of(), config.listeners(), List.of(), config.limits(), config.status());
        assertThatThrownBy(() -> gateway.proxy.reload(without))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no service web");
        assertThat(gateway.proxy.snapshot().services()).hasSize(1);
        assertThat(client(gateway).get("/").status()).isEqualTo(200);
    }

    @Test
    void listenersComeAndGoWithoutDisturbingOthers() throws Exception {
        TestGateway gateway = http(upstream(TestUpstream.OK));
        GatewayConfig before = gateway.config;
        TestClient old = client(gateway);
        assertThat(old.get("/").status()).isEqualTo(200);

        Service more = new Service(
                "more",
                Service.Algorithm.RR,
                Optional.empty(),
                1,
                List.of(new Service.Upstream("m", upstream(TestUpstream.OK).address(), 1, 0, List.of())),
                Optional.empty());
        gateway.proxy.reload(with(before, nobody(), more));
        InetSocketAddress added = gateway.proxy.address("more");
        TestClient client = open(new TestClient(added));
        assertThat(client.get("/").status()).isEqualTo(200);
        assertThat(old.get("/").status()).isEqualTo(200);

        gateway.proxy.reload(before);
        assertThatThrownBy(() -> new TestClient(added)).isInstanceOf(ConnectException.class);
        assertThat(gateway.proxy.snapshot().services()).hasSize(1);
        assertThat(old.get("/").status()).isEqualTo(200);
    }

    @Test
    void aReloadWithAListenerWhosePortIsTakenChangesNothing() throws Exception {
        TestGateway gateway = http(upstream(TestUpstream.OK));
        Service more = new Service("more", Service.Algorithm.RR, Optional.empty(), 1, List.of(), Optional.of(nobody()));
        assertThatThrownBy(() -> gateway.proxy.reload(with(gateway.config, gateway.address(), more)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot listen at " + gateway.address())
                .hasMessageContaining("in use");
        assertThat(gateway.proxy.snapshot().services()).hasSize(1);
        assertThat(client(gateway).get("/").status()).isEqualTo(200);
    }

    /** With a service of its own, and a listener of that name. */
    private static GatewayConfig with(GatewayConfig config, InetSocketAddress address, Service service) {
        List<Listener> listeners = new ArrayList<>(config.listeners());
        listeners.add(
                new Listener(service.name(), address, Listener.Protocol.HTTP, Optional.empty(), false, service.name()));
        List<Service> services = new ArrayList<>(config.services());
        services.add(service);
        return new GatewayConfig(List.of(), List.of(), listeners, services, config.limits(), config.status());
    }

    @Test
    void connectionsBeyondTheirNumberWaitUntilOthersEnd() throws Exception {
        TestGateway gateway = http(limits -> TestGateway.connectionsMax(limits, 2), upstream(TestUpstream.OK));
        for (int round = 0; round < 3; round++) {
            TestClient first = client(gateway);
            TestClient second = client(gateway);
            assertThat(first.get("/").status()).isEqualTo(200);
            assertThat(second.get("/").status()).isEqualTo(200);
            TestClient third = client(gateway);
            third.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            first.close();
            assertThat(third.response().status()).isEqualTo(200);
            second.close();
            third.close();
            while (gateway.proxy.snapshot().connections() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    private TestUpstream upstream(String response) throws IOException {
        return open(TestUpstream.answering(response));
    }

    private TestGateway http(TestUpstream... upstreams) {
        return http(limits -> limits, upstreams);
    }

    private TestGateway http(
            java.util.function.UnaryOperator<io.floatingip.gateway.config.Limits> limits, TestUpstream... upstreams) {
        InetSocketAddress[] addresses = new InetSocketAddress[upstreams.length];
        for (int i = 0; i < upstreams.length; i++) {
            addresses[i] = upstreams[i].address();
        }
        return open(TestGateway.http(limits, addresses));
    }

    private TestClient client(TestGateway gateway) throws IOException {
        return open(gateway.connect());
    }

    private <T extends AutoCloseable> T open(T each) {
        open.add(each);
        return each;
    }

    /** Where nobody listens. */
    private static InetSocketAddress nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }
}
