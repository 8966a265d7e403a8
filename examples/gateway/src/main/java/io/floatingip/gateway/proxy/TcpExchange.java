package io.floatingip.gateway.proxy;

import io.floatingip.gateway.balance.Backend;
import io.floatingip.gateway.balance.Query;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client's TCP connection until it has an upstream; then a {@link Tunnel}. */
final class TcpExchange extends ChannelInboundHandlerAdapter implements Query {
    static final String NAME = "exchange";

    private final Front front;
    private final Loop loop;
    private final Front.Settings settings;
    private final List<Backend> tried = new ArrayList<>(2);
    private final List<Object> early = new ArrayList<>(2);
    private @Nullable ChannelHandlerContext client;
    private @Nullable Backend backend;
    private boolean begun;
    private boolean tunnelled;

    TcpExchange(Front front, Loop loop) {
        this.front = front;
        this.loop = loop;
        settings = front.settings();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        client = ctx;
        begun = true;
        front.counters.requests.increment();
        front.counters.active.increment();
        connect(ctx);
    }

    private void connect(ChannelHandlerContext ctx) {
        Backend chosen = settings.balancer().choose(this, tried);
        if (chosen == null) {
            front.counters.errors.increment();
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            ctx.close();
            return;
        }
        backend = chosen;
        chosen.begun();
        loop.connect(chosen, settings.limits().connectTimeout(), new Waiting(), (upstream, failure) -> {
            if (!ctx.channel().isActive()) {
                if (upstream != null) {
                    upstream.close();
                }
            } else if (upstream != null) {
                chosen.reached();
                tunnelled = true;
                List<Object> first = List.copyOf(early);
                early.clear();
                new Tunnel(loop, settings.limits().idleTimeout(), ctx.channel(), upstream, () -> {
                            chosen.ended();
                            front.counters.active.decrement();
                        })
                        .begin(first, List.of(NAME, Waiting.NAME));
            } else {
                chosen.unreachable();
                chosen.failed();
                chosen.ended();
                backend = null;
                tried.add(chosen);
                connect(ctx);
            }
        });
    }

    /** Reads nothing from an upstream before there is somebody to take it. */
    private static final class Waiting extends ChannelInboundHandlerAdapter {
        static final String NAME = "waiting";

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(false);
            ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
    }

    /** What TLS had decrypted already. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        early.add(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        early.forEach(ReferenceCountUtil::release);
        early.clear();
        if (begun && !tunnelled) {
            front.counters.active.decrement();
            if (backend != null) {
                backend.ended();
                backend = null;
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public InetAddress client() {
        return address(true).getAddress();
    }

    @Override
    public String destination() {
        return address(false).toString();
    }

    private InetSocketAddress address(boolean remote) {
        ChannelHandlerContext ctx = client;
        if (ctx == null) {
            throw new IllegalStateException("not connected");
        }
        return (InetSocketAddress)
                (remote ? ctx.channel().remoteAddress() : ctx.channel().localAddress());
    }
}
