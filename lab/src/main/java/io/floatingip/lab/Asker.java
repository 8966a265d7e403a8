package io.floatingip.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The client: asks an address again and again, whether it is answered or not, along one or more ways at the same instants, and prints every
 * answer as {@code way sentNanos receivedNanos node number}, the number being that of the question. Times are {@link System#nanoTime()}, which all processes of one machine share on Linux.
 */
public final class Asker {
    private record Way(String name, DatagramChannel channel, InetSocketAddress target) {}

    private Asker() {}

    /** Arguments: port, period in microseconds, and for each way {@code name,source,target}; an empty source leaves it to the kernel. */
    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        long periodNanos = Long.parseLong(args[1]) * 1_000;
        List<Way> ways = new ArrayList<>();
        for (int i = 2; i < args.length; i++) {
            ways.add(way(args[i].split(",", -1), port));
        }
        for (Way way : ways) {
            Thread listener = new Thread(() -> listen(way), "listen-" + way.name());
            listener.setDaemon(true);
            listener.start();
        }
        ByteBuffer question = ByteBuffer.allocateDirect(2 * Long.BYTES);
        long number = 0;
        long next = System.nanoTime();
        while (true) {
            long now = System.nanoTime();
            if (next - now > 0) {
                LockSupport.parkNanos(next - now);
                continue;
            }
            for (Way way : ways) {
                ask(way, question.clear().putLong(now).putLong(number).flip());
            }
            number++;
            // A late question does not make the following ones early.
            next = now - next < periodNanos ? next + periodNanos : now + periodNanos;
        }
    }

    private static Way way(String[] parts, int port) throws IOException {
        InetAddress target = InetAddress.getByName(parts[2]);
        DatagramChannel channel = DatagramChannel.open(
                target.getAddress().length == 4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        if (!parts[1].isEmpty()) {
            channel.bind(new InetSocketAddress(InetAddress.getByName(parts[1]), 0));
        } else {
            channel.bind(null);
        }
        return new Way(parts[0], channel, new InetSocketAddress(target, port));
    }

    private static void ask(Way way, ByteBuffer question) {
        try {
            way.channel().send(question, way.target());
        } catch (IOException e) {
            // Unreachable now; the missing answer says so.
        }
    }

    private static void listen(Way way) {
        ByteBuffer answer = ByteBuffer.allocateDirect(512);
        while (true) {
            try {
                answer.clear();
                way.channel().receive(answer);
                long received = System.nanoTime();
                answer.flip();
                long sent = answer.getLong();
                long number = answer.getLong();
                String node = StandardCharsets.UTF_8.decode(answer).toString();
                print(way.name() + ' ' + sent + ' ' + received + ' ' + node + ' ' + number + '\n');
            } catch (IOException e) {
                // As above.
            }
        }
    }

    private static synchronized void print(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }
}
