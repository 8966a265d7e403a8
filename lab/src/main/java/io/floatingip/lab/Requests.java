package io.floatingip.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks a web server at a fixed rate, whatever becomes of the questions: every other one on a connection of its own, the others on connections that
 * are kept. Counts each that is not answered completely with 200 within {@link #PATIENCE_NANOS}; nothing is asked twice, so a connection that the
 * server closes while a question is on its way is a failure. See {@link Load}, which runs it in a host.
 */
public final class Requests {
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final int KEPT_MAX = 50;
    private static final int BURST_MAX = 16;
    private static final long LATE_NANOS_MAX = 200_000_000L;

    private final InetSocketAddress server;
    private final ByteBuffer kept;
    private final ByteBuffer single;
    private final long everyNanos;
    private final Selector selector = Selector.open();
    private final Deque<Connection> idle = new ArrayDeque<>();
    // In the order of their beginning, so that the first is the first to lose patience.
    private final Set<Connection> running = new LinkedHashSet<>();
    private final Queue<String> commands = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
    private final Map<String, Integer> failures = new TreeMap<>();
    private long[] begun = new long[1 << 16];
    private long[] ended = new long[1 << 16];
    private int asked;
    private int answered;

    private Requests(InetSocketAddress server, int rate) throws IOException {
        this.server = server;
        this.everyNanos = 1_000_000_000L / rate;
        kept = request("");
        single = request("Connection: close\r\n");
    }

    private ByteBuffer request(String more) {
        return ByteBuffer.wrap(("GET / HTTP/1.1\r\nHost: " + server.getHostString() + "\r\n" + more + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    /** One connection and the question on it. */
    private final class Connection {
        private final SocketChannel channel;
        private final boolean keep;
        private final StringBuilder text = new StringBuilder();
        private ByteBuffer out;
        private int number;

        Connection(boolean keep) throws IOException {
            this.keep = keep;
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }

        void ask(int question) {
            number = question;
            text.setLength(0);
            out = (keep ? kept : single).duplicate();
            running.add(this);
        }
    }

    /** Arguments: address, port, questions per second. Listens to {@code report} and {@code since NANOS} on standard input, and ends with it. */
    public static void main(String[] args) throws IOException {
        Requests self =
                new Requests(new InetSocketAddress(args[0], Integer.parseInt(args[1])), Integer.parseInt(args[2]));
        Thread reader = new Thread(self::listen, "commands");
        reader.setDaemon(true);
        reader.start();
        self.run();
    }

    private void listen() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                selector.wakeup();
            }
        } catch (IOException e) {
            // Nobody is interested any more.
        }
        System.exit(0);
    }

    private void run() throws IOException {
        System.out.println("asking");
        long dueAt = System.nanoTime();
        boolean asking = true;
        while (true) {
            for (String command = commands.poll(); command != null; command = commands.poll()) {
                asking &= !command.equals("stop");
                obey(command);
            }
            for (int i = 0; i < BURST_MAX && asking && System.nanoTime() - dueAt >= 0; i++) {
                dueAt += everyNanos;
                ask();
            }
            if (System.nanoTime() - dueAt > LATE_NANOS_MAX) {
                // This machine cannot keep up; what was not asked is not made up for.
                dueAt = System.nanoTime();
            }
            long waitNanos = asking ? dueAt - System.nanoTime() : 50_000_000L;
            if (waitNanos > 1_000_000L) {
                selector.select(waitNanos / 1_000_000L);
            } else {
                selector.selectNow();
                if (waitNanos > 100_000L) {
                    LockSupport.parkNanos(waitNanos);
                }
            }
            for (SelectionKey key : selector.selectedKeys()) {
                ready((Connection) key.attachment());
            }
            selector.selectedKeys().clear();
            loseWhoWaitedTooLong();
        }
    }

    private void ask() throws IOException {
        if (asked == begun.length) {
            begun = Arrays.copyOf(begun, 2 * asked);
            ended = Arrays.copyOf(ended, 2 * asked);
        }
        int number = asked++;
        begun[number] = System.nanoTime();
        boolean keep = number % 2 == 0;
        Connection used = keep ? alive() : null;
        if (used != null) {
            used.ask(number);
            advance(used);
            return;
        }
        Connection fresh = new Connection(keep);
        fresh.ask(number);
        try {
            fresh.channel.connect(server);
            fresh.channel.register(selector, SelectionKey.OP_CONNECT, fresh);
        } catch (IOException e) {
            failed(fresh, "connect: " + e.getMessage());
        }
    }

    /** One that is kept and that the server, as far as is known here, has not closed. */
    private Connection alive() {
        for (Connection kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
            try {
                if (kept.channel.read(buffer.clear()) == 0) {
                    return kept;
                }
            } catch (IOException e) {
                // Nobody had asked.
            }
            close(kept);
        }
        return null;
    }

    private void ready(Connection connection) {
        if (!running.contains(connection)) {
            // The server ends a connection that it was allowed to end, or says something that nobody asked.
            idle.remove(connection);
            close(connection);
            return;
        }
        if (connection.channel.isConnectionPending()) {
            try {
                connection.channel.finishConnect();
            } catch (IOException e) {
                failed(connection, "connect: " + e.getMessage());
                return;
            }
        }
        advance(connection);
    }

    private void advance(Connection connection) {
        try {
            if (connection.out.hasRemaining()) {
                connection.channel.write(connection.out);
                connection.channel.register(
                        selector,
                        connection.out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ,
                        connection);
                return;
            }
            buffer.clear();
            int read = connection.channel.read(buffer);
            connection.text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
            if (read < 0) {
                failed(connection, connection.text.isEmpty() ? "closed instead of an answer" : "answer cut off");
            } else {
                answer(connection);
            }
        } catch (IOException e) {
            failed(connection, e.getMessage());
        }
    }

    private void answer(Connection connection) {
        int end = connection.text.indexOf("\r\n\r\n");
        if (end < 0) {
            return;
        }
        String head = connection.text.substring(0, end).toLowerCase(Locale.ROOT) + "\r\n";
        int length = head.indexOf("\r\ncontent-length:");
        int body = length < 0
                ? 0
                : Integer.parseInt(head.substring(length + 17, head.indexOf('\r', length + 2))
                        .trim());
        if (connection.text.length() < end + 4 + body) {
            return;
        }
        if (!head.startsWith("http/1.1 200 ")) {
            failed(connection, "status " + head.substring(9, 12));
            return;
        }
        ended[connection.number] = System.nanoTime();
        answered++;
        running.remove(connection);
        if (connection.keep && !head.contains("\r\nconnection: close\r\n") && idle.size() < KEPT_MAX) {
            idle.addLast(connection);
        } else {
            close(connection);
        }
    }

    private void loseWhoWaitedTooLong() {
        while (!running.isEmpty()) {
            Connection oldest = running.iterator().next();
            if (System.nanoTime() - begun[oldest.number] < PATIENCE_NANOS) {
                return;
            }
            failed(oldest, oldest.channel.isConnectionPending() ? "no connection in 5 s" : "no answer in 5 s");
        }
    }

    private void failed(Connection connection, String why) {
        running.remove(connection);
        failures.merge(why, 1, Integer::sum);
        close(connection);
    }

    private static void close(Connection connection) {
        try {
            connection.channel.close();
        } catch (IOException e) {
            // It is gone in any case.
        }
    }

    private void obey(String command) {
        if (command.startsWith("since ")) {
            since(Long.parseLong(command.substring(6)));
        } else if (command.equals("report")) {
            int failed = failures.values().stream().mapToInt(Integer::intValue).sum();
            System.out.println("report asked " + asked + " answered " + answered + " failed " + failed + " running "
                    + running.size() + " slowest-ms " + slowestMillis() + " why " + failures);
        }
    }

    private long slowestMillis() {
        long slowest = 0;
        for (int i = 0; i < asked; i++) {
            slowest = Math.max(slowest, ended[i] == 0 ? 0 : ended[i] - begun[i]);
        }
        return slowest / 1_000_000;
    }

    /** The first answer to a question that was asked after a moment: when it was there, or 0. */
    private void since(long nanos) {
        long first = 0;
        for (int i = 0; i < asked; i++) {
            if (ended[i] != 0 && begun[i] - nanos >= 0 && (first == 0 || ended[i] - first < 0)) {
                first = ended[i];
            }
        }
        System.out.println("since " + nanos + " first " + first);
    }
}
