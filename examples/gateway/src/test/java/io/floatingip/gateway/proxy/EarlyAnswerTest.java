package io.floatingip.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(Leaks.class)
class EarlyAnswerTest {
    /** With the socket's input unread: its kernel resets the connection. */
    @Test
    void anUpstreamThatRefusesABodyInTheMiddleIsHeard() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
                TestGateway gateway = TestGateway.http((InetSocketAddress) server.getLocalSocketAddress())) {
            TestUpstream.daemon(() -> {
                while (true) {
                    try (Socket connection = server.accept()) {
                        TestUpstream.readHead(connection.getInputStream());
                        connection
                                .getOutputStream()
                                .write(("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig")
                                        .getBytes());
                    }
                }
            });
            byte[] body = new byte[4 << 20];
            for (int i = 0; i < 50; i++) {
                try (TestClient client = gateway.connect()) {
                    client.send("POST / HTTP/1.1\r\nHost: example.org\r\nContent-Length: " + body.length + "\r\n\r\n")
                            .send(body);
                    TestClient.Response response = client.response();
                    assertThat(response.status()).as("upload %s", i).isEqualTo(413);
                    assertThat(response.text()).isEqualTo("big");
                }
            }
        }
    }

    /** CANCEL would make clients throw the answer away. */
    @Test
    void aRefusedStreamEndsWithoutAnError() throws Exception {
        try (TestGateway gateway = TestGateway.http();
                TestClient client = gateway.connect()) {
            // POST / http, content-length: 99999999, more to come.
            byte[] fields =
                    "\u0083\u0086\u0084\1\13example.org\17\r\u000899999999".getBytes(StandardCharsets.ISO_8859_1);
            String ping = "\0\0\10\6\0\0\0\0\0" + "01234567";
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0")
                    .send("\0\0" + (char) fields.length + "\1\4\0\0\0\1")
                    .send(fields);
            List<Integer> resets = new ArrayList<>();
            List<Integer> ofStream = new ArrayList<>();
            boolean asked = false;
            while (true) {
                ByteBuffer head = ByteBuffer.wrap(client.read(9));
                int type = head.get(3);
                byte[] payload = client.read(head.getInt(0) >>> 8);
                if (head.getInt(5) == 1) {
                    ofStream.add(type);
                }
                if (type == 3) {
                    resets.add(ByteBuffer.wrap(payload).getInt());
                }
                if (type == 3 && !asked) {
                    asked = true;
                    client.send(ping);
                }
                if (type == 6 && head.get(4) == 1) {
                    break;
                }
            }
            assertThat(ofStream).as("headers, data, reset").containsExactly(1, 0, 3);
            assertThat(resets).as("NO_ERROR").containsExactly(0);
        }
    }

    @Test
    void fieldsThatAnUpstreamCouldTakeForOthersAreLeftOut() throws Exception {
        try (TestUpstream upstream = TestUpstream.answering(TestUpstream.OK);
                TestGateway gateway = TestGateway.http(upstream.address());
                TestClient client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: example.org\r\nX_Real_IP: 10.0.0.1\r\nx-forwarded_FOR: 10.0.0.1\r\n"
                    + "X_Real_IP: 10.0.0.2\r\nX-Other: a_b\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(200);
            TestUpstream.Request request = upstream.requests.take();
            assertThat(request.head()).doesNotContain("10.0.0.");
            assertThat(request.field("X-Real-IP")).isEqualTo("127.0.0.1");
            assertThat(request.field("X-Other")).isEqualTo("a_b");
        }
    }
}
