package io.floatingip.gateway.proxy;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.Map;

/**
 * Refuses a stream whose fields would be something else once they are lines of HTTP/1.1 (RFC 9113 8.2.1, 10.3), before anybody makes lines of them.
 */
final class Http2Guard extends ChannelInboundHandlerAdapter {
    private final Front front;
    private boolean refused;

    Http2Guard(Front front) {
        this.front = front;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (!refused && frame instanceof Http2HeadersFrame head && !isPlain(head)) {
            refused = true;
            front.counters.requests.increment();
            front.counters.refused.increment();
            ChannelFuture written =
                    ctx.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("400"), true));
            if (head.isEndStream()) {
                written.addListener(ChannelFutureListener.CLOSE);
            } else {
                Ends.stream(written);
            }
        }
        if (refused) {
            ReferenceCountUtil.release(frame);
        } else {
            ctx.fireChannelRead(frame);
        }
    }

    private static boolean isPlain(Http2HeadersFrame frame) {
        for (Map.Entry<CharSequence, CharSequence> field : frame.headers()) {
            CharSequence name = field.getKey();
            boolean pseudo = name.length() > 1 && name.charAt(0) == ':';
            if (!Rules.isToken(pseudo ? name.subSequence(1, name.length()) : name)
                    || !isPlain(field.getValue(), pseudo)) {
                return false;
            }
        }
        CharSequence method = frame.headers().method();
        return method == null || Rules.isToken(method);
    }

    /** Printable; in what becomes the request line, without spaces and within ASCII. */
    private static boolean isPlain(CharSequence value, boolean pseudo) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean good = pseudo ? c > ' ' && c < 0x7f : c >= ' ' && c != 0x7f || c == '\t';
            if (!good) {
                return false;
            }
        }
        return true;
    }
}
