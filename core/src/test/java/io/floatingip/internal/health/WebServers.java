package io.floatingip.internal.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** The JDK's own server, in the clear and with certificates of every kind, on localhost. */
final class WebServers implements AutoCloseable {
    private final List<HttpServer> servers = new ArrayList<>();
    private final ExecutorService serving = Executors.newCachedThreadPool(HealthEngine::daemon);
    private final CountDownLatch over = new CountDownLatch(1);

    @Override
    public void close() {
        over.countDown();
        servers.forEach(server -> server.stop(0));
        serving.shutdownNow();
    }

    HttpServer first() {
        return servers.get(0);
    }

    /** A body that takes 20 s. */
    void slowBody(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 1000);
        try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < 1000 && !pause(20); i++) {
                out.write('x');
                out.flush();
            }
        }
    }

    void endlessBody(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        byte[] block = new byte[16384];
        try (OutputStream out = exchange.getResponseBody()) {
            while (over.getCount() > 0) {
                out.write(block);
            }
        }
    }

    static void redirect(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Location", "/elsewhere");
        answer(exchange, 302, "");
    }

    /** What a server does with a request. */
    interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    static void ok(HttpExchange exchange) throws IOException {
        answer(exchange, 200, "ok");
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Whether the test is over. */
    boolean pause(long millis) {
        try {
            return over.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    String http(Handler handler) throws IOException {
        return "http://localhost:" + serve(HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 50), handler) + "/";
    }

    String https(SSLContext context, Handler handler) throws IOException {
        return https(context, false, handler);
    }

    String https(SSLContext context, boolean clientCertificates, Handler handler) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 50);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(clientCertificates);
                parameters.setSSLParameters(wanted);
            }
        });
        return "https://localhost:" + serve(server, handler) + "/";
    }

    int serve(HttpServer server, Handler handler) {
        server.createContext("/", exchange -> {
            try {
                handler.handle(exchange);
            } finally {
                exchange.close();
            }
        });
        server.setExecutor(serving);
        server.start();
        servers.add(server);
        return server.getAddress().getPort();
    }
}
