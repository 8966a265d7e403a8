package io.floatingip.gateway.proxy;

import io.floatingip.gateway.config.Limits;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which requests are not forwarded, and with what they are answered. */
final class Rules {
    private Rules() {}

    /** The status that refuses a request, null if it is good; a good one has its target in origin form afterwards, and exactly one host. */
    static @Nullable HttpResponseStatus refusal(HttpRequest request, Limits limits, Supplier<String> localAuthority) {
        if (request.decoderResult().isFailure()) {
            Throwable cause = request.decoderResult().cause();
            return cause instanceof TooLongHttpLineException
                    ? HttpResponseStatus.REQUEST_URI_TOO_LONG
                    : cause instanceof TooLongFrameException
                            ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                            : HttpResponseStatus.BAD_REQUEST;
        }
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED;
        }
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.CONNECT) || method.equals(HttpMethod.TRACE)) {
            return HttpResponseStatus.METHOD_NOT_ALLOWED;
        }
        if (!isToken(method.name())) {
            return HttpResponseStatus.BAD_REQUEST;
        }
        HttpHeaders headers = request.headers();
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
            if (version.equals(HttpVersion.HTTP_1_0) || headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
                return HttpResponseStatus.BAD_REQUEST;
            }
            if (encodings.size() > 1 || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.get(0))) {
                return HttpResponseStatus.NOT_IMPLEMENTED;
            }
            // Said as everybody understands it: not every server takes "Chunked".
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        String host = host(request, localAuthority);
        if (host == null || !originForm(request, host)) {
            return HttpResponseStatus.BAD_REQUEST;
        }
        if (!limits.allowedHosts().isEmpty() && !allowed(name(host), limits.allowedHosts())) {
            return HttpResponseStatus.FORBIDDEN;
        }
        if (limits.bodyMax() > 0 && HttpUtil.getContentLength(request, 0L) > limits.bodyMax()) {
            return HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
        }
        return null;
    }

    /** RFC 9110 5.6.2. */
    static boolean isToken(CharSequence word) {
        if (word.length() == 0) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (!isAlphanumeric(c) && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    /** The one host; null if there are several, none, or something else. HTTP/1.0 may do without: then it is what the client connected to. */
    private static @Nullable String host(HttpRequest request, Supplier<String> localAuthority) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            String local = localAuthority.get();
            request.headers().set(HttpHeaderNames.HOST, local);
            return local;
        }
        if (hosts.size() != 1 || hosts.get(0).isEmpty()) {
            return null;
        }
        String host = hosts.get(0);
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (!isAlphanumeric(c) && "-._~:[]!$&'()*+;=%".indexOf(c) < 0) {
                return null;
            }
        }
        return host;
    }

    /** Brings the target into origin form; an absolute one has to name the same host (RFC 9112 3.2.2 would let it win over the header). */
    private static boolean originForm(HttpRequest request, String host) {
        String target = request.uri();
        if (target.startsWith("/")) {
            return clean(target);
        }
        if (target.equals("*")) {
            return request.method().equals(HttpMethod.OPTIONS);
        }
        int scheme = target.indexOf("://");
        String name = scheme < 0 ? "" : target.substring(0, scheme).toLowerCase(Locale.ROOT);
        if (!name.equals("http") && !name.equals("https")) {
            return false;
        }
        int start = scheme + 3;
        int end = start;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        if (!target.substring(start, end).equalsIgnoreCase(host) || !clean(target)) {
            return false;
        }
        String rest = target.substring(end);
        request.setUri(rest.startsWith("/") ? rest : "/" + rest);
        return true;
    }

    private static boolean clean(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return false;
            }
        }
        return true;
    }

    private static String name(String host) {
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        return (end <= 0 ? host : host.substring(0, end)).toLowerCase(Locale.ROOT);
    }

    private static boolean allowed(String name, Set<String> hosts) {
        if (hosts.contains(name)) {
            return true;
        }
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            if (hosts.contains("*" + name.substring(dot))) {
                return true;
            }
        }
        return false;
    }
}
