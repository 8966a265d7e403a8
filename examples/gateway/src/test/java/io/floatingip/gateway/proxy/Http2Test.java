package io.floatingip.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.gateway.config.Listener;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
@ExtendWith(Leaks.class)
class Http2Test {
    /** With empty settings. */
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";

    private static final String UPGRADE = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c";
    private static final String SETTINGS = "HTTP2-Settings: AAMAAABkAAQAAP__";
    private final List<AutoCloseable> open = new ArrayList<>();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<Integer> goneAway = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    record Answer(String status, Http2Headers headers, byte[] body) {}

    @Test
    void manyStreamsOfOneConnectionAreServedAtOnce() throws Exception {
        TestUpstream upstream = open(new TestUpstream((request, out) ->
                out.write(TestUpstream.response("200 OK", request.line()).getBytes(StandardCharsets.US_ASCII))));
        Channel connection = connect(open(TestGateway.http(upstream.address())));
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(ask(connection, headers("GET", "/" + i), null));
        }
        for (int i = 0; i < 100; i++) {
            Answer answer = answers.get(i).get(20, TimeUnit.SECONDS);
            assertThat(answer.status()).isEqualTo("200");
            assertThat(new String(answer.body())).isEqualTo("GET /" + i + " HTTP/1.1");
        }
        TestUpstream.Request request = upstream.requests.take();
        assertThat(request.field("Host")).isEqualTo("example.org");
        assertThat(request.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
        assertThat(request.field("Via")).isEqualTo("2 gateway");
        assertThat(request.head()).doesNotContainIgnoringCase("x-http2");
    }

