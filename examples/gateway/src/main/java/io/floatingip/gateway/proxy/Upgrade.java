package io.floatingip.gateway.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks its connection to become: a WebSocket, or HTTP/2 without TLS (h2c, RFC 7540 3.2). One with a body asks for nothing: where a body
 * ends must not depend on who still speaks HTTP/1.1.
 */
final class Upgrade {
    static final AsciiString H2C = AsciiString.cached("h2c");
    static final AsciiString SETTINGS = AsciiString.cached("http2-settings");

    private Upgrade() {}

    static boolean isWebSocket(HttpRequest request) {
        return asksFor(HttpHeaderValues.WEBSOCKET, request);
    }

    private static boolean asksFor(AsciiString protocol, HttpRequest request) {
        HttpHeaders headers = request.headers();
        String upgrade = headers.get(HttpHeaderNames.UPGRADE);
        return upgrade != null
                && protocol.contentEqualsIgnoreCase(upgrade)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !HttpUtil.isTransferEncodingChunked(request)
                && HttpUtil.getContentLength(request, 0L) == 0;
    }

    /** A request for HTTP/2, with the client's settings. */
    record Http2(HttpRequest request, Http2Settings settings) {}

    /** Null if a client does not want HTTP/2, or does not say so properly: then it is answered in HTTP/1.1. */
    static @Nullable Http2 http2(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (!headers.contains(HttpHeaderNames.UPGRADE)
                || !asksFor(H2C, request)
                || !headers.containsValue(HttpHeaderNames.CONNECTION, SETTINGS, true)) {
            return null;
        }
        List<String> values = headers.getAll(SETTINGS);
        if (values.size() != 1) {
            return null;
        }
        try {
            // The payload of a SETTINGS frame (RFC 9113 6.5.1).
            ByteBuffer payload = ByteBuffer.wrap(Base64.getUrlDecoder().decode(values.get(0)));
            Http2Settings settings = new Http2Settings();
            while (payload.hasRemaining()) {
                if (payload.remaining() < 6) {
                    return null;
                }
                settings.put((char) payload.getShort(), (Long) (payload.getInt() & 0xffff_ffffL));
            }
            return new Http2(request, settings);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The request as it would have come in HTTP/2; it has exactly one host and its target in origin form. */
    static Http2Headers firstStream(HttpRequest request) {
        request.headers()
                .remove(SETTINGS)
                .set(HttpConversionUtil.ExtensionHeaderNames.SCHEME.text(), HttpScheme.HTTP.name())
                .remove(HttpConversionUtil.ExtensionHeaderNames.PATH.text());
        return HttpConversionUtil.toHttp2Headers(request, true);
    }
}
