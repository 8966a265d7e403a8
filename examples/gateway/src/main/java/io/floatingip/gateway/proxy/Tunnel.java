package io.floatingip.gateway.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Passes bytes between a client and an upstream, both ways, until both have ended or nothing has moved for the idle time. The end of one side's
 * output is passed on as just that: the other may still have something to say.
 */
final class Tunnel implements Loop.Timed {
    /** For what was said last: who takes nothing of it for this long gets no more, however long it may be idle otherwise. */
    private static final long LAST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Loop loop;
    private final long idleNanos;
    private final Channel client;
    private final Channel upstream;
    private final Runnable over;
    private final Backlog backlog = new Backlog();
    private long deadline;
    private int inputsEnded;
    private boolean ended;

    /**
     * @param over is run once when it has ended
     */
    Tunnel(Loop loop, Duration idle, Channel client, Channel upstream, Runnable over) {
        this.loop = loop;
        this.idleNanos = idle.toNanos();
        this.client = client;
        this.upstream = upstream;
        this.over = over;
    }

    /**
     * Begins.
     *
     * @param early what has come from the client before
     * @param inTheWay handlers that took the bytes so far; what they have read ahead is passed on
     */
    void begin(List<Object> early, List<String> inTheWay) {
        moved();
        loop.add(this);
        client.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        upstream.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        for (Object message : early) {
            pass(message, upstream);
        }
        client.pipeline().addLast(new Side(client, upstream));
        upstream.pipeline().addLast(new Side(upstream, client));
        for (String name : inTheWay) {
            for (Channel channel : List.of(client, upstream)) {
                if (channel.pipeline().get(name) != null) {
                    channel.pipeline().remove(name);
                }
            }
        }
        upstream.flush();
        client.config().setAutoRead(true);
        upstream.config().setAutoRead(true);
        inputEndedBefore(client, upstream);
        inputEndedBefore(upstream, client);
        if (!client.isActive() || !upstream.isActive()) {
            end();
        }
    }

    /** Nobody was there to hear of it. */
    private void inputEndedBefore(Channel from, Channel to) {
        if (from instanceof DuplexChannel duplex && duplex.isInputShutdown()) {
            inputEnded(to);
        }
    }

    private void inputEnded(Channel to) {
        if (++inputsEnded == 2) {
            end();
        } else {
            Ends.shutdownOutput(to);
        }
    }

    private static void pass(Object message, Channel to) {
        if (message instanceof ByteBuf) {
            to.write(message, to.voidPromise());
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void moved() {
        deadline = System.nanoTime() + (ended ? Math.min(idleNanos, LAST_NANOS) : idleNanos);
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public void expired() {
        if (backlog.shrinks(client, upstream)) {
            moved();
        } else if (ended) {
            loop.remove(this);
            client.close();
            upstream.close();
        } else {
            end();
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            moved();
            over.run();
            Ends.close(client);
            Ends.close(upstream);
        }
    }

    /** One direction. */
    private final class Side extends ChannelInboundHandlerAdapter {
        private final Channel from;
        private final Channel to;

        Side(Channel from, Channel to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            moved();
            pass(message, to);
            if (!to.isWritable()) {
                from.config().setAutoRead(false);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            to.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            moved();
            if (from.isWritable()) {
                to.config().setAutoRead(true);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                inputEnded(to);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            end();
            if (!to.isOpen()) {
                loop.remove(Tunnel.this);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            end();
        }
    }
}
