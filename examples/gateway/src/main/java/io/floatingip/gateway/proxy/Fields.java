package io.floatingip.gateway.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What of the header fields goes on, and what is added: RFC 9110 7.6 and the X-Forwarded fields. Changes them in place. */
final class Fields {
    private static final AsciiString FORWARDED = AsciiString.cached("forwarded");
    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString REAL_IP = AsciiString.cached("x-real-ip");
    private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
    private static final AsciiString FORWARDED_HOST = AsciiString.cached("x-forwarded-host");
    private static final AsciiString VIA_1_1 = AsciiString.cached("1.1 gateway");
    private static final AsciiString VIA_1_0 = AsciiString.cached("1.0 gateway");
    private static final AsciiString VIA_2 = AsciiString.cached("2 gateway");

    private Fields() {}

    /** What the client said about itself is kept only where a list says who said what (X-Forwarded-For); the rest is replaced. */
    static void toUpstream(HttpRequest request, String client, boolean tls, boolean http2, boolean upgrade) {
        HttpHeaders headers = request.headers();
        boolean http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        removeHopByHop(headers);
        removeAmbiguous(headers);
        headers.remove(FORWARDED);
        if (http2) {
            headers.remove("x-http2-scheme").remove("x-http2-stream-id").remove("x-http2-path");
            headers.remove("x-http2-stream-dependency-id")
                    .remove("x-http2-stream-weight")
                    .remove("x-http2-stream-promise-id");
        }
        if (upgrade) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
            headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        }
        headers.set(REAL_IP, client);
        headers.set(
                FORWARDED_FOR,
                headers.contains(FORWARDED_FOR)
                        ? String.join(", ", headers.getAll(FORWARDED_FOR)) + ", " + client
                        : client);
        headers.set(FORWARDED_PROTO, tls ? "https" : "http");
        headers.set(FORWARDED_HOST, headers.get(HttpHeaderNames.HOST));
        headers.add(HttpHeaderNames.VIA, http2 ? VIA_2 : http10 ? VIA_1_0 : VIA_1_1);
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
    }

    static void toClient(HttpResponse response) {
        removeHopByHop(response.headers());
        response.setProtocolVersion(HttpVersion.HTTP_1_1);
    }

    /** To CGI and all that follows it {@code X_Real_IP} is {@code X-Real-IP}: nobody could tell which of them a client has made up. */
    private static void removeAmbiguous(HttpHeaders headers) {
        List<CharSequence> found = List.of();
        for (Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence(); all.hasNext(); ) {
            CharSequence name = all.next().getKey();
            if (AsciiString.indexOf(name, '_', 0) >= 0) {
                found = found.isEmpty() ? new ArrayList<>() : found;
                found.add(name);
            }
        }
        found.forEach(headers::remove);
    }

    /** Transfer-Encoding stays: it says how what is forwarded is to be framed. */
    private static void removeHopByHop(HttpHeaders headers) {
        if (headers.contains(HttpHeaderNames.CONNECTION)) {
            for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
                for (String name : value.split(",")) {
                    removeNamed(headers, name.trim().toLowerCase(Locale.ROOT));
                }
            }
            headers.remove(HttpHeaderNames.CONNECTION);
        }
        headers.remove(KEEP_ALIVE)
                .remove(PROXY_CONNECTION)
                .remove(HttpHeaderNames.TE)
                .remove(HttpHeaderNames.UPGRADE)
                .remove(Upgrade.SETTINGS)
                .remove(HttpHeaderNames.PROXY_AUTHORIZATION);
    }

    /** Not what routes or frames a message, whatever a sender wants. */
    private static void removeNamed(HttpHeaders headers, String name) {
        switch (name) {
            case "", "close", "host", "content-length", "transfer-encoding", "cookie", "authorization" -> {}
            default -> headers.remove(name);
        }
    }
}
