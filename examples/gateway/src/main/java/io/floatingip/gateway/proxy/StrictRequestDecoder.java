package io.floatingip.gateway.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ByteProcessor;
import java.util.List;

/**
 * Refuses heads that two readers could understand in two ways, before they are parsed: line ends that are not CRLF, continued lines (obs-fold), control
 * characters, and request lines that are not two single spaces between three words. RFC 9112 allows some leniency here; requests that need it are
 * attacks more often than old clients.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
    private final Runnable bytes;
    private final Head head = new Head();
    // How far the head has been looked at beyond what the parser has consumed.
    private int ahead;
    private boolean bad;

    /**
     * @param headerMax bytes of the request line and of the headers
     * @param bytes is run when something arrives
     */
    StrictRequestDecoder(int headerMax, Runnable bytes) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(headerMax)
                .setMaxHeaderSize(headerMax)
                .setMaxChunkSize(1 << 20)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setAllowDuplicateContentLengths(false));
        this.bytes = bytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        bytes.run();
        super.channelRead(ctx, message);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (bad) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (head.state != Head.DONE) {
            int from = in.readerIndex() + ahead;
            int at = in.forEachByte(from, in.writerIndex() - from, head);
            if (head.state == Head.BAD) {
                bad = true;
                in.skipBytes(in.readableBytes());
                out.add(refused());
                return;
            }
            ahead = (at < 0 ? in.writerIndex() : at + 1) - in.readerIndex();
        }
        int before = in.readerIndex();
        super.decode(ctx, in, out);
        ahead = Math.max(0, ahead - (in.readerIndex() - before));
        if (!out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent) {
            head.state = Head.START;
            ahead = 0;
        }
    }

    private static HttpRequest refused() {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("malformed head")));
        return request;
    }

    /** Reads a head byte by byte; stops at its end, and at what is wrong. */
    private static final class Head implements ByteProcessor {
        static final int START = 0;
        static final int START_CR = 1;
        static final int REQUEST_LINE = 2;
        static final int LINE_CR = 3;
        static final int LINE_START = 4;
        static final int LINE = 5;
        static final int END_CR = 6;
        static final int DONE = 7;
        static final int BAD = 8;

        int state = START;
        private int spaces;
        private byte last;

        @Override
        public boolean process(byte b) {
            state = next(b);
            last = b;
            return state != DONE && state != BAD;
        }

        private int next(byte b) {
            return switch (state) {
                case START -> {
                    spaces = 0;
                    // Empty lines in front of a request are to be ignored (RFC 9112 2.2).
                    yield b == '\r' ? START_CR : b > ' ' && b != 0x7f ? REQUEST_LINE : BAD;
                }
                case START_CR -> b == '\n' ? START : BAD;
                case REQUEST_LINE -> {
                    if (b == ' ') {
                        yield last == ' ' || ++spaces > 2 ? BAD : REQUEST_LINE;
                    }
                    yield b == '\r' ? spaces == 2 ? LINE_CR : BAD : b > ' ' && b != 0x7f ? REQUEST_LINE : BAD;
                }
                case LINE_CR -> b == '\n' ? LINE_START : BAD;
                case LINE_START -> b == '\r' ? END_CR : b == ' ' || b == '\t' ? BAD : line(b);
                case LINE -> b == '\r' ? LINE_CR : line(b);
                case END_CR -> b == '\n' ? DONE : BAD;
                default -> BAD;
            };
        }

        /** Bytes above 127 are text of some encoding. */
        private static int line(byte b) {
            return b >= ' ' && b != 0x7f || b == '\t' || b < 0 ? LINE : BAD;
        }
    }
}
