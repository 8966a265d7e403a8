package io.floatingip.gateway.status;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.floatingip.gateway.config.StatusPage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the status page, {@code /status.json}, the same as server-sent events at {@code /events}, and takes {@code POST /hand-over}. On a port of
 * its own and threads of its own: it cannot get in the way of traffic.
 */
public final class StatusServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip.gateway");
    private static final int WATCHERS_MAX = 16;
    private static final int THREADS_MAX = WATCHERS_MAX + 4;
    private static final long EVERY_MILLIS = 1_000;

    private final HttpServer server;
    private final Status status;
    private final Optional<String> token;
    private final Runnable handOver;
    private final Semaphore watchers = new Semaphore(WATCHERS_MAX);
    private final ThreadPoolExecutor threads;
    private final ScheduledExecutorService timer;
    private volatile boolean closed;

    private StatusServer(HttpServer server, StatusPage page, Status status, Runnable handOver) {
        this.server = server;
        this.status = status;
        this.token = page.token();
        this.handOver = handOver;
        threads = new ThreadPoolExecutor(
                0, THREADS_MAX, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), StatusServer::thread);
        timer = Executors.newSingleThreadScheduledExecutor(StatusServer::thread);
        timer.scheduleWithFixedDelay(status::listen, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "gateway-status");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Starts to serve.
     *
     * @param handOver gives the floating IPs away; returns at once
     * @throws UncheckedIOException if the port is taken
     */
    public static StatusServer start(StatusPage page, Status status, Runnable handOver) {
        HttpServer server;
        try {
            server = HttpServer.create(page.address(), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the status page cannot listen at " + page.address() + ": " + e.getMessage(), e);
        }
        StatusServer self = new StatusServer(server, page, status, handOver);
        server.setExecutor(self.threads);
        server.createContext("/", self::handle);
        server.start();
        return self;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Cache-Control", "no-store");
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none';"
                            + " form-action 'none'; frame-ancestors 'none'");
            if (!named(exchange)) {
                // A name that somebody else pointed at this address: a web page elsewhere could read what is here.
                answer(exchange, 421, "text/plain", "ask by address, or as localhost\n");
                return;
            }
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/hand-over")) {
                handOver(exchange);
                return;
            }
            if (!exchange.getRequestMethod().equals("GET")
                    && !exchange.getRequestMethod().equals("HEAD")) {
                headers.set("Allow", "GET, HEAD");
                answer(exchange, 405, "text/plain", "only GET\n");
                return;
            }
            switch (path) {
                case "/" -> resource(exchange, "status.html", "text/html");
                case "/status.js" -> resource(exchange, "status.js", "text/javascript");
                case "/status.css" -> resource(exchange, "status.css", "text/css");
                case "/status.json" -> answer(exchange, 200, "application/json", status.json());
                case "/events" -> events(exchange);
                default -> answer(exchange, 404, "text/plain", "there is /, /status.json and /events\n");
            }
        }
    }

    /** By an address or as localhost, unless it listens to the network, where names are to be expected. */
    private boolean named(HttpExchange exchange) {
        if (!server.getAddress().getAddress().isLoopbackAddress()) {
            return true;
        }
        String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                .orElse("");
        return host.matches("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");
    }

    private void events(HttpExchange exchange) throws IOException {
        if (!watchers.tryAcquire()) {
            exchange.getResponseHeaders().set("Retry-After", "5");
            answer(exchange, 503, "text/plain", "too many are watching\n");
            return;
        }
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            long version = -1;
            while (!closed) {
                out.write(("data: " + status.json() + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                version = status.await(version, EVERY_MILLIS);
            }
        } catch (IOException e) {
            log.debug("a watcher of the status page has gone: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watchers.release();
        }
    }

    private void handOver(HttpExchange exchange) throws IOException {
        if (token.isEmpty()) {
            answer(exchange, 403, "text/plain", "off: no token is configured\n");
            return;
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            answer(exchange, 405, "text/plain", "only POST\n");
            return;
        }
        // A browser sends this header for another site only after asking, and is not answered. There is no cookie to
        // borrow.
        String given = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        if (!MessageDigest.isEqual(bytes(given), bytes("Bearer " + token.get()))) {
            log.warn("hand over refused: wrong token, from {}", exchange.getRemoteAddress());
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            answer(exchange, 401, "text/plain", "wrong token\n");
            return;
        }
        log.info("hand over asked for on the status page, from {}", exchange.getRemoteAddress());
        handOver.run();
        answer(exchange, 202, "text/plain", "handing over\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void resource(HttpExchange exchange, String name, String type) throws IOException {
        try (InputStream in = StatusServer.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing in the jar");
            }
            answer(exchange, 200, type, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static void answer(HttpExchange exchange, int code, String type, String text) throws IOException {
        byte[] body = bytes(text);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(code, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        closed = true;
        server.stop(0);
        timer.shutdownNow();
        threads.shutdownNow();
    }
}
