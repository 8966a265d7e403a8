package io.floatingip.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.floatingip.Role;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NotifyWebhookTest {
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private int refusals;

    @BeforeEach
    void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + exchange.getRequestHeaders().getFirst("X-Key") + " " + body);
            exchange.sendResponseHeaders(requests.size() <= refusals ? 503 : 204, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void arrivesThoughTheServerRefusesTwice() {
        refusals = 2;
        NotifyWebhook webhook = webhook().header("X-Key", "k");
        webhook.onChange(Changes.to(Role.MASTER));
        webhook.onChange(Changes.ofGroup(Role.RELEASED));
        Changes.awaitDone(webhook);
        String first =
                "POST application/json k {\"type\":\"INSTANCE\",\"name\":\"VI_1\",\"from\":\"BACKUP\",\"to\":\"MASTER\","
                        + "\"reason\":\"MASTER_SILENT\",\"detail\":\"no advert for \\\"3.6 s\\\"\",\"at\":\"1970-01-01T00:00:00Z\","
                        + "\"priority\":100,\"epoch\":3}";
        String second =
                "POST application/json k {\"type\":\"GROUP\",\"name\":\"G1\",\"from\":\"BACKUP\",\"to\":\"RELEASED\","
                        + "\"reason\":\"GROUP\",\"detail\":\"all\",\"at\":\"1970-01-01T00:00:00Z\",\"priority\":0,\"epoch\":3}";
        assertThat(requests).containsExactly(first, first, first, second);
        assertThat(webhook.delivered()).isEqualTo(2);
        assertThat(webhook.undelivered()).isZero();
    }

    @Test
    void countsWhatItGivesUp() {
        refusals = 3;
        NotifyWebhook webhook = webhook();
        webhook.onChange(Changes.to(Role.MASTER));
        webhook.onChange(Changes.to(Role.BACKUP));
        Changes.awaitDone(webhook);
        assertThat(requests).hasSize(4);
        assertThat(webhook.undelivered()).isEqualTo(1);
        assertThat(webhook.delivered()).isEqualTo(1);
    }

    private NotifyWebhook webhook() {
        return NotifyWebhook.to("http://localhost:" + server.getAddress().getPort() + "/hook")
                .attempts(3, Duration.ofMillis(20));
    }
}
