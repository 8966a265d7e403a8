package io.floatingip.internal.health;

import io.floatingip.IpFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether a connection can be made. */
final class TcpCheck implements AsyncCheck {
    private final String host;
    private final int port;

    TcpCheck(String host, int port) {
        this.host = host;
        this.port = port;
    }

    @Override
    public Attempt begin(HealthEngine engine, Consumer<Outcome> done) {
        return new Connecting(engine, host, port) {
            @Override
            void connected(SocketChannel channel, SelectionKey key) {
                close();
                done.accept(Outcome.success(""));
            }

            @Override
            void failed(String detail) {
                close();
                done.accept(Outcome.failure(detail));
            }
        };
    }

    /** A connection on its way: the name is looked up elsewhere, everything after that waits on the engine's selector. */
    abstract static class Connecting implements Attempt {
        private final HealthEngine engine;
        private final String host;
        private final int port;
        private @Nullable SocketChannel channel;
        private @Nullable SelectionKey key;
        private boolean closed;

        Connecting(HealthEngine engine, String host, int port) {
            this.engine = engine;
            this.host = host;
            this.port = port;
            Optional<InetAddress> literal = IpFamily.literal(host);
            if (literal.isPresent()) {
                // Not yet: whoever begins the attempt does not have it in hand.
                engine.post(() -> connect(new InetSocketAddress(literal.get(), port)));
            } else {
                engine.lookup(host, found -> connect(found == null ? null : new InetSocketAddress(found, port)));
            }
        }

        /** The connection stands; the channel does not block, the key waits for nothing yet. */
        abstract void connected(SocketChannel connected, SelectionKey connectedKey);

        /** There will be no connection. */
        abstract void failed(String detail);

        final boolean closed() {
            return closed;
        }

        private void connect(@Nullable InetSocketAddress address) {
            if (closed) {
                return;
            }
            if (address == null) {
                failed("unknown host " + host);
                return;
            }
            try {
                SocketChannel opened = SocketChannel.open();
                channel = opened;
                opened.configureBlocking(false);
                if (opened.connect(address)) {
                    established(opened, engine.register(opened, 0, () -> {}));
                } else {
                    key = engine.register(opened, SelectionKey.OP_CONNECT, () -> finish(opened));
                }
            } catch (IOException | RuntimeException e) {
                failed(reason(e));
            }
        }

        private void finish(SocketChannel opened) {
            try {
                if (opened.finishConnect() && key != null) {
                    key.interestOps(0);
                    established(opened, key);
                }
            } catch (IOException e) {
                failed(reason(e));
            }
        }

        private void established(SocketChannel opened, SelectionKey openedKey) {
            key = openedKey;
            connected(opened, openedKey);
        }

        private String reason(Exception e) {
            return host + ":" + port + ": " + (e.getMessage() == null ? e.toString() : e.getMessage());
        }

        @Override
        public void cancel() {
            close();
        }

        void close() {
            closed = true;
            if (channel != null) {
                try {
                    channel.close();
                } catch (IOException e) {
                    // It is gone either way.
                }
                channel = null;
            }
        }
    }
}
