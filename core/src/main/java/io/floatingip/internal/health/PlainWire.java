package io.floatingip.internal.health;

import io.floatingip.health.UnhealthyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** The socket itself. */
final class PlainWire implements HttpAttempt.Wire {
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(8192);

    PlainWire(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public State step(ByteBuffer toSend, HttpResponse reader) throws IOException, UnhealthyException {
        if (toSend.hasRemaining()) {
            return channel.write(toSend) > 0 ? State.MOVED : State.WANTS_WRITE;
        }
        in.clear();
        int count = channel.read(in);
        if (count < 0) {
            return State.END;
        }
        if (count == 0) {
            return State.WANTS_READ;
        }
        in.flip();
        reader.read(in);
        return State.MOVED;
    }

    @Override
    public @Nullable Runnable task() {
        return null;
    }
}
