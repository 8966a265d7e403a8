package io.floatingip.internal.health;

import io.floatingip.health.UnhealthyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** TLS on a socket that does not block. Every connection is negotiated in full: a certificate may have changed since the last one. */
final class TlsWire implements HttpAttempt.Wire {
    // Sessions are remembered by name and number; a number never used before finds none.
    private static final AtomicInteger NUMBERS = new AtomicInteger(65536);

    private final SocketChannel channel;
    private final SSLEngine tls;
    private final ByteBuffer netIn;
    private final ByteBuffer netOut;
    private final ByteBuffer plain;

    TlsWire(SocketChannel channel, SSLContext context, String name, boolean checkName) {
        this.channel = channel;
        tls = context.createSSLEngine(name, NUMBERS.updateAndGet(n -> n == Integer.MAX_VALUE ? 65536 : n + 1));
        tls.setUseClientMode(true);
        SSLParameters parameters = tls.getSSLParameters();
        if (checkName) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (name.chars().anyMatch(Character::isLetter) && name.indexOf(':') < 0) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        tls.setSSLParameters(parameters);
        netIn = ByteBuffer.allocate(tls.getSession().getPacketBufferSize());
        netOut = ByteBuffer.allocate(tls.getSession().getPacketBufferSize()).limit(0);
        plain = ByteBuffer.allocate(tls.getSession().getApplicationBufferSize());
    }

    @Override
    public State step(ByteBuffer toSend, HttpResponse reader) throws IOException, UnhealthyException {
        if (netOut.hasRemaining()) {
            return channel.write(netOut) > 0 ? State.MOVED : State.WANTS_WRITE;
        }
        HandshakeStatus status = tls.getHandshakeStatus();
        return switch (status) {
            case NEED_TASK -> State.WANTS_TASK;
            case NEED_WRAP -> wrap(toSend);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap(reader);
            case NOT_HANDSHAKING, FINISHED -> toSend.hasRemaining() ? wrap(toSend) : unwrap(reader);
        };
    }

    private State wrap(ByteBuffer toSend) throws IOException {
        netOut.clear();
        SSLEngineResult result = tls.wrap(toSend, netOut);
        netOut.flip();
        return result.getStatus() == SSLEngineResult.Status.CLOSED && !netOut.hasRemaining() ? State.END : State.MOVED;
    }

    private State unwrap(HttpResponse reader) throws IOException, UnhealthyException {
        netIn.flip();
        plain.clear();
        SSLEngineResult result = tls.unwrap(netIn, plain);
        netIn.compact();
        plain.flip();
        reader.read(plain);
        return switch (result.getStatus()) {
            case OK -> State.MOVED;
            case CLOSED -> State.END;
            case BUFFER_UNDERFLOW -> {
                int count = channel.read(netIn);
                yield count > 0 ? State.MOVED : count == 0 ? State.WANTS_READ : State.END;
            }
            case BUFFER_OVERFLOW -> throw new IOException("a TLS record is longer than TLS allows");
        };
    }

    @Override
    public @Nullable Runnable task() {
        return tls.getDelegatedTask();
    }
}
