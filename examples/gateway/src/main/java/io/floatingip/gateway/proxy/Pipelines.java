package io.floatingip.gateway.proxy;

import io.floatingip.gateway.config.Listener;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;

/** Which handlers a client's connection gets. */
final class Pipelines {
    private Pipelines() {}

    static void client(Channel connection, Front front, Loop loop) {
        SslContext tls = front.settings().tls();
        if (tls != null) {
            connection.pipeline().addLast(tls.newHandler(connection.alloc()));
        }
        if (front.listener.protocol() == Listener.Protocol.TCP) {
            connection.config().setAutoRead(false);
            connection.pipeline().addLast(TcpExchange.NAME, new TcpExchange(front, loop));
        } else {
            HttpPipeline.http1(connection, front, loop);
        }
    }
}