    @Test
    void bodiesPassThroughWholeInBothDirections() throws Exception {
        byte[] body = new byte[5 << 20];
        new Random(3).nextBytes(body);
        TestUpstream upstream = open(new TestUpstream((request, out) -> {
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + request.body().length + "\r\n\r\n").getBytes());
            out.write(request.body());
        }));
        Channel connection = connect(open(TestGateway.http(upstream.address())));
        Answer answer = ask(connection, headers("POST", "/"), body).get(20, TimeUnit.SECONDS);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(upstream.requests.take().field("Transfer-Encoding")).isEqualTo("chunked");
    }

    @Test
    void whatCannotBeForwardedIsRefused() throws Exception {
        TestUpstream upstream = open(TestUpstream.answering(TestUpstream.OK));
        TestGateway gateway = open(TestGateway.http(
                limits -> TestGateway.bodyMax(TestGateway.allowed(limits, "example.org"), 10), upstream.address()));
        Channel connection = connect(gateway);
        assertThat(ask(connection, headers("GET", "/").authority("other"), null)
                        .get(20, TimeUnit.SECONDS)
                        .status())
                .isEqualTo("403");
        assertThat(ask(connection, headers("GET", "/a b"), null)
                        .get(20, TimeUnit.SECONDS)
                        .status())
                .isEqualTo("400");
        assertThat(ask(connection, headers("GET", "/").add("x-a", "b\r\nc: d"), null))
                .as("reset: a field that would be two")
                .failsWithin(Duration.ofSeconds(20));
        assertThat(ask(connection, headers("GET", "/").add("host", "b"), null))
                .as("reset: the fields contradict each other")
                .failsWithin(Duration.ofSeconds(20));
        assertThat(ask(connection, headers("POST", "/"), new byte[11])
                        .get(20, TimeUnit.SECONDS)
                        .status())
                .isEqualTo("413");
        assertThat(upstream.requests).isEmpty();
        assertThat(ask(connection, headers("GET", "/"), null)
                        .get(20, TimeUnit.SECONDS)
                        .status())
                .isEqualTo("200");
    }

    @Test
    void aDrainIsAnnouncedAndStreamsThatRunAreFinished() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        TestUpstream upstream = open(new TestUpstream((request, out) -> {
            if (request.line().contains("/slow")) {
                running.countDown();
                finish.await();
            }
            out.write(TestUpstream.OK.getBytes());
        }));
        TestGateway gateway = open(TestGateway.http(upstream.address()));
        Channel connection = connect(gateway);
        CompletableFuture<Answer> slow = ask(connection, headers("GET", "/slow"), null);
        running.await();
        CompletableFuture<Void> drain = CompletableFuture.runAsync(() -> gateway.proxy.drain(Duration.ofSeconds(30)));
        assertThat(goneAway.take()).as("no last stream yet").isEqualTo(Integer.MAX_VALUE);
        Channel fresh = connect(gateway);
        assertThat(ask(fresh, headers("GET", "/"), null)
                        .get(20, TimeUnit.SECONDS)
                        .status())
                .isEqualTo("200");
        assertThat(drain).isNotDone();
        finish.countDown();
        assertThat(slow.get(20, TimeUnit.SECONDS).status()).isEqualTo("200");
        assertThat(connection.closeFuture().await(20_000)).isTrue();
        assertThat(fresh.closeFuture().await(20_000)).isTrue();
        drain.get(20, TimeUnit.SECONDS);
        assertThat(gateway.proxy.snapshot().connections()).isZero();
    }

    @Test
    void overTlsItIsAgreedOn() throws Exception {
        SSLSocket socket = tls(https(), "h2", "http/1.1");
        assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
        TestClient client = open(new TestClient(socket));
        client.send(PREFACE);
        assertThat(client.read(9)[3]).as("frame type").isEqualTo((byte) 4);
    }

    @Test
    void aClientOfHttp1MayGoOnWithHttp2() throws Exception {
        TestUpstream upstream = open(new TestUpstream((request, out) ->
                out.write(TestUpstream.response("200 OK", request.line()).getBytes(StandardCharsets.US_ASCII))));
        TestGateway gateway = open(TestGateway.http(upstream.address()));
        // The JDK's client asks for it with its first request, and goes on with stream 3.
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        for (int i = 1; i <= 3; i++) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create(
                                    "http://127.0.0.1:" + gateway.address().getPort() + "/" + i))
                            .header("X-Own", "kept")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.body()).isEqualTo("GET /" + i + " HTTP/1.1");
            TestUpstream.Request request = upstream.requests.take();
            assertThat(request.field("Host"))
                    .isEqualTo("127.0.0.1:" + gateway.address().getPort());
            assertThat(request.field("X-Own")).isEqualTo("kept");
            assertThat(request.field("Via")).isEqualTo("2 gateway");
            assertThat(request.head())
                    .doesNotContainIgnoringCase("upgrade")
                    .doesNotContainIgnoringCase("http2")
                    .doesNotContainIgnoringCase("connection");
        }
        assertThat(gateway.proxy.snapshot().connections()).isEqualTo(1);
        assertThat(gateway.proxy.snapshot().requests()).isEqualTo(3);
        while (gateway.proxy.snapshot().active() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatComesAlongWithTheWishForHttp2IsHttp2Already() throws Exception {
        TestUpstream upstream = open(TestUpstream.answering(TestUpstream.OK));
        TestClient client = open(open(TestGateway.http(upstream.address())).connect());
        client.send(wish(UPGRADE, SETTINGS) + "\r\n" + PREFACE + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.head().head())
                .isEqualTo("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n");
        assertThat(client.read(9)[3]).as("frame type: settings").isEqualTo((byte) 4);
        // What is no frame ends the connection, after the first stream or before.
        client.rest();
        assertThat(upstream.requests)
                .allSatisfy(request -> assertThat(request.line()).isEqualTo("GET / HTTP/1.1"));
    }

    static Stream<Arguments> wishesThatAreNotGranted() {
        return Stream.of(
                Arguments.of("a body", wish(UPGRADE, SETTINGS, "Content-Length: 2") + "\r\nab"),
                Arguments.of(
                        "a body in chunks",
                        wish(UPGRADE, SETTINGS, "Transfer-Encoding: chunked") + "\r\n2\r\nab\r\n0\r\n\r\n"),
                Arguments.of("no settings", wish(UPGRADE) + "\r\n"),
                Arguments.of("settings twice", wish(UPGRADE, SETTINGS, SETTINGS) + "\r\n"),
                Arguments.of("settings that are not base64", wish(UPGRADE, "HTTP2-Settings: $$$") + "\r\n"),
                Arguments.of("half a setting", wish(UPGRADE, "HTTP2-Settings: AAMAAABkAA") + "\r\n"),
                Arguments.of("a setting out of range", wish(UPGRADE, "HTTP2-Settings: AAT_____") + "\r\n"),
                Arguments.of("settings not named", wish("Upgrade: h2c\r\nConnection: Upgrade", SETTINGS) + "\r\n"),
                Arguments.of(
                        "upgrade not named", wish("Upgrade: h2c\r\nConnection: HTTP2-Settings", SETTINGS) + "\r\n"),
                Arguments.of("HTTP/1.0", (wish(UPGRADE, SETTINGS) + "\r\n").replace("HTTP/1.1", "HTTP/1.0")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void wishesThatAreNotGranted(String why, String request) throws Exception {
        TestUpstream upstream = open(TestUpstream.answering(TestUpstream.OK));
        TestClient client = open(open(TestGateway.http(upstream.address())).connect());
        TestClient.Response response = client.send(request).response();
        assertThat(response.head()).startsWith("HTTP/1.1 200 OK");
        assertThat(response.text()).isEqualTo("hello");
        assertThat(upstream.requests.take().head())
                .doesNotContainIgnoringCase("upgrade")
                .doesNotContainIgnoringCase("http2-settings");
    }

    @Test
    void aWishForHttp2DoesNotExcuseABadRequest() throws Exception {
        TestUpstream upstream = open(TestUpstream.answering(TestUpstream.OK));
        TestGateway gateway =
                open(TestGateway.http(limits -> TestGateway.allowed(limits, "example.org"), upstream.address()));
        assertThat(open(gateway.connect())
                        .send(wish(UPGRADE, SETTINGS, "Host: b") + "\r\n")
                        .response()
                        .status())
                .isEqualTo(400);
        assertThat(open(gateway.connect())
                        .send(wish(UPGRADE, SETTINGS).replace("example.org", "other") + "\r\n")
                        .response()
                        .status())
                .isEqualTo(403);
        assertThat(upstream.requests).isEmpty();
    }

    @Test
    void overTlsAWishForHttp2IsNotGranted() throws Exception {
        TestClient client = open(new TestClient(tls(https(), "http/1.1")));
        assertThat(client.send(wish(UPGRADE, SETTINGS) + "\r\n").response().status())
                .isEqualTo(200);
    }

    private TestGateway https() throws Exception {
        return open(TestGateway.of(
                Listener.Protocol.HTTP,
                Optional.of(TestCertificate.make(folder, "one")),
                limits -> limits,
                open(TestUpstream.answering(TestUpstream.OK)).address()));
    }

    private static String wish(String... fields) {
        return "GET / HTTP/1.1\r\nHost: example.org\r\n" + String.join("\r\n", fields) + "\r\n";
    }

    private SSLSocket tls(TestGateway gateway, String... protocols) throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        InetSocketAddress address = gateway.address();
        SSLSocket socket =
                open((SSLSocket) trusting.getSocketFactory().createSocket(address.getAddress(), address.getPort()));
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private Channel connect(TestGateway gateway) throws InterruptedException {
        return new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(Http2FrameCodecBuilder.forClient()
                                        .validateHeaders(false)
                                        .build())
                                .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()))
                                .addLast(new SimpleChannelInboundHandler<Object>() {
                                    @Override
                                    protected void channelRead0(ChannelHandlerContext ctx, Object frame) {
                                        if (frame instanceof Http2GoAwayFrame away) {
                                            goneAway.add(away.lastStreamId());
                                        }
                                    }
                                });
                    }
                })
                .connect(gateway.address())
                .sync()
                .channel();
    }

    private static Http2Headers headers(String method, String path) {
        return new DefaultHttp2Headers(false)
                .method(method)
                .path(path)
                .scheme("http")
                .authority("example.org");
    }

    private static CompletableFuture<Answer> ask(Channel connection, Http2Headers headers, byte[] body)
            throws Exception {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Channel stream = new Http2StreamChannelBootstrap(connection)
                .handler(new Collector(answer))
                .open()
                .sync()
                .getNow();
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, body == null));
        if (body != null) {
            stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
        }
        return answer;
    }

    private <T extends AutoCloseable> T open(T each) {
        open.add(each);
        return each;
    }

    private static final class Collector extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Answer> answer;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private Http2Headers headers = new DefaultHttp2Headers();

        Collector(CompletableFuture<Answer> answer) {
            this.answer = answer;
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            answer.completeExceptionally(new IllegalStateException("ended: " + headers));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) throws Exception {
            boolean end = false;
            if (frame instanceof Http2HeadersFrame head) {
                headers = head.headers();
                end = head.isEndStream();
            } else if (frame instanceof Http2DataFrame data) {
                data.content().readBytes(body, data.content().readableBytes());
                end = data.isEndStream();
            }
            ReferenceCountUtil.release(frame);
            if (end) {
                answer.complete(new Answer(headers.status().toString(), headers, body.toByteArray()));
            }
        }
    }
}
