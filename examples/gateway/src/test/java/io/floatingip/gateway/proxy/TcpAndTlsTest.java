package io.floatingip.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.floatingip.gateway.DataPath;
import io.floatingip.gateway.balance.Balancer;
import io.floatingip.gateway.config.Limits;
import io.floatingip.gateway.config.Listener;
import io.floatingip.gateway.config.Service;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What is passed on as bytes: TCP, WebSockets; and TLS, which ends here. */
@Timeout(60)
@ExtendWith(Leaks.class)
class TcpAndTlsTest {
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @RepeatedTest(10) // It depends on who is faster whether one has to wait for the other.
    void bytesPassBothWaysAndSoDoesTheEndOfEither() throws Exception {
        byte[] bytes = new byte[5 << 20];
        new Random(2).nextBytes(bytes);
        // Answers only when it has heard the end.
        ServerSocket server = server(socket -> {
            byte[] all = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(all);
        });
        TestGateway gateway = tcp(Optional.empty(), address(server));
        TestClient client = open(gateway.connect());
        client.send(bytes);
        client.shutdownOutput();
        assertThat(client.read(bytes.length)).isEqualTo(bytes);
        assertThat(client.read()).isEqualTo(-1);
        client.close();
        while (gateway.proxy.snapshot().active() > 0) {
            Thread.onSpinWait();
        }
        assertThat(gateway.proxy.snapshot().requests()).isEqualTo(1);
    }

    @Test
    void whoHasSaidAllBeforeThereIsAnUpstreamIsAnswered() throws Exception {
        // Both connections end their output at once, so that either end may come before the tunnel is there.
        ServerSocket server = server(socket -> {
            socket.getOutputStream().write("hello ".getBytes());
            socket.getOutputStream().write(socket.getInputStream().readAllBytes());
        });
        TestGateway gateway = tcp(Optional.empty(), address(server));
        for (int i = 0; i < 50; i++) {
            TestClient client = open(gateway.connect());
            client.send("world").shutdownOutput();
            assertThat(client.rest()).isEqualTo("hello world");
        }
    }

    @Test
    void whoSpeaksFirstMayBeTheUpstream() throws Exception {
        ServerSocket server = server(socket -> socket.getOutputStream().write("220 hello\r\n".getBytes()));
        TestClient client = open(tcp(Optional.empty(), address(server)).connect());
        assertThat(client.rest()).isEqualTo("220 hello\r\n");
    }

    @Test
    void aConnectionGoesToTheNextUpstreamIfOneCannotBeReached() throws Exception {
        ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        gone.close();
        ServerSocket server = server(socket -> socket.getOutputStream().write("here".getBytes()));
        TestGateway gateway = tcp(Optional.empty(), address(gone), address(server));
        for (int i = 0; i < 4; i++) {
            assertThat(open(gateway.connect()).rest()).isEqualTo("here");
        }
    }

    @Test
    void tlsEndsHereAndBytesGoOn() throws Exception {
        ServerSocket server = server(
                socket -> socket.getOutputStream().write(socket.getInputStream().readNBytes(5)));
        TestGateway gateway = tcp(Optional.of(TestCertificate.make(folder, "one")), address(server));
        TestClient client = open(new TestClient(tls(gateway)));
        client.send("hello");
        assertThat(client.rest()).isEqualTo("hello");
    }

    @Test
    void httpOverTlsSaysSoToTheUpstream() throws Exception {
        TestUpstream upstream = open(TestUpstream.answering(TestUpstream.OK));
        TestGateway gateway = https("one", upstream);
        TestClient client = open(new TestClient(tls(gateway)));
        assertThat(client.get("/").text()).isEqualTo("hello");
        assertThat(upstream.requests.take().field("X-Forwarded-Proto")).isEqualTo("https");
    }

