package io.floatingip.gateway.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.gateway.DataPath;
import io.floatingip.gateway.config.GatewayConfig;
import io.floatingip.gateway.config.Limits;
import io.floatingip.gateway.config.StatusPage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusServerTest {
    private static final String TOKEN = "0123456789abcdef";

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger handedOver = new AtomicInteger();
    private Status status;
    private StatusServer server;

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void showsEverythingAsJson() throws Exception {
        start(Optional.empty());
        status.onChange(change("no advert from <b>10.0.0.1</b> for \"3 s\""));
        HttpResponse<String> answer = get("/status.json");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json; charset=utf-8");
        assertThat(answer.body())
                .startsWith("{\"node\":\"a\",\"now\":\"")
                .contains("\"handOver\":false,\"floatingIps\":[],")
                .contains("\"traffic\":{\"draining\":false,\"connections\":3,\"active\":2,\"requests\":10,\"errors\":1,"
                        + "\"refused\":0}")
                .contains(
                        "\"services\":[{\"name\":\"web\",\"algorithm\":null,\"sorry\":false,\"upstreams\":[{\"name\":\"one\","
                                + "\"address\":\"10.0.0.1:80\",\"weight\":1,\"alive\":false,\"detail\":\"refused\",\"active\":2,"
                                + "\"requests\":9,\"errors\":1}]}]")
                .endsWith("\"certificates\":[{\"listener\":\"*:443\",\"notAfter\":\"2026-03-04T05:06:07Z\"}],"
                        + "\"changes\":[{\"name\":\"web\",\"at\":\"2026-01-02T03:04:05Z\",\"from\":\"BACKUP\",\"to\":\"MASTER\","
                        + "\"reason\":\"MASTER_SILENT\",\"detail\":\"no advert from \\u003cb>10.0.0.1\\u003c/b> for \\\"3 s\\\"\","
                        + "\"epoch\":1}]}");
    }

    @Test
    void tellsOfAChangeWhenItHappens() throws Exception {
        start(Optional.empty());
        HttpResponse<InputStream> events =
                client.send(request("/events").build(), HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader in = new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            assertThat(events.headers().firstValue("Content-Type")).contains("text/event-stream; charset=utf-8");
            assertThat(in.readLine()).startsWith("data: {").endsWith("\"changes\":[]}");
            assertThat(in.readLine()).isEmpty();
            status.onChange(change("because"));
            String next = in.readLine();
            while (next.isEmpty() || next.endsWith("\"changes\":[]}")) {
                next = in.readLine();
            }
            assertThat(next).contains("\"detail\":\"because\"");
        }
    }

    @Test
    void allowsNothingFromElsewhereInItsPage() throws Exception {
        start(Optional.empty());
        HttpResponse<String> page = get("/");
        assertThat(page.body())
                .contains("<title>Gateway</title>")
                .doesNotContain("http:")
                .doesNotContain("https:");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
        assertThat(get("/status.js").statusCode()).isEqualTo(200);
        assertThat(get("/status.css").statusCode()).isEqualTo(200);
        assertThat(get("/../Status.class").statusCode()).isEqualTo(404);
    }

    @Test
    void isNotReachedByANameThatSomebodyElseChose() throws Exception {
        start(Optional.empty());
        assertThat(statusOf("GET /status.json HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .isEqualTo("HTTP/1.1 421 ");
        assertThat(statusOf("GET /status.json HTTP/1.1\r\nHost: localhost:9080\r\nConnection: close\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK");
    }

    @Test
    void handsOverToWhoKnowsTheToken() throws Exception {
        start(Optional.of(TOKEN));
        assertThat(get("/status.json").body()).contains("\"handOver\":true").doesNotContain(TOKEN);
        assertThat(post("Bearer wrong").statusCode()).isEqualTo(401);
        assertThat(post("").statusCode()).isEqualTo(401);
        assertThat(get("/hand-over").statusCode()).isEqualTo(405);
        assertThat(handedOver).hasValue(0);
        assertThat(post("Bearer " + TOKEN).statusCode()).isEqualTo(202);
        assertThat(handedOver).hasValue(1);
    }

    @Test
    void handsOverToNobodyWithoutAToken() throws Exception {
        start(Optional.empty());
        assertThat(post("Bearer ").statusCode()).isEqualTo(403);
        assertThat(handedOver).hasValue(0);
    }

    private void start(Optional<String> token) {
        StatusPage page = new StatusPage(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), token);
        GatewayConfig config =
                new GatewayConfig(List.of(), List.of(), List.of(), List.of(), Limits.DEFAULT, Optional.of(page));
        status = new Status("a", () -> config, List::of, new Still());
        server = StatusServer.start(page, status, handedOver::incrementAndGet);
    }

    private static RoleChange change(String detail) {
        return new RoleChange(
                "web",
                Role.BACKUP,
                Role.MASTER,
                Reason.MASTER_SILENT,
                detail,
                100,
                1,
                Instant.parse("2026-01-02T03:04:05Z"));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.address().getPort() + path));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String authorization) throws IOException, InterruptedException {
        HttpRequest.Builder builder = request("/hand-over").POST(HttpRequest.BodyPublishers.noBody());
        if (!authorization.isEmpty()) {
            builder.header("Authorization", authorization);
        }
        return client.send(builder.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String statusOf(String request) throws IOException {
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    /** A data path where nothing moves. */
    private static final class Still implements DataPath {
        @Override
        public void reload(GatewayConfig config) {}

        @Override
        public void drain(Duration time) {}

        @Override
        public void resume() {}

        @Override
        public boolean responsive(Duration time) {
            return true;
        }

        @Override
        public Snapshot snapshot() {
            UpstreamState one = new UpstreamState("one", "10.0.0.1:80", 1, false, "refused", 2, 9, 1);
            return new Snapshot(
                    false,
                    3,
                    2,
                    10,
                    1,
                    0,
                    List.of(new ServiceState("web", false, List.of(one))),
                    List.of(new CertificateState("*:443", Instant.parse("2026-03-04T05:06:07Z"))));
        }

        @Override
        public void close() {}
    }
}
