package io.floatingip.gateway.proxy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** An HTTP/1.1 server that keeps what it is asked, byte by byte, and answers as a test says. */
final class TestUpstream implements AutoCloseable {
    static final String OK = response("200 OK", "hello");

    private final ServerSocket server;
    private final Responder responder;
    private volatile boolean echoing;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    /** Heads and bodies as they came. */
    final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    record Request(String head, byte[] body) {
        String line() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        /** The value of a field, all of them if there are several. */
        String field(String name) {
            StringBuilder values = new StringBuilder();
            for (String line : head.split("\r\n")) {
                if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                    values.append(values.isEmpty() ? "" : " | ")
                            .append(line.substring(name.length() + 1).trim());
                }
            }
            return values.toString();
        }
    }

    /** Answers; an exception ends the connection. */
    interface Responder {
        void respond(Request request, OutputStream out) throws Exception;
    }

    TestUpstream(Responder responder) throws IOException {
        this.responder = responder;
        server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    static TestUpstream answering(String response) throws IOException {
        return new TestUpstream((request, out) -> out.write(response.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Answers the first request, and then sends back whatever comes. */
    static TestUpstream upgrading(String response) throws IOException {
        TestUpstream upstream = answering(response);
        upstream.echoing = true;
        return upstream;
    }

    static String response(String status, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    int connections() {
        return connections.size();
    }

    /** Ends what is connected now, as a restarted server does; new connections are accepted. */
    void dropConnections() throws IOException {
        for (Socket connection : connections) {
            connection.close();
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket connection = server.accept();
            connections.add(connection);
            daemon(() -> serve(connection));
        }
    }

    private void serve(Socket connection) throws Exception {
        try (connection;
                InputStream in = new BufferedInputStream(connection.getInputStream());
                OutputStream out = connection.getOutputStream()) {
            while (true) {
                Request request = read(in);
                requests.add(request);
                responder.respond(request, out);
                out.flush();
                if (echoing) {
                    in.transferTo(out);
                    return;
                }
            }
        }
    }

    private static Request read(InputStream in) throws IOException {
        String head = readHead(in);
        Request bare = new Request(head, new byte[0]);
        if (bare.field("Transfer-Encoding").equals("chunked")) {
            return new Request(head, readChunked(in));
        }
        String length = bare.field("Content-Length");
        byte[] body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
        if (!length.isEmpty() && body.length < Integer.parseInt(length)) {
            throw new EOFException("half a body");
        }
        return new Request(head, body);
    }

    static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException(head.toString(StandardCharsets.ISO_8859_1));
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    static byte[] readChunked(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(readLine(in), 16);
            body.write(in.readNBytes(size));
            boolean end = readLine(in).isEmpty();
            if (size == 0) {
                while (!end) {
                    end = readLine(in).isEmpty();
                }
                return body.toByteArray();
            }
        }
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException(line.toString());
            }
            line.append(b == '\r' ? "" : String.valueOf((char) b));
        }
        return line.toString();
    }

    interface Task {
        void run() throws Exception;
    }

    static Thread daemon(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (Exception e) {
                // A connection or the server has ended.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() throws IOException {
        server.close();
        dropConnections();
    }
}
