package io.floatingip.gateway.proxy;

import io.floatingip.gateway.config.Listener;
import io.floatingip.netty.Drain;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which handlers a client's connection gets: TLS if wanted, then HTTP/1.1, HTTP/2 or bytes. */
final class Pipelines {
    static final String DECODER = "decoder";
    static final String ENCODER = "encoder";
    static final String EXCHANGE = "exchange";
    static final String CODEC = "codec";
    static final String LINK = "link";
    /** Those of HTTP/1.1 on either side. What a decoder has read ahead comes out when it goes: by then no encoder may be in its way. */
    static final List<String> NAMES = List.of(EXCHANGE, LINK, ENCODER, CODEC, DECODER);

    private static final int STREAMS_MAX = 128;
    private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

    private Pipelines() {}

    static void client(Channel connection, Front front, Loop loop) {
        Certificates tls = front.settings().tls();
        if (tls != null) {
            connection.pipeline().addLast(tls.context().newHandler(connection.alloc()));
        }
        if (front.listener.protocol() == Listener.Protocol.TCP) {
            connection.config().setAutoRead(false);
            // A client may have said all before there is an upstream.
            connection.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            connection.pipeline().addLast(TcpExchange.NAME, new TcpExchange(front, loop));
        } else if (!front.listener.http2()) {
            http1(connection, front, loop);
        } else {
            connection.pipeline().addLast(new Choice(front, loop, tls != null));
        }
    }

    private static void http1(Channel connection, Front front, Loop loop) {
        HttpExchange exchange = new HttpExchange(front, loop, false);
        connection
                .pipeline()
                .addLast(
                        DECODER,
                        new StrictRequestDecoder(front.settings().limits().headerMax(), exchange::bytesArrived))
                .addLast(ENCODER, new Encoder(exchange))
                .addLast(EXCHANGE, exchange);
    }

    /** Goes on with HTTP/2 after the answer that says so; the request is the first stream. */
    static void upgrade(Channel connection, Front front, Loop loop, Upgrade.Http2 wish) throws Http2Exception {
        connection.pipeline().remove(EXCHANGE);
        // It would take the first frames for responses; the decoder goes last, what it has read ahead is frames.
        connection.pipeline().remove(ENCODER);
        Http2FrameCodec codec = http2(connection, front, loop);
        codec.onHttpServerUpgrade(wish.settings());
        codec.decoder()
                .frameListener()
                .onHeadersRead(
                        connection.pipeline().context(codec),
                        Http2CodecUtil.HTTP_UPGRADE_STREAM_ID,
                        Upgrade.firstStream(wish.request()),
                        0,
                        true);
        connection.pipeline().remove(DECODER);
    }

    private static Http2FrameCodec http2(Channel connection, Front front, Loop loop) {
        Http2Connection ends = new Http2Connection(front, loop);
        Http2Settings settings = Http2Settings.defaultSettings()
                .maxConcurrentStreams(STREAMS_MAX)
                .maxHeaderListSize(front.settings().limits().headerMax());
        Http2FrameCodec codec =
                Http2FrameCodecBuilder.forServer().initialSettings(settings).build();
        connection
                .pipeline()
                .addLast(codec)
                .addLast(new Http2MultiplexHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        ends.begun(stream);
                        stream.pipeline()
                                .addLast(new Http2Guard(front))
                                .addLast(new Http2StreamFrameToHttpObjectCodec(true))
                                .addLast(EXCHANGE, new HttpExchange(front, loop, true));
                    }
                }))
                .addLast(ends);
        return codec;
    }

    /** A response to HEAD has no body, whatever its fields say. */
    private static final class Encoder extends HttpResponseEncoder {
        private final HttpExchange exchange;

        Encoder(HttpExchange exchange) {
            this.exchange = exchange;
        }

        @Override
        protected boolean isContentAlwaysEmpty(HttpResponse response) {
            return exchange.isHead() || super.isContentAlwaysEmpty(response);
        }
    }

    /** Finds out what the client speaks: by what TLS agreed on (ALPN), without TLS by its first bytes (prior knowledge, RFC 9113 3.3). */
    private static final class Choice extends ByteToMessageDecoder implements Loop.Timed {
        private final Front front;
        private final Loop loop;
        private final boolean tls;
        private final long deadline;
        private boolean draining;
        private @Nullable ChannelHandlerContext context;

        Choice(Front front, Loop loop, boolean tls) {
            this.front = front;
            this.loop = loop;
            this.tls = tls;
            deadline = System.nanoTime()
                    + front.settings().limits().requestTimeout().toNanos();
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            context = ctx;
            loop.add(this);
        }

        @Override
        protected void handlerRemoved0(ChannelHandlerContext ctx) {
            loop.remove(this);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) throws Exception {
            loop.remove(this);
            super.channelInactive(ctx);
        }

        @Override
        public long deadline() {
            return deadline;
        }

        @Override
        public void expired() {
            if (context != null) {
                context.close();
            }
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            if (tls) {
                choose(ctx, agreedOnHttp2(ctx));
                return;
            }
            int length = Math.min(in.readableBytes(), PREFACE.readableBytes());
            if (!ByteBufUtil.equals(in, in.readerIndex(), PREFACE, PREFACE.readerIndex(), length)) {
                choose(ctx, false);
            } else if (length == PREFACE.readableBytes()) {
                choose(ctx, true);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            if (event instanceof Drain drain) {
                draining = drain != Drain.OVER;
            } else if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (!handshake.isSuccess()) {
                    ctx.close();
                } else if (!ctx.isRemoved()) {
                    choose(ctx, agreedOnHttp2(ctx));
                }
            }
            super.userEventTriggered(ctx, event);
        }

        private static boolean agreedOnHttp2(ChannelHandlerContext ctx) {
            SslHandler tls = ctx.pipeline().get(SslHandler.class);
            return ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
        }

        private void choose(ChannelHandlerContext ctx, boolean http2) {
            if (http2) {
                Pipelines.http2(ctx.channel(), front, loop);
            } else {
                Pipelines.http1(ctx.channel(), front, loop);
            }
            if (draining) {
                ctx.fireUserEventTriggered(Drain.BEGUN);
            }
            ctx.pipeline().remove(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
