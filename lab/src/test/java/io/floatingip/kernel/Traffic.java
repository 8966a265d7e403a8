package io.floatingip.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Traffic by which a host is compared with itself: a server that takes and echoes, and a client that counts. */
final class Traffic {
    private static final int PORT = 7008;
    private static final int BULK = 'B';
    private static final int WINDOW = 32;
    private static final int DATAGRAM_BYTES = 64;
    // Given, so that the kernel does not try out sizes meanwhile: each connection then has another rate.
    private static final int BUFFER_BYTES = 200_000;

    private Traffic() {}

    /**
     * With {@code serve} and addresses a server. With {@code millis} and addresses a client: to each line on standard input it measures every kind to every target
     * for so long, printing {@code kind target rate}, and says {@code done}. Bulk is in bytes per second, requests are one by one, datagrams there
     * and back.
     */
    public static void main(String[] args) throws IOException {
        List<String> targets = List.of(args).subList(1, args.length);
        if (args[0].equals("serve")) {
            serve(targets);
            return;
        }
        long nanos = Long.parseLong(args[0]) * 1_000_000L;
        System.out.println("asking");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (orders.readLine() != null) {
            for (Kind kind : Kind.values()) {
                for (String target : targets) {
                    System.out.println(kind + " " + target + " " + kind.measure(target, nanos));
                }
            }
            System.out.println("done");
        }
    }

    /** What is measured. */
    enum Kind {
        BULK {
            @Override
            double measure(String target, long nanos) throws IOException {
                byte[] block = new byte[1 << 16];
                try (Socket socket = new Socket()) {
                    socket.setSendBufferSize(BUFFER_BYTES);
                    socket.connect(new InetSocketAddress(target, PORT));
                    OutputStream out = socket.getOutputStream();
                    out.write(Traffic.BULK);
                    long bytes = 0;
                    long startedAt = System.nanoTime();
                    while (System.nanoTime() - startedAt < nanos / 8) {
                        out.write(block);
                    }
                    startedAt = System.nanoTime();
                    while (System.nanoTime() - startedAt < nanos) {
                        out.write(block);
                        bytes += block.length;
                    }
                    return bytes * 1e9 / (System.nanoTime() - startedAt);
                }
            }
        },
        REQUESTS {
            @Override
            double measure(String target, long nanos) throws IOException {
                try (Socket socket = new Socket(target, PORT)) {
                    socket.setTcpNoDelay(true);
                    OutputStream out = socket.getOutputStream();
                    InputStream in = socket.getInputStream();
                    long count = 0;
                    out.write('R');
                    long startedAt = System.nanoTime();
                    while (System.nanoTime() - startedAt < nanos) {
                        out.write('q');
                        in.read();
                        count++;
                    }
                    return count * 1e9 / (System.nanoTime() - startedAt);
                }
            }
        },
        DATAGRAMS {
            @Override
            double measure(String target, long nanos) throws IOException {
                try (DatagramSocket socket = new DatagramSocket()) {
                    socket.connect(InetAddress.getByName(target), PORT);
                    socket.setSoTimeout(20);
                    DatagramPacket question = new DatagramPacket(new byte[DATAGRAM_BYTES], DATAGRAM_BYTES);
                    DatagramPacket answer = new DatagramPacket(new byte[DATAGRAM_BYTES], DATAGRAM_BYTES);
                    long count = 0;
                    fill(socket, question);
                    long startedAt = System.nanoTime();
                    while (System.nanoTime() - startedAt < nanos) {
                        try {
                            socket.receive(answer);
                            socket.send(question);
                            count += 2;
                        } catch (SocketTimeoutException e) {
                            fill(socket, question);
                        }
                    }
                    return count * 1e9 / (System.nanoTime() - startedAt);
                }
            }
        };

        abstract double measure(String target, long nanos) throws IOException;
    }

    private static void fill(DatagramSocket socket, DatagramPacket question) throws IOException {
        for (int i = 0; i < WINDOW; i++) {
            socket.send(question);
        }
    }

    private static void serve(List<String> addresses) throws IOException {
        for (String address : addresses) {
            // One for each, so that it answers from the address that was asked.
            DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, PORT));
            new Thread(() -> echo(socket), "datagrams").start();
        }
        try (ServerSocket server = new ServerSocket()) {
            server.setReceiveBufferSize(BUFFER_BYTES);
            server.bind(new InetSocketAddress(PORT));
            System.out.println("bound");
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                new Thread(() -> serve(socket), "connection").start();
            }
        }
    }

    private static void serve(Socket socket) {
        byte[] block = new byte[1 << 16];
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            boolean bulk = in.read() == BULK;
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                if (!bulk) {
                    out.write(block, 0, read);
                }
            }
        } catch (IOException e) {
            // The client has what it wanted.
        }
    }

    private static void echo(DatagramSocket socket) {
        try (socket) {
            DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM_BYTES], DATAGRAM_BYTES);
            while (true) {
                socket.receive(packet);
                socket.send(packet);
            }
        } catch (IOException e) {
            System.err.println("no datagrams any more: " + e);
        }
    }
}
