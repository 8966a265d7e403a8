package io.floatingip.gateway.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
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

    static void close(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
