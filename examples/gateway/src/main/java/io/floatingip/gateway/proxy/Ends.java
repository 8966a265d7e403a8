package io.floatingip.gateway.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.ssl.SslHandler;

/** How a connection is ended without losing what was said last: everything written before is sent first. */
final class Ends {
    private Ends() {}

    /** Says that nothing more will come; input is still taken. */
    static void shutdownOutput(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls != null && channel.isActive()) {
                tls.closeOutbound().addListener(said -> shutdownSocket(channel));
            } else {
                shutdownSocket(channel);
            }
        });
    }

    private static void shutdownSocket(Channel channel) {
        if (channel instanceof DuplexChannel duplex && channel.isActive() && !duplex.isOutputShutdown()) {
            duplex.shutdownOutput();
        }
    }

    /**
     * Ends a stream whose request is of no use to its end (RFC 9113 8.1): without an error, or its client would throw the answer away.
     *
     * @param answered the write of all that was said; what waits for the client's window would be lost with a reset
     */
    static void stream(ChannelFuture answered) {
        Channel stream = answered.channel();
        answered.addListener(sent -> stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR))
                .addListener(ChannelFutureListener.CLOSE));
    }

    static void close(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
