package io.floatingip.internal.health;

import io.floatingip.health.UnhealthyException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads an HTTP/1.x answer as it arrives (RFC 9112). Bounded: a head or body that is too long is refused, not collected. */
final class HttpResponse {
    private static final int HEAD_MAX = 64 * 1024;

    private final boolean bodyExpected;
    private final int bodyMax;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Map<String, String> headers = new HashMap<>();
    private Phase phase = Phase.STATUS;
    private int status;
    private int headBytes;
    private long left;

    private enum Phase {
        STATUS,
        HEADERS,
        COUNTED_BODY,
        BODY_TO_THE_END,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        COMPLETE
    }

    HttpResponse(boolean bodyExpected, int bodyMax) {
        this.bodyExpected = bodyExpected;
        this.bodyMax = bodyMax;
    }

    int status() {
        return status;
    }

    @Nullable
    String header(String lowerCaseName) {
        return headers.get(lowerCaseName);
    }

    boolean headComplete() {
        return phase.compareTo(Phase.HEADERS) > 0;
    }

    boolean complete() {
        return phase == Phase.COMPLETE;
    }

    byte[] body() {
        return body.toByteArray();
    }

    /** Takes everything that is left in the buffer. */
    void read(ByteBuffer in) throws UnhealthyException {
        while (in.hasRemaining() && phase != Phase.COMPLETE) {
            switch (phase) {
                case COUNTED_BODY, CHUNK -> counted(in);
                case BODY_TO_THE_END -> collect(in, in.remaining());
                default -> lineByte(in.get());
            }
        }
    }

    /** The peer has closed the connection. */
    void end() throws UnhealthyException {
        if (phase != Phase.BODY_TO_THE_END) {
            throw new UnhealthyException(
                    headComplete() ? "the connection ended within the body" : "the connection ended without an answer");
        }
        phase = Phase.COMPLETE;
    }

    private void counted(ByteBuffer in) throws UnhealthyException {
        int count = (int) Math.min(left, in.remaining());
        collect(in, count);
        left -= count;
        if (left == 0) {
            phase = phase == Phase.CHUNK ? Phase.CHUNK_END : Phase.COMPLETE;
        }
    }

    private void collect(ByteBuffer in, int count) throws UnhealthyException {
        if (body.size() + (long) count > bodyMax) {
            throw new UnhealthyException("the body is longer than " + bodyMax + " bytes");
        }
        byte[] part = new byte[count];
        in.get(part);
        body.write(part, 0, count);
    }

    private void lineByte(byte value) throws UnhealthyException {
        if (++headBytes > HEAD_MAX && phase.compareTo(Phase.HEADERS) <= 0 || line.size() > HEAD_MAX) {
            throw new UnhealthyException("the answer's head is longer than " + HEAD_MAX + " bytes");
        }
        if (value != '\n') {
            line.write(value);
            return;
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        line.reset();
        line(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    private void line(String text) throws UnhealthyException {
        switch (phase) {
            case STATUS -> status(text);
            case HEADERS -> {
                if (text.isEmpty()) {
                    headEnds();
                } else {
                    int colon = text.indexOf(':');
                    if (colon > 0) {
                        String name = text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                        headers.put(name, text.substring(colon + 1).strip());
                    }
                }
            }
            case CHUNK_SIZE -> chunk(text);
            case CHUNK_END -> phase = Phase.CHUNK_SIZE;
            case TRAILER -> phase = text.isEmpty() ? Phase.COMPLETE : Phase.TRAILER;
            default -> throw new IllegalStateException("no line in " + phase);
        }
    }

    private void status(String text) throws UnhealthyException {
        // "HTTP/1.1 200 OK"
        if (!text.matches("HTTP/1\\.[0-9] [1-9][0-9]{2}( .*)?")) {
            throw new UnhealthyException("not an HTTP answer: " + text.substring(0, Math.min(40, text.length())));
        }
        status = Integer.parseInt(text.substring(9, 12));
        phase = Phase.HEADERS;
    }

    private void headEnds() throws UnhealthyException {
        if (status < 200) {
            // An interim answer; the real one follows.
            headers.clear();
            phase = Phase.STATUS;
        } else if (!bodyExpected || status == 204 || status == 304) {
            phase = Phase.COMPLETE;
        } else if (headers.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .endsWith("chunked")) {
            phase = Phase.CHUNK_SIZE;
        } else if (headers.containsKey("content-length")) {
            left = number(headers.get("content-length"), 10);
            phase = left == 0 ? Phase.COMPLETE : Phase.COUNTED_BODY;
        } else {
            phase = Phase.BODY_TO_THE_END;
        }
    }

    private void chunk(String text) throws UnhealthyException {
        int extension = text.indexOf(';');
        left = number((extension < 0 ? text : text.substring(0, extension)).strip(), 16);
        phase = left == 0 ? Phase.TRAILER : Phase.CHUNK;
    }

    private static long number(String text, int radix) throws UnhealthyException {
        try {
            long value = Long.parseLong(text, radix);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the same answer
        }
        throw new UnhealthyException("not a length: " + text.substring(0, Math.min(40, text.length())));
    }
}
