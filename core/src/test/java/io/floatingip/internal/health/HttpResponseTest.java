package io.floatingip.internal.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.health.UnhealthyException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpResponseTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void readsChunksHoweverTheyArrive(int step) throws UnhealthyException {
        HttpResponse response = new HttpResponse(true, 100);
        byte[] bytes =
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n4;x=y\r\nWiki\r\nA\r\npedia\nkeep\r\n0\r\nX: y\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at < bytes.length; at += step) {
            response.read(ByteBuffer.wrap(bytes, at, Math.min(step, bytes.length - at)));
        }
        assertThat(response.complete()).isTrue();
        assertThat(response.status()).isEqualTo(200);
        assertThat(new String(response.body(), StandardCharsets.US_ASCII)).isEqualTo("Wikipedia\nkeep");
    }

    @Test
    void aBodyWithoutLengthEndsWithTheConnection() throws UnhealthyException {
        HttpResponse response = reading("HTTP/1.0 200 OK\n\nabc");
        assertThat(response.complete()).isFalse();
        response.end();
        assertThat(response.complete()).isTrue();
        assertThat(response.body()).isEqualTo(new byte[] {'a', 'b', 'c'});
    }

    @Test
    void aBodyThatEndsTooSoonIsAFailure() throws UnhealthyException {
        HttpResponse response = reading("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc");
        assertThatThrownBy(response::end)
                .isInstanceOf(UnhealthyException.class)
                .hasMessage("the connection ended within the body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void someAnswersHaveNoBody(String status) throws UnhealthyException {
        assertThat(reading("HTTP/1.1 " + status + "\r\nContent-Length: 4\r\n\r\n")
                        .complete())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/1.1 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
            })
    void refusesWhatIsNoAnswer(String text) {
        assertThatThrownBy(() -> reading(text)).isInstanceOf(UnhealthyException.class);
    }

    @Test
    void refusesAHeadWithoutEnd() {
        assertThatThrownBy(() -> reading("HTTP/1.1 200 OK\r\n" + "X: 0123456789\r\n".repeat(10_000)))
                .isInstanceOf(UnhealthyException.class)
                .hasMessageContaining("longer than 65536 bytes");
    }

    private static HttpResponse reading(String text) throws UnhealthyException {
        HttpResponse response = new HttpResponse(true, 100);
        response.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        return response;
    }
}
