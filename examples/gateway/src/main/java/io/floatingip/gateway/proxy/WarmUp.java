package io.floatingip.gateway.proxy;

import io.floatingip.gateway.config.GatewayConfig;
import io.floatingip.gateway.config.Limits;
import io.floatingip.gateway.config.Listener;
import io.floatingip.gateway.config.Service;
import io.netty.channel.ChannelException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests over loopback, through a proxy and to an upstream of its own, before an address can come: a JVM that has just started takes a second or two
 * until its code is compiled, and with the address all clients come at once.
 */
public final class WarmUp {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip.gateway");
    private static final int CONNECTIONS = 200;
    private static final int REQUESTS_EACH = 20;
    private static final byte[] REQUEST = ascii("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n");
    private static final byte[] RESPONSE = ascii("HTTP/1.1 204 No Content\r\nServer: warm-up\r\n\r\n");

    private WarmUp() {}

    /**
     * Blocks until enough has been asked, for the given time at the most (a second at the least, if nothing answers). Never fails: it is only slower without.
     *
     * @return how many requests were answered
     */
    public static int run(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        int answered = 0;
        try (ServerSocket upstream = new ServerSocket(0, CONNECTIONS, InetAddress.getLoopbackAddress())) {
            daemon(() -> serve(upstream));
            try (Proxy proxy = Proxy.start(config((InetSocketAddress) upstream.getLocalSocketAddress()))) {
                InetSocketAddress address = proxy.address("warm-up");
                for (int i = 0; i < CONNECTIONS && end - System.nanoTime() > 0; i++) {
                    try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                        // The very first answer may take seconds where others want the processor too.
                        client.setSoTimeout(
                                (int) Math.max(1_000, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
                        InputStream in = new BufferedInputStream(client.getInputStream());
                        for (int j = 0; j < REQUESTS_EACH && end - System.nanoTime() > 0; j++) {
                            client.getOutputStream().write(REQUEST);
                            skipHead(in);
                            answered++;
                        }
                    }
                }
            }
        } catch (IOException | ChannelException e) {
            log.debug("not warmed up: {}", e.toString());
        }
        return answered;
    }

    private static GatewayConfig config(InetSocketAddress upstream) {
        Service.Upstream only = new Service.Upstream("warm-up", upstream, 1, 0, List.of());
        Listener listener = new Listener(
                "warm-up",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Listener.Protocol.HTTP,
                Optional.empty(),
                true,
                "warm-up");
        Service service =
                new Service("warm-up", Service.Algorithm.WLC, Optional.empty(), 1, List.of(only), Optional.empty());
        return new GatewayConfig(
                List.of(), List.of(), List.of(listener), List.of(service), Limits.DEFAULT, Optional.empty());
    }

    private static void serve(ServerSocket upstream) throws IOException {
        while (true) {
            Socket socket = upstream.accept();
            daemon(() -> {
                try (socket) {
                    InputStream in = new BufferedInputStream(socket.getInputStream());
                    while (true) {
                        skipHead(in);
                        socket.getOutputStream().write(RESPONSE);
                    }
                }
            });
        }
    }

    private static void skipHead(InputStream in) throws IOException {
        for (int last = 0; last != 0x0d0a0d0a; ) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection has ended");
            }
            last = last << 8 | next;
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        log.trace("the warm-up is over: {}", e.toString());
                    }
                },
                "gateway-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
