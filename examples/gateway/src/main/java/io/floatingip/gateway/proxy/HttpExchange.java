package io.floatingip.gateway.proxy;

import io.floatingip.gateway.balance.Backend;
import io.floatingip.gateway.balance.Query;
import io.floatingip.netty.Drain;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/1 connection, or one HTTP/2 stream: takes a request, gives it to an upstream, brings the response back. One request at a time; what
 * a client sends ahead waits here, and no more is read from it. Used by its event loop only.
 *
 * <p><b>Retries.</b> Nothing of a request has been sent while no connection is made, so a failed connect goes to the next upstream whatever the
 * method. When a connection ends without a single byte of response, an idempotent request without a body is sent again on a new connection; others
 * are answered with 502, because the upstream may have acted on them. What was cut off in the middle of a response is cut off for the client too.
 *
 * <p><b>The end of a connection.</b> After the last response only this side is shut down, and input is thrown away until the client ends its own: a
 * socket closed with unread input would reset the connection, and the client could lose a response that was complete.
 */
final class HttpExchange extends ChannelInboundHandlerAdapter implements Query, Loop.Timed {
    private static final int ATTEMPTS_MAX = 4;
    private static final Duration LINGER = Duration.ofSeconds(5);
    private static final AsciiString CLOSE = HttpHeaderValues.CLOSE;

    private enum State {
        /** Between requests. */
        IDLE,
        CONNECTING,
        /** The request goes to the upstream; the response may have begun. */
        SENDING,
        /** The request is complete. */
        AWAITING,
        /** All is said; until the client ends it. */
        LINGERING,
        GONE
    }

    private final Front front;
    private final Loop loop;
    private final boolean http2;
    private final ArrayDeque<Object> ahead = new ArrayDeque<>();
    private Front.Settings settings;
    private @Nullable String clientIp;
    private State state = State.IDLE;
    private @Nullable ChannelHandlerContext client;
    private long deadline;
    private boolean headBegun;
    private boolean draining;
    private boolean served;
    private boolean pumping;
    private final Backlog backlog = new Backlog();

    // Of the present request.
    private @Nullable HttpRequest request;
    /** Heads wait for what is read with them: with the end of a short message they make one buffer and one write. */
    private boolean requestHeld;

    private Upgrade.@Nullable Http2 toHttp2;

    private @Nullable HttpResponse responseHeld;
    private final List<Backend> tried = new ArrayList<>(2);
    private @Nullable Backend backend;
    private @Nullable UpstreamLink upstream;
    private boolean keepAlive;
    private boolean http10;
    private boolean toHead;
    private boolean upgrade;
    private boolean withBody;
    private boolean requestEnded;
    private boolean responseBegun;
    private boolean interim;
    private boolean upstreamReusable;
    private boolean closeDelimited;
    private boolean freshOnly;
    private int attempts;
    private int connects;
    private long bodyBytes;
    private boolean connectTimedOut;

    HttpExchange(Front front, Loop loop, boolean http2) {
        this.front = front;
        this.loop = loop;
        this.http2 = http2;
        settings = front.settings();
        deadline = System.nanoTime() + settings.limits().idleTimeout().toNanos();
    }

