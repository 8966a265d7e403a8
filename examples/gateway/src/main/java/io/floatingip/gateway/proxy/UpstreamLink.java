package io.floatingip.gateway.proxy;

import io.floatingip.gateway.balance.Backend;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/** A connection to an upstream, which serves one request after the other. */
final class UpstreamLink extends ChannelInboundHandlerAdapter {
    private static final HttpDecoderConfig DECODER = new HttpDecoderConfig()
            .setMaxInitialLineLength(16 << 10)
            .setMaxHeaderSize(64 << 10)
            .setMaxChunkSize(1 << 20)
            .setStrictLineParsing(false);

    private final Backend backend;
    private final Loop loop;
    private @Nullable HttpExchange user;
    private @Nullable Channel channel;
    private boolean reused;
    private boolean resting;
    private long idleSince;

    UpstreamLink(Backend backend, Loop loop) {
        this.backend = backend;
        this.loop = loop;
    }

    ChannelInitializer<Channel> initializer() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel opened) {
                channel = opened;
                // What cannot be sent any more may have been answered already.
                opened.config().setAutoClose(false);
                opened.pipeline().addLast(Pipelines.CODEC, new HttpClientCodec(DECODER, false, false));
                opened.pipeline().addLast(Pipelines.LINK, UpstreamLink.this);
            }
        };
    }

    Backend backend() {
        return backend;
    }

    Channel channel() {
        Channel opened = channel;
        if (opened == null) {
            throw new IllegalStateException("not connected yet");
        }
        return opened;
    }

    boolean isOpen() {
        return channel().isActive() && !isOutputShutdown();
    }

    private boolean isOutputShutdown() {
        return channel() instanceof DuplexChannel duplex && duplex.isOutputShutdown();
    }

    /** Not of reading: then there is still the response to be read, or the end of the connection. */
    private boolean isOfWriting(Throwable cause) {
        return isOutputShutdown()
                && (cause instanceof ChannelOutputShutdownException
                        || cause instanceof ClosedChannelException
                        || cause instanceof NotYetConnectedException);
    }

    /** Whether it has served a request before: then the upstream may have ended it at any moment. */
    boolean isReused() {
        return reused;
    }

    long idleSince() {
        return idleSince;
    }

    void idleSince(long nanos) {
        idleSince = nanos;
    }

    void use(HttpExchange exchange) {
        user = exchange;
    }

    /** Goes back to wait for the next request, as soon as all that has been read is known to be of the last one. */
    void done() {
        user = null;
        reused = true;
        resting = true;
        channel().config().setAutoRead(true);
    }

    /** Ends; its user hears nothing of it. */
    void close() {
        user = null;
        channel().close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        HttpExchange now = user;
        if (now == null) {
            // An answer to nothing: an upstream that does this is not to be trusted with the next request.
            ReferenceCountUtil.release(message);
            resting = false;
            loop.forget(this);
            ctx.close();
        } else if (message instanceof HttpResponse response) {
            now.response(response);
        } else if (message instanceof HttpContent content) {
            now.responseContent(content);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (user != null) {
            user.flushClient();
        } else if (resting && isOpen()) {
            resting = false;
            loop.keep(this, System.nanoTime());
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (user != null && ctx.channel().isWritable()) {
            user.upstreamWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        HttpExchange now = user;
        user = null;
        if (now == null) {
            loop.forget(this);
        } else {
            now.upstreamClosed(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (ctx.channel().isActive() && isOfWriting(cause)) {
            return;
        }
        // Not by channelInactive: a body that lasts until the end of the connection would seem to be whole.
        // And not now: its user may be writing, and that is what failed.
        HttpExchange now = user;
        user = null;
        if (now != null) {
            ctx.executor().execute(() -> now.upstreamClosed(this));
        }
        ctx.close();
    }
}
