package io.floatingip.gateway.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that sends exactly the bytes a test wants. */
final class TestClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    TestClient(InetSocketAddress address) throws IOException {
        this(new Socket(address.getAddress(), address.getPort()));
    }

    TestClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(30_000);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    record Response(String head, byte[] body) {
        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        String text() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }

        String field(String name) {
            return new TestUpstream.Request(head, body).field(name);
        }
    }

    TestClient send(String bytes) throws IOException {
        out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return this;
    }

    TestClient send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    Response get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: example.org\r\n\r\n").response();
    }

    /** The next response to anything but HEAD. */
    Response response() throws IOException {
        String head = TestUpstream.readHead(in);
        Response bare = new Response(head, new byte[0]);
        if (bare.status() < 200 || bare.status() == 204 || bare.status() == 304) {
            return bare;
        }
        if (bare.field("Transfer-Encoding").equals("chunked")) {
            return new Response(head, TestUpstream.readChunked(in));
        }
        String length = bare.field("Content-Length");
        return new Response(head, length.isEmpty() ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length)));
    }

    /** The head alone, as HEAD is answered. */
    Response head() throws IOException {
        return new Response(TestUpstream.readHead(in), new byte[0]);
    }

    /** The next byte, -1 at the end. */
    int read() throws IOException {
        return in.read();
    }

    byte[] read(int bytes) throws IOException {
        return in.readNBytes(bytes);
    }

    /** All up to the end. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
