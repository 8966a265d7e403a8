package io.floatingip.lab;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A client over HTTP: asks again and again, over a connection of its own each time. A connection that breaks before the answer is there is asked
 * again once, as browsers do with a GET. Says {@code NUMBER NODE}, or {@code NUMBER lost: WHY}, and at the end of its input how many it asked.
 */
public final class HttpAsker {
    private static final int PATIENCE_MILLIS = 5_000;
    private static final AtomicInteger ASKED_TWICE = new AtomicInteger();

    private HttpAsker() {}

    /** Arguments: address, port, path, period in milliseconds. */
    public static void main(String[] args) throws IOException {
        InetSocketAddress target = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        long periodNanos = Long.parseLong(args[3]) * 1_000_000;
        ExecutorService threads = Executors.newCachedThreadPool();
        int number = 0;
        long next = System.nanoTime();
        while (System.in.available() == 0) {
            long now = System.nanoTime();
            if (next - now > 0) {
                LockSupport.parkNanos(next - now);
                continue;
            }
            int mine = number++;
            threads.execute(() -> say(mine + " " + answer(target, args[2])));
            next = now - next < periodNanos ? next + periodNanos : now + periodNanos;
        }
        threads.shutdown();
        try {
            threads.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        say("asked " + number + ", twice " + ASKED_TWICE);
    }

    private static String answer(InetSocketAddress target, String path) {
        try {
            return ask(target, path);
        } catch (IOException e) {
            ASKED_TWICE.incrementAndGet();
            try {
                return ask(target, path);
            } catch (IOException again) {
                return "lost: " + again;
            }
        }
    }

    private static String ask(InetSocketAddress target, String path) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(target, PATIENCE_MILLIS);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: floating\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (!text.startsWith("HTTP/1.1 200")) {
                throw new IOException("answered \"" + text.lines().findFirst().orElse("") + "\"");
            }
            return text.substring(text.indexOf("\r\n\r\n") + 4).strip();
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
    }
}
