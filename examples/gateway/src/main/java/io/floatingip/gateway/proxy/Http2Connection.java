package io.floatingip.gateway.proxy;

import io.floatingip.netty.Drain;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * When and how an HTTP/2 connection ends (RFC 9113 6.8): it says that it will take no more streams, without naming a last one, and a ping; what the
 * client had begun before it heard of that arrives before the answer to the ping. Then the last stream is named, and when the streams have ended so
 * does the connection.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter implements Loop.Timed {
    private static final long GOODBYE = 0x666c6f6174L;

    private final Front front;
    private final Loop loop;
    private @Nullable ChannelHandlerContext context;
    private int streams;
    private long deadline;
    private boolean used;
    private boolean leaving;
    private boolean announced;
    private boolean heard;
    private boolean ended;

    Http2Connection(Front front, Loop loop) {
        this.front = front;
        this.loop = loop;
        idle();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        loop.add(this);
    }

    void begun(Channel stream) {
        streams++;
        used = true;
        announce();
        stream.closeFuture().addListener(closed -> {
            streams--;
            idle();
            endIfDone();
        });
    }

    private void idle() {
        deadline = System.nanoTime() + front.settings().limits().idleTimeout().toNanos();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Drain.BEGUN && !leaving) {
            leaving = true;
            announce();
        } else if (event == Drain.LAST) {
            heard = true;
            endIfDone();
        }
        ctx.fireUserEventTriggered(event);
    }

    /** Not before the first stream: a new connection that takes none would make its client try again and again. */
    private void announce() {
        ChannelHandlerContext ctx = context;
        if (leaving && used && !announced && ctx != null) {
            announced = true;
            ctx.write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
            ctx.writeAndFlush(new DefaultHttp2PingFrame(GOODBYE));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (frame instanceof Http2PingFrame ping && ping.ack() && ping.content() == GOODBYE) {
            heard = true;
            endIfDone();
        }
        ReferenceCountUtil.release(frame);
    }

    private void endIfDone() {
        ChannelHandlerContext ctx = context;
        if (heard && streams == 0 && !ended && ctx != null && ctx.channel().isActive()) {
            ended = true;
            idle();
            ctx.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR))
                    .addListener(said -> Ends.shutdownOutput(ctx.channel()));
        }
    }

    @Override
    public long deadline() {
        return deadline;
    }

    /** Nothing has been asked for a while. */
    @Override
    public void expired() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        if (streams > 0 && !ended) {
            idle();
        } else {
            loop.remove(this);
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        loop.remove(this);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
