package io.floatingip.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that two servers could understand in two ways: answered with 400, never forwarded, and the connection ends. */
@Timeout(60)
@ExtendWith(Leaks.class)
class SmugglingTest {
    private static final String AFTER = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    private static TestUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = TestUpstream.answering(TestUpstream.OK);
        gateway = TestGateway.http(upstream.address());
    }

    @AfterAll
    static void end() throws Exception {
        gateway.close();
        upstream.close();
    }

    @AfterEach
    void forget() {
        upstream.requests.clear();
    }

    static Stream<Arguments> ambiguous() {
        return Stream.of(
                bad("both lengths", post("Content-Length: 4\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
                bad(
                        "both lengths, the other order",
                        post("Transfer-Encoding: chunked\r\nContent-Length: 4", "0\r\n\r\n")),
                bad("two lengths", post("Content-Length: 4\r\nContent-Length: 5", "abcde")),
                bad("the same length twice", post("Content-Length: 4\r\nContent-Length: 4", "abcd")),
                bad("a list of lengths", post("Content-Length: 4, 4", "abcd")),
                bad("a length with a sign", post("Content-Length: +4", "abcd")),
                bad("a negative length", post("Content-Length: -4", "abcd")),
                bad("a hexadecimal length", post("Content-Length: 0x4", "abcd")),
                bad("a length with something behind it", post("Content-Length: 4 5", "abcd")),
                bad("an empty length", post("Content-Length: ", "abcd")),
                bad("a length that overflows", post("Content-Length: 18446744073709551620", "abcd")),
                bad("chunked is not the last coding", post("Transfer-Encoding: chunked, identity", "0\r\n\r\n")),
                bad("not chunked at all", post("Transfer-Encoding: gzip", "0\r\n\r\n")),
                bad("almost chunked", post("Transfer-Encoding: xchunked", "0\r\n\r\n")),
                bad("chunked twice", post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n")),
                bad("chunked with a control character", post("Transfer-Encoding: \u000bchunked", "0\r\n\r\n")),
                bad("chunked behind a folded line", post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n")),
                bad("a space before the colon", post("Transfer-Encoding : chunked", "0\r\n\r\n")),
                bad("a space before the colon of the length", post("Content-Length : 4", "abcd")),
                bad("chunks in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad("a folded line", get("X-A: b\r\n c: d")),
                bad("a folded line with a tab", get("X-A: b\r\n\tc")),
                bad("a folded first line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
                bad("bare line feeds", "GET / HTTP/1.1\nHost: a\n\n"),
                bad("one bare line feed", get("X-A: b\nTransfer-Encoding: chunked")),
                bad("a bare line feed at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n"),
                bad("a bare carriage return", get("X-A: b\rTransfer-Encoding: chunked")),
                bad("a carriage return too many", get("X-A: b\r")),
                bad("NUL in a value", get("X-A: b\0c")),
                bad("NUL in a name", get("X\0A: b")),
                bad("a control character in a value", get("X-A: b\u0001c")),
                bad("DEL in a value", get("X-A: b\u007fc")),
                bad("no colon", get("X-A")),
                bad("no name", get(": b")),
                bad("a space in a name", get("X A: b")),
                bad("a bracket in a name", get("X(A): b")),
                bad("a name beyond ASCII", get("X\u00e4: b")),
                bad("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
                bad("the same host twice", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
                bad("no host", "GET / HTTP/1.1\r\n\r\n"),
                bad("an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
                bad("a host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
                bad("a host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
                bad("a host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
                bad("two hosts in one", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
                bad("a target of another host", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a target with a user", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a target of another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a target without a slash", "GET path HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a star to GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a target beyond ASCII", "GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("two spaces in the request line", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a tab in the request line", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a space before the request line", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a space behind the request line", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
                bad("a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("no version", "GET /\r\nHost: a\r\n\r\n"),
                bad("a name that is none as the method", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ambiguous")
    void isRefusedAndNeverForwarded(String what, String request) throws Exception {
        try (TestClient client = gateway.connect()) {
            client.send(request + AFTER);
            TestClient.Response response = client.response();
            assertThat(response.status())
                    .as(what + upstream.requests + response)
                    .isEqualTo(400);
            assertThat(client.rest()).as("nothing after it").isEmpty();
        }
        assertThat(upstream.requests).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ambiguous")
    void isRefusedInPieces(String what, String request) throws Exception {
        try (TestClient client = gateway.connect()) {
            for (int i = 0; i < request.length(); i++) {
                client.send(request.substring(i, i + 1));
            }
            assertThat(client.response().status()).as(what).isEqualTo(400);
        } catch (java.net.SocketException e) {
            // Refused before its end, and this side went on sending.
            assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
        }
        assertThat(upstream.requests).isEmpty();
    }

    static Stream<Arguments> badChunks() {
        return Stream.of(
                bad("a size that is no number", "x\r\nabc\r\n0\r\n\r\n"),
                bad("an empty size", "\r\nabc\r\n0\r\n\r\n"),
                bad("a size with 0x", "0x3\r\nabc\r\n0\r\n\r\n"),
                bad("a negative size", "-3\r\nabc\r\n0\r\n\r\n"),
                bad("a size that overflows", "100000000000000003\r\nabc\r\n0\r\n\r\n"),
                bad("a space before the size", " 3\r\nabc\r\n0\r\n\r\n"),
                bad("a bare line feed behind the size", "3\nabc\r\n0\r\n\r\n"),
                bad("a bare line feed in an extension", "3;a\nb\r\nabc\r\n0\r\n\r\n"),
                bad("a chunk longer than its size", "3\r\nabcd\r\n0\r\n\r\n"),
                bad("a bare line feed behind the data", "3\r\nabc\n0\r\n\r\n"),
                bad("a bare line feed at the end", "3\r\nabc\r\n0\r\n\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badChunks")
    void aBadChunkIsRefusedAndItsRequestNeverCompleted(String what, String body) throws Exception {
        try (TestClient client = gateway.connect()) {
            client.send(post("Transfer-Encoding: chunked", body) + AFTER);
            assertThat(client.response().status()).as(what).isEqualTo(400);
            assertThat(client.rest()).isEmpty();
        }
        assertThat(upstream.requests).isEmpty();
    }

    static Stream<Arguments> good() {
        return Stream.of(
                bad("an absolute target of the same host", "GET http://a/x HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("an empty line first", "\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad(
                        "chunks with extensions and trailers",
                        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                                + "3;a=b\r\nabc\r\n0\r\nX-T: a\r\n\r\n"),
                bad("text in a value", get("X-A: \u00e4\tb").replace("GET /", "GET /x")),
                bad("an address as the host", "GET /x HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void whatIsOnlyUnusualIsServed(String what, String request) throws Exception {
        try (TestClient client = gateway.connect()) {
            client.send(request);
            assertThat(client.response().status()).isEqualTo(200);
        }
        assertThat(upstream.requests.take().line()).matches("(GET|POST) /x HTTP/1.1");
        assertThat(upstream.requests).isEmpty();
    }

    private static Arguments bad(String what, String request) {
        return Arguments.of(what, request);
    }

    private static String get(String field) {
        return "GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n";
    }

    private static String post(String field, String body) {
        return "POST / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n" + body;
    }
}