    @Test
    void aNewCertificateIsShownAfterAReloadAndABadOneRefused() throws Exception {
        TestUpstream upstream = open(TestUpstream.answering(TestUpstream.OK));
        TestGateway gateway = https("one", upstream);
        SSLSocket before = tls(gateway);
        assertThat(shownBy(before)).isEqualTo("CN=one");
        Listener.Tls files = TestCertificate.make(folder, "two");
        gateway.proxy.reload(gateway.config);
        assertThat(shownBy(tls(gateway))).isEqualTo("CN=two");
        Files.writeString(files.certificate(), "nonsense");
        assertThatThrownBy(() -> gateway.proxy.reload(gateway.config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(files.certificate().toString());
        assertThat(shownBy(tls(gateway))).isEqualTo("CN=two");
        assertThat(open(new TestClient(before)).get("/").status())
                .as("connections go on")
                .isEqualTo(200);
    }

    @Test
    void aReplacedCertificateIsShownWithoutBeingAskedFor() throws Exception {
        TestGateway gateway = https("one", open(TestUpstream.answering(TestUpstream.OK)));
        SSLSocket before = tls(gateway);
        Listener.Tls files = TestCertificate.make(folder, "two");
        SSLSocket after = tls(gateway);
        while (shownBy(after).equals("CN=one")) {
            after = tls(gateway);
        }
        assertThat(shownBy(after)).isEqualTo("CN=two");
        assertThat(open(new TestClient(before)).get("/").status())
                .as("connections go on")
                .isEqualTo(200);
        assertThat(gateway.proxy.snapshot().certificates())
                .containsExactly(new DataPath.CertificateState("in", expiry(files)));
    }

    @Test
    void aCertificateThatIsNotWholeOrDoesNotFitIsLookedAtAgain() throws Exception {
        Listener.Tls files = TestCertificate.make(folder, "one");
        Listener listener =
                new Listener("in", new InetSocketAddress(0), Listener.Protocol.HTTP, Optional.of(files), true, "web");
        Front front = new Front(
                listener,
                new Counters(),
                new Front.Settings(
                        Limits.DEFAULT,
                        open(new Balancer(new Service(
                                "web", Service.Algorithm.RR, Optional.empty(), 1, List.of(), Optional.empty()))),
                        Certificates.read(listener)));
        CertificateWatch watch = new CertificateWatch(() -> List.of(front));
        Certificates one = front.settings().tls();
        ListAppender<ILoggingEvent> warnings = warnings();

        watch.run();
        assertThat(front.settings().tls()).as("nothing has changed").isSameAs(one);
        String oldKey = Files.readString(files.key());
        TestCertificate.make(folder, "two");
        String certificate = Files.readString(files.certificate());
        String key = Files.readString(files.key());
        Files.writeString(files.key(), oldKey + "\n");
        watch.run();
        watch.run();
        assertThat(front.settings().tls()).as("the key of another").isSameAs(one);
        assertThat(warnings.list).hasSize(1);
        assertThat(warnings.list.get(0).getFormattedMessage())
                .contains("the key is that of another certificate")
                .contains(files.certificate().toString());
        Files.writeString(files.key(), key);
        Files.writeString(files.certificate(), certificate.substring(0, 200));
        watch.run();
        watch.run();
        assertThat(front.settings().tls()).as("half a file").isSameAs(one);
        Files.delete(files.certificate());
        watch.run();
        assertThat(front.settings().tls()).as("no file").isSameAs(one);
        assertThat(warnings.list).hasSize(3);
        Files.writeString(files.certificate(), certificate);
        watch.run();
        assertThat(front.settings().tls()).isNotSameAs(one);
        assertThat(warnings.list).hasSize(3);
    }

    private ListAppender<ILoggingEvent> warnings() {
        Logger logger = (Logger) LoggerFactory.getLogger("io.floatingip.gateway");
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        ThresholdFilter onlyWarnings = new ThresholdFilter();
        onlyWarnings.setLevel("WARN");
        onlyWarnings.start();
        appender.addFilter(onlyWarnings);
        appender.start();
        logger.addAppender(appender);
        open(() -> logger.detachAppender(appender));
        return appender;
    }

    private static Instant expiry(Listener.Tls files) throws Exception {
        try (InputStream in = Files.newInputStream(files.certificate())) {
            return ((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in))
                    .getNotAfter()
                    .toInstant();
        }
    }

    @Test
    void aWebSocketPassesThrough() throws Exception {
        TestUpstream upstream = webSocket();
        TestGateway gateway = open(TestGateway.http(upstream.address()));
        TestClient client = open(gateway.connect());
        client.send("GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
                + "Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\nSec-WebSocket-Version: 13\r\n\r\nfirst");
        TestClient.Response response = client.head();
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.field("Upgrade")).isEqualTo("websocket");
        assertThat(response.field("Connection")).isEqualToIgnoringCase("upgrade");
        assertThat(new String(client.read(5)))
                .as("sent along with the response")
                .isEqualTo("hello");
        assertThat(new String(client.read(5))).as("sent along with the request").isEqualTo("first");
        client.send("again");
        assertThat(new String(client.read(5))).isEqualTo("again");
        TestUpstream.Request request = upstream.requests.take();
        assertThat(request.field("Connection")).isEqualTo("upgrade");
        assertThat(request.field("Sec-WebSocket-Key")).isEqualTo("x3JJHMbDL1EzLkh9GBhXDw==");
        client.shutdownOutput();
        assertThat(client.read()).isEqualTo(-1);
        client.close();
        while (gateway.proxy.snapshot().active() > 0) {
            Thread.onSpinWait();
        }
        assertThat(gateway.proxy.snapshot().services().get(0).upstreams().get(0).active())
                .isZero();
    }

    @Test
    void anUpgradeThatNobodyAskedForIs502() throws Exception {
        TestClient client = open(open(TestGateway.http(webSocket().address())).connect());
        assertThat(client.get("/").status()).isEqualTo(502);
    }

    /** Greets, and then echoes what comes. */
    private TestUpstream webSocket() throws IOException {
        return open(TestUpstream.upgrading(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: HSmrc0sMlYUkAGmm5OPpG2HaGWk=\r\n\r\nhello"));
    }

    private interface Serving {
        void serve(Socket socket) throws Exception;
    }

    private ServerSocket server(Serving serving) throws IOException {
        ServerSocket server = open(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
        TestUpstream.daemon(() -> {
            while (true) {
                Socket socket = server.accept();
                TestUpstream.daemon(() -> {
                    try (socket) {
                        serving.serve(socket);
                    }
                });
            }
        });
        return server;
    }

    private static InetSocketAddress address(ServerSocket server) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    private TestGateway tcp(Optional<Listener.Tls> tls, InetSocketAddress... upstreams) {
        return open(TestGateway.of(Listener.Protocol.TCP, tls, limits -> limits, upstreams));
    }

    private TestGateway https(String name, TestUpstream upstream) throws Exception {
        return open(TestGateway.of(
                Listener.Protocol.HTTP,
                Optional.of(TestCertificate.make(folder, name)),
                limits -> limits,
                upstream.address()));
    }

    private SSLSocket tls(TestGateway gateway) throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        InetSocketAddress address = gateway.address();
        return open((SSLSocket) trusting.getSocketFactory().createSocket(address.getAddress(), address.getPort()));
    }

    private static String shownBy(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    private <T extends AutoCloseable> T open(T each) {
        open.add(each);
        return each;
    }
}