    // ---- from the client

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        client = ctx;
        loop.add(this);
    }

    /** Something arrives; the first bytes of a request begin the time for its head. */
    void bytesArrived() {
        if (state == State.IDLE && !headBegun) {
            headBegun = true;
            within(settings.limits().requestTimeout());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ahead.isEmpty() && takes(message)) {
            handle(message);
        } else if (state == State.LINGERING || state == State.GONE) {
            ReferenceCountUtil.release(message);
        } else {
            ahead.add(message);
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flushUpstream();
    }

    private void flushUpstream() {
        if (upstream != null) {
            writeRequestHead(upstream.channel());
            upstream.channel().flush();
        }
    }

    private void writeRequestHead(Channel to) {
        if (requestHeld) {
            requestHeld = false;
            to.write(request(), to.voidPromise());
        }
    }

    private boolean takes(Object message) {
        return switch (state) {
            case IDLE -> true;
            case SENDING -> !(message instanceof HttpRequest) && upstream().isWritable();
            case CONNECTING, AWAITING, LINGERING, GONE -> false;
        };
    }

    private void handle(Object message) {
        if (state == State.IDLE) {
            if (message instanceof FullHttpRequest whole) {
                // As HTTP/2 makes of a request without a body, and the decoder of what it cannot understand.
                HttpRequest head =
                        new DefaultHttpRequest(whole.protocolVersion(), whole.method(), whole.uri(), whole.headers());
                head.setDecoderResult(whole.decoderResult());
                whole.release();
                begin(head);
                channelRead(context(), LastHttpContent.EMPTY_LAST_CONTENT);
                return;
            }
            if (message instanceof HttpRequest head) {
                begin(head);
                return;
            }
            if (toHttp2 != null && message instanceof LastHttpContent) {
                becomeHttp2(toHttp2);
            }
            // The rest of what was refused.
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpContent content) {
            requestContent(content);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    /** Goes on with what the client has sent ahead. */
    private void pump() {
        if (pumping) {
            // Answers of our own come at once: thousands of requests sent ahead would be as many calls deep.
            return;
        }
        pumping = true;
        try {
            while (!ahead.isEmpty() && takes(ahead.peek())) {
                handle(ahead.poll());
            }
        } finally {
            pumping = false;
        }
        flushUpstream();
        if (ahead.isEmpty() && state != State.CONNECTING) {
            context().channel().config().setAutoRead(true);
        }
    }

    private void begin(HttpRequest head) {
        settings = front.settings();
        HttpResponseStatus refusal = Rules.refusal(head, settings.limits(), this::localAuthority);
        toHttp2 = refusal == null && mayBecomeHttp2() ? Upgrade.http2(head) : null;
        if (toHttp2 != null) {
            // It is a stream's then; its end has been read with it.
            return;
        }
        front.counters.requests.increment();
        front.counters.active.increment();
        request = head;
        headBegun = false;
        toHead = head.method().equals(HttpMethod.HEAD);
        http10 = head.protocolVersion().equals(HttpVersion.HTTP_1_0);
        keepAlive = HttpUtil.isKeepAlive(head);
        requestEnded = false;
        responseBegun = false;
        interim = false;
        requestHeld = false;
        responseHeld = null;
        freshOnly = false;
        connectTimedOut = false;
        withBody = false;
        attempts = 0;
        bodyBytes = 0;
        tried.clear();
        state = State.CONNECTING;
        if (refusal != null) {
            front.counters.refused.increment();
            answer(refusal);
            return;
        }
        upgrade = !http2 && Upgrade.isWebSocket(head);
        Fields.toUpstream(head, clientIp(), settings.tls() != null, http2, upgrade);
        connect();
    }

    /** Only with its first request, so that nothing of HTTP/1.1 is still on its way; TLS has other means (ALPN). */
    private boolean mayBecomeHttp2() {
        return !http2 && front.listener.http2() && settings.tls() == null && !served && !draining && ahead.isEmpty();
    }

    private void becomeHttp2(Upgrade.Http2 wish) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        response.headers()
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.UPGRADE, Upgrade.H2C);
        ChannelHandlerContext ctx = context();
        ctx.writeAndFlush(response);
        try {
            Pipelines.upgrade(ctx.channel(), front, loop, wish);
        } catch (Http2Exception | RuntimeException e) {
            ctx.close();
        }
    }

    private void requestContent(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            content.release();
            front.counters.refused.increment();
            answer(HttpResponseStatus.BAD_REQUEST);
            return;
        }
        int bytes = content.content().readableBytes();
        bodyBytes += bytes;
        withBody |= bytes > 0;
        long max = settings.limits().bodyMax();
        if (max > 0 && bodyBytes > max) {
            content.release();
            front.counters.refused.increment();
            answer(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
            return;
        }
        Channel to = upstream();
        if (content instanceof LastHttpContent) {
            requestEnded = true;
            state = State.AWAITING;
            within(settings.limits().responseTimeout());
        } else {
            within(settings.limits().requestTimeout());
        }
        if (requestHeld && requestEnded && isWhole(request(), content)) {
            requestHeld = false;
            to.write(whole(request(), content), to.voidPromise());
        } else {
            writeRequestHead(to);
            to.write(content, to.voidPromise());
        }
        if (!requestEnded && !to.isWritable()) {
            // The upstream has to take it within the time for a response.
            within(settings.limits().responseTimeout());
            context().channel().config().setAutoRead(false);
        }
    }

    // ---- to the upstream

    private void connect() {
        state = State.CONNECTING;
        deadline = Long.MAX_VALUE + System.nanoTime();
        Backend chosen = attempts++ < ATTEMPTS_MAX ? settings.balancer().choose(this, tried) : null;
        if (chosen == null) {
            front.counters.errors.increment();
            answer(
                    tried.isEmpty()
                            ? HttpResponseStatus.SERVICE_UNAVAILABLE
                            : connectTimedOut ? HttpResponseStatus.GATEWAY_TIMEOUT : HttpResponseStatus.BAD_GATEWAY);
            return;
        }
        backend = chosen;
        chosen.begun();
        UpstreamLink kept = freshOnly ? null : loop.take(chosen);
        if (kept != null) {
            send(kept);
            return;
        }
        int connect = ++connects;
        UpstreamLink link = new UpstreamLink(chosen, loop);
        loop.connect(chosen, settings.limits().connectTimeout(), link.initializer(), (channel, failure) -> {
            if (state != State.CONNECTING || connect != connects) {
                // Nobody waits for it any more.
                if (channel != null) {
                    channel.close();
                }
            } else if (channel != null) {
                send(link);
                pump();
            } else {
                chosen.unreachable();
                chosen.failed();
                connectTimedOut |= failure instanceof ConnectTimeoutException;
                tryAnother(chosen);
            }
        });
    }

    private void tryAnother(Backend failed) {
        failed.ended();
        backend = null;
        tried.add(failed);
        connect();
        pump();
    }

    private void send(UpstreamLink link) {
        upstream = link;
        link.use(this);
        if (requestEnded) {
            // Sent again: it had no body.
            state = State.AWAITING;
            Channel to = link.channel();
            to.write(request(), to.voidPromise());
            to.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, to.voidPromise());
            within(settings.limits().responseTimeout());
        } else {
            state = State.SENDING;
            requestHeld = true;
            within(settings.limits().requestTimeout());
        }
    }

    void upstreamWritable() {
        if (state == State.SENDING) {
            within(settings.limits().requestTimeout());
            pump();
        }
    }

    // ---- from the upstream

    void response(HttpResponse response) {
        if (response.decoderResult().isFailure() || responseBegun) {
            ReferenceCountUtil.release(response);
            broken(HttpResponseStatus.BAD_GATEWAY);
            return;
        }
        within(settings.limits().responseTimeout());
        int code = response.status().code();
        if (code == 101) {
            switchProtocols(response);
            return;
        }
        if (code < 200) {
            interim = true;
            if (!http10) {
                context()
                        .write(new DefaultFullHttpResponse(
                                HttpVersion.HTTP_1_1,
                                response.status(),
                                Unpooled.EMPTY_BUFFER,
                                response.headers(),
                                EmptyHttpHeaders.INSTANCE));
            }
            return;
        }
        responseBegun = true;
        backend().reached();
        upstreamReusable = HttpUtil.isKeepAlive(response);
        Fields.toClient(response);
        frame(response, code);
        responseHeld = response;
    }

    /** How the client learns where the body ends (RFC 9112 6.3). */
    private void frame(HttpResponse response, int code) {
        HttpHeaders headers = response.headers();
        boolean chunked = HttpUtil.isTransferEncodingChunked(response);
        boolean empty = toHead || code == 204 || code == 304;
        closeDelimited = false;
        if (!chunked && !empty && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            upstreamReusable = false;
            chunked = true;
        }
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        if (http2) {
            return;
        }
        if (chunked && !empty) {
            if (http10) {
                closeDelimited = true;
                keepAlive = false;
            } else {
                headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
        }
        // What was sent ahead is still answered.
        if (draining && ahead.isEmpty() || !requestEnded) {
            keepAlive = false;
        }
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, CLOSE);
        } else if (http10) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }

    void responseContent(HttpContent content) {
        if (interim) {
            interim = !(content instanceof LastHttpContent);
            content.release();
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            broken(HttpResponseStatus.BAD_GATEWAY);
            return;
        }
        if (content instanceof LastHttpContent) {
            responseEnded(content);
            return;
        }
        within(settings.limits().responseTimeout());
        writeResponseHead();
        context().write(content, write());
        if (!context().channel().isWritable()) {
            upstream().config().setAutoRead(false);
        }
    }

    private void responseEnded(HttpContent last) {
        leaveUpstream(upstreamReusable && requestEnded);
        HttpResponse head = responseHeld;
        if (head != null && isWhole(head, last)) {
            responseHeld = null;
            finish(whole(head, last));
        } else {
            writeResponseHead();
            finish(last);
        }
    }

    private void writeResponseHead() {
        HttpResponse head = responseHeld;
        if (head != null) {
            responseHeld = null;
            context().write(head, write());
        }
    }

    /** Whether the encoder makes one buffer of a head and an end that are given to it as one. */
    private static boolean isWhole(HttpMessage head, HttpContent end) {
        return end instanceof LastHttpContent last
                && last.trailingHeaders().isEmpty()
                && !head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
    }

    private static FullHttpRequest whole(HttpRequest head, HttpContent end) {
        return new DefaultFullHttpRequest(
                head.protocolVersion(),
                head.method(),
                head.uri(),
                end.content(),
                head.headers(),
                EmptyHttpHeaders.INSTANCE);
    }

    private static FullHttpResponse whole(HttpResponse head, HttpContent end) {
        return new DefaultFullHttpResponse(
                head.protocolVersion(), head.status(), end.content(), head.headers(), EmptyHttpHeaders.INSTANCE);
    }

    /** Writes the end of a response, and either waits for the next request or lets the connection end. */
    private void finish(Object last) {
        front.counters.active.decrement();
        served = true;
        request = null;
        if (http2) {
            state = State.LINGERING;
            within(settings.limits().responseTimeout());
            ChannelFuture written = context().writeAndFlush(last);
            if (!requestEnded) {
                Ends.stream(written);
            }
            return;
        }
        if (!keepAlive) {
            linger(context().writeAndFlush(last));
            return;
        }
        state = State.IDLE;
        within(settings.limits().idleTimeout());
        context().writeAndFlush(last, write());
        if (state == State.IDLE
                && (!ahead.isEmpty() || !context().channel().config().isAutoRead())) {
            pump();
        }
    }

    void flushClient() {
        writeResponseHead();
        context().flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && upstream != null) {
            within(settings.limits().responseTimeout());
            upstream().config().setAutoRead(true);
        }
        ctx.fireChannelWritabilityChanged();
    }

    /** The connection ended before the response was complete. */
    void upstreamClosed(UpstreamLink link) {
        if (upstream != link) {
            return;
        }
        Backend lost = backend();
        boolean reused = link.isReused();
        upstream = null;
        if (!responseBegun && requestEnded && !withBody && isIdempotent()) {
            freshOnly = true;
            if (reused) {
                // It was idle for too long, or its server has gone; a new connection will tell.
                lost.ended();
                backend = null;
                connect();
                pump();
            } else {
                lost.failed();
                tryAnother(lost);
            }
            return;
        }
        broken(HttpResponseStatus.BAD_GATEWAY);
    }

    /** The upstream cannot be understood, or does not answer. */
    private void broken(HttpResponseStatus status) {
        front.counters.errors.increment();
        backend().failed();
        if (responseBegun) {
            leaveUpstream(false);
            abort();
        } else {
            answer(status);
        }
    }

    private void leaveUpstream(boolean reusable) {
        UpstreamLink link = upstream;
        upstream = null;
        requestHeld = false;
        if (link != null) {
            if (reusable && link.isOpen()) {
                link.done();
            } else {
                link.close();
            }
        }
        if (backend != null) {
            backend.ended();
            backend = null;
        }
    }

    // ---- answers of our own, and ends

    /** Answers instead of an upstream. */
    private void answer(HttpResponseStatus status) {
        leaveUpstream(false);
        if (responseBegun) {
            abort();
            return;
        }
        requestEnded |= endIsNext();
        keepAlive &= requestEnded && !(draining && ahead.size() < 2) && status.code() != 400;
        FullHttpResponse response = text(status);
        if (!keepAlive && !http2) {
            response.headers().set(HttpHeaderNames.CONNECTION, CLOSE);
        }
        finish(response);
    }

    /** Whether all that is still to come of this request is its end, which may have been read already. */
    private boolean endIsNext() {
        HttpRequest head = request();
        return head.decoderResult().isSuccess()
                && !HttpUtil.isTransferEncodingChunked(head)
                && HttpUtil.getContentLength(head, 0L) == 0;
    }

    private static FullHttpResponse text(HttpResponseStatus status) {
        byte[] words = (status + "\n").getBytes(StandardCharsets.US_ASCII);
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(words));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, words.length);
        return response;
    }

    private void linger(ChannelFuture written) {
        state = State.LINGERING;
        within(settings.limits().responseTimeout());
        releaseAhead();
        context().channel().config().setAutoRead(true);
        written.addListener(done -> {
            if (state == State.LINGERING) {
                within(draining ? settings.limits().idleTimeout() : LINGER);
            }
            Ends.shutdownOutput(context().channel());
        });
    }

    /** Cuts the client off, so that it cannot take what it has for the whole. */
    private void abort() {
        state = State.LINGERING;
        releaseAhead();
        if (!http2) {
            context().channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        context().close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Drain.BEGUN) {
            draining = true;
        } else if (event == Drain.OVER) {
            draining = false;
        } else if (event == Drain.LAST && state == State.IDLE && !headBegun && served) {
            linger(ctx.writeAndFlush(Unpooled.EMPTY_BUFFER));
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public void expired() {
        switch (state) {
            case IDLE -> {
                if (headBegun) {
                    front.counters.requests.increment();
                    front.counters.refused.increment();
                    front.counters.active.increment();
                    keepAlive = false;
                    requestEnded = true;
                    finish(closing(text(HttpResponseStatus.REQUEST_TIMEOUT)));
                } else if (http2) {
                    context().close();
                } else {
                    linger(context().writeAndFlush(Unpooled.EMPTY_BUFFER));
                }
            }
            case SENDING -> {
                if (upstream().isWritable()) {
                    front.counters.refused.increment();
                    answer(HttpResponseStatus.REQUEST_TIMEOUT);
                } else {
                    broken(HttpResponseStatus.GATEWAY_TIMEOUT);
                }
            }
            case AWAITING -> {
                if (backlog.shrinks(context().channel())) {
                    within(settings.limits().responseTimeout());
                } else if (responseBegun && !context().channel().isWritable()) {
                    // It is the client who takes nothing.
                    leaveUpstream(false);
                    abort();
                } else {
                    broken(HttpResponseStatus.GATEWAY_TIMEOUT);
                }
            }
            case LINGERING -> {
                if (backlog.shrinks(context().channel())) {
                    within(settings.limits().responseTimeout());
                } else {
                    context().close();
                }
            }
            case CONNECTING, GONE -> {}
        }
    }

    private static FullHttpResponse closing(FullHttpResponse response) {
        response.headers().set(HttpHeaderNames.CONNECTION, CLOSE);
        return response;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        gone();
    }

    private void gone() {
        if (state == State.GONE) {
            return;
        }
        if (request != null) {
            front.counters.active.decrement();
            request = null;
        }
        state = State.GONE;
        loop.remove(this);
        leaveUpstream(false);
        releaseAhead();
    }

    private void releaseAhead() {
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    /** Both sides stop to speak HTTP; from here on bytes are passed on as they are. */
    private void switchProtocols(HttpResponse response) {
        if (!upgrade) {
            ReferenceCountUtil.release(response);
            broken(HttpResponseStatus.BAD_GATEWAY);
            return;
        }
        UpstreamLink link = upstream;
        Backend to = backend();
        if (link == null) {
            return;
        }
        upstream = null;
        backend = null;
        ChannelHandlerContext ctx = context();
        ctx.writeAndFlush(new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                response.status(),
                Unpooled.EMPTY_BUFFER,
                response.headers(),
                EmptyHttpHeaders.INSTANCE));
        Tunnel tunnel = new Tunnel(loop, settings.limits().idleTimeout(), ctx.channel(), link.channel(), () -> {
            to.ended();
            front.counters.active.decrement();
        });
        request = null;
        List<Object> early = new ArrayList<>(ahead);
        ahead.clear();
        tunnel.begin(early, Pipelines.NAMES);
    }

    // ---- what is asked for in several places

    private void within(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
    }

    /** For writes whose end nobody waits for. The channels of streams do not have one. */
    private ChannelPromise write() {
        return http2 ? context().newPromise() : context().voidPromise();
    }

    private ChannelHandlerContext context() {
        return present(client);
    }

    private HttpRequest request() {
        return present(request);
    }

    private Backend backend() {
        return present(backend);
    }

    private Channel upstream() {
        return present(upstream).channel();
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("not in this state");
        }
        return value;
    }

    /** For the encoder: a response to HEAD has no body, whatever its fields say. */
    boolean isHead() {
        return toHead;
    }

    /** RFC 9110 9.2.2. */
    private boolean isIdempotent() {
        HttpMethod method = request().method();
        return method.equals(HttpMethod.GET)
                || method.equals(HttpMethod.HEAD)
                || method.equals(HttpMethod.PUT)
                || method.equals(HttpMethod.DELETE)
                || method.equals(HttpMethod.OPTIONS);
    }

    private Channel connection() {
        Channel channel = context().channel();
        return http2 ? channel.parent() : channel;
    }

    @Override
    public InetAddress client() {
        return ((InetSocketAddress) connection().remoteAddress()).getAddress();
    }

    private String clientIp() {
        String known = clientIp;
        if (known == null) {
            // Without the interface that a link-local address is on.
            known = client().getHostAddress().replaceFirst("%.*", "");
            clientIp = known;
        }
        return known;
    }

    @Override
    public String destination() {
        return localAuthority() + " " + request().headers().get(HttpHeaderNames.HOST);
    }

    private String localAuthority() {
        InetSocketAddress local = (InetSocketAddress) connection().localAddress();
        String host = local.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + local.getPort();
    }
}
