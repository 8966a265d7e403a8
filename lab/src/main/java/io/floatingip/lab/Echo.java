package io.floatingip.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

/**
 * The service behind the floating address: sends every datagram back with this host's name behind it. It is bound to the address whether the
 * address is there or not ({@code ip_nonlocal_bind}), so the kernel alone decides who is asked.
 */
public final class Echo {
    private Echo() {}

    /** Arguments: port, name, addresses. Says {@code bound} when all are. */
    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        byte[] name = args[1].getBytes(StandardCharsets.UTF_8);
        for (int i = 2; i < args.length; i++) {
            InetAddress address = InetAddress.getByName(args[i]);
            DatagramChannel channel = DatagramChannel.open(
                    address.getAddress().length == 4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
            channel.bind(new InetSocketAddress(address, port));
            new Thread(() -> serve(channel, name), "echo-" + args[i]).start();
        }
        System.out.println("bound");
    }

    private static void serve(DatagramChannel channel, byte[] name) {
        ByteBuffer datagram = ByteBuffer.allocateDirect(512);
        while (true) {
            try {
                datagram.clear().limit(datagram.capacity() - name.length);
                InetSocketAddress asker = (InetSocketAddress) channel.receive(datagram);
                datagram.limit(datagram.capacity());
                datagram.put(name).flip();
                channel.send(datagram, asker);
            } catch (IOException e) {
                // The address has just left, or the asker cannot be reached: the next question may fare better.
            }
        }
    }
}
