package io.floatingip.internal.health;

import io.floatingip.health.UnhealthyException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** One request and its answer, moved on whenever the socket is ready. Used by the engine's thread only. */
final class HttpAttempt extends TcpCheck.Connecting {
    // One endless body must not keep the engine from the other checks.
    private static final int STEPS_MAX = 16;

    private final HealthEngine engine;
    private final HttpWants wants;
    private final String name;
    private final boolean checkName;
    private final @Nullable SSLContext tls;
    private final Consumer<Outcome> done;
    private final ByteBuffer request;
    private final HttpResponse response;
    private @Nullable Wire wire;
    private boolean waitingForTask;
    private CheckExecutor.@Nullable Run judging;

    /** What the request and the answer go through: the socket, or TLS on it. */
    interface Wire {
        /** What there is to wait for. */
        enum State {
            /** Something was moved; go on. */
            MOVED,
            WANTS_READ,
            WANTS_WRITE,
            /** {@link #task} is to be run elsewhere first. */
            WANTS_TASK,
            /** The peer has ended. */
            END
        }

        /** Sends some of the request, or reads some of the answer into the reader. */
        State step(ByteBuffer toSend, HttpResponse reader) throws IOException, UnhealthyException;

        /** Long computations. */
        @Nullable
        Runnable task();
    }

    HttpAttempt(
            HealthEngine engine,
            URI url,
            HttpWants wants,
            @Nullable SSLContext tls,
            boolean checkName,
            Consumer<Outcome> done) {
        super(engine, unbracketed(url.getHost()), portOf(url));
        this.engine = engine;
        this.wants = wants;
        this.tls = tls;
        this.done = done;
        this.checkName = checkName;
        name = unbracketed(wants.virtualHost() == null ? url.getHost() : withoutPort(wants.virtualHost()));
        request = ByteBuffer.wrap(request(url, wants).getBytes(StandardCharsets.UTF_8));
        // Where only the status is wanted, the body is none of our business.
        response = new HttpResponse(wants.body() && !wants.method().equals("HEAD"), wants.bodyMax());
    }

    private static int portOf(URI url) {
        return url.getPort() > 0 ? url.getPort() : "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static String withoutPort(String host) {
        return host.replaceFirst(":[0-9]+$", "");
    }

    private static String request(URI url, HttpWants wants) {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String host = url.getPort() > 0 ? url.getHost() + ":" + url.getPort() : url.getHost();
        StringBuilder text = new StringBuilder()
                .append(wants.method())
                .append(' ')
                .append(path)
                .append(url.getRawQuery() == null ? "" : "?" + url.getRawQuery())
                .append(" HTTP/1.1\r\nHost: ")
                .append(wants.virtualHost() == null ? host : wants.virtualHost())
                .append("\r\nUser-Agent: floatingip-health\r\nAccept: */*\r\nConnection: close\r\n");
        wants.headers().forEach(header -> text.append(header).append("\r\n"));
        return text.append("\r\n").toString();
    }

    @Override
    void connected(SocketChannel channel, SelectionKey key) {
        try {
            wire = tls == null ? new PlainWire(channel) : new TlsWire(channel, tls, name, checkName);
            key.attach((Runnable) () -> move(key));
            move(key);
        } catch (RuntimeException e) {
            failed(text(e));
        }
    }

    private void move(SelectionKey key) {
        Wire way = wire;
        if (closed() || way == null || waitingForTask) {
            return;
        }
        try {
            for (int i = 0; i < STEPS_MAX; i++) {
                Wire.State state = way.step(request, response);
                if (judged()) {
                    return;
                }
                switch (state) {
                    case MOVED -> {
                        // on with it
                    }
                    case WANTS_READ -> {
                        key.interestOps(SelectionKey.OP_READ);
                        return;
                    }
                    case WANTS_WRITE -> {
                        key.interestOps(SelectionKey.OP_WRITE);
                        return;
                    }
                    case WANTS_TASK -> {
                        offload(way, key);
                        return;
                    }
                    case END -> {
                        response.end();
                        judged();
                        return;
                    }
                }
            }
            key.interestOps(0);
            engine.post(() -> move(key));
        } catch (IOException | UnhealthyException | RuntimeException e) {
            failed(text(e));
        }
    }

    private void offload(Wire way, SelectionKey key) {
        waitingForTask = true;
        key.interestOps(0);
        engine.offload(
                () -> {
                    Runnable task;
                    while ((task = way.task()) != null) {
                        task.run();
                    }
                },
                () -> {
                    waitingForTask = false;
                    move(key);
                });
    }

    /** Whether the answer is known by now, good or bad. */
    private boolean judged() throws UnhealthyException {
        if (!response.headComplete()) {
            return false;
        }
        wants.judgeStatus(response);
        if (wants.body()) {
            if (!response.complete()) {
                return false;
            }
            judgeBody();
            return true;
        }
        close();
        done.accept(Outcome.success(""));
        return true;
    }

    /** On a thread of its own, which can be interrupted: a regular expression may take for ever. */
    private void judgeBody() {
        close();
        byte[] body = response.body();
        judging = engine.finish(
                () -> {
                    wants.judgeBody(body);
                    return true;
                },
                done);
    }

    @Override
    public void cancel() {
        super.cancel();
        if (judging != null) {
            judging.cancel();
        }
    }

    @Override
    void failed(String detail) {
        if (!closed()) {
            close();
            done.accept(Outcome.failure(detail));
        }
    }

    private static String text(Throwable e) {
        if (e instanceof UnhealthyException) {
            return String.valueOf(e.getMessage());
        }
        // What is wrong with a certificate is said by the innermost.
        Throwable innermost = e;
        for (int i = 0; i < 10 && innermost.getCause() != null; i++) {
            innermost = innermost.getCause();
        }
        String outer = e.getMessage() == null ? e.toString() : e.getMessage();
        return innermost == e || innermost.getMessage() == null || outer.contains(innermost.getMessage())
                ? outer
                : outer + " (" + innermost.getMessage() + ")";
    }
}
