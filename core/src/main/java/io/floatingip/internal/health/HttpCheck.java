package io.floatingip.internal.health;

import io.floatingip.health.HttpHealthCheck;
import io.floatingip.internal.health.HttpWants.Digest;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** URLs asked one after the other. */
final class HttpCheck implements HttpHealthCheck, AsyncCheck {
    private static final int BODY_MAX = 1 << 30;

    private final List<URI> urls;
    private final HttpWants wants;
    private final Tls tls;
    private final AllChecks requests;
    private @Nullable SSLContext context;

    HttpCheck(List<URI> urls, HttpWants wants, Tls tls) {
        this.urls = List.copyOf(urls);
        this.wants = wants;
        this.tls = tls;
        this.urls.forEach(HttpCheck::check);
        requests = new AllChecks(this.urls.stream().map(Request::new).toList());
    }

    private static void check(URI url) {
        boolean known = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!known || url.getHost() == null || url.getPort() > 65535) {
            throw new IllegalArgumentException("url must be like http://host:port/path or https://..., got " + url);
        }
        if (url.getUserInfo() != null) {
            throw new IllegalArgumentException("a url with a user or password is not sent, and would be logged; use"
                    + " header(\"Authorization\", ...) for " + withoutSecrets(url));
        }
    }

    /** What logs and status may show: queries hold tokens. */
    private static String withoutSecrets(URI url) {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                + url.getRawPath();
    }

    /** One of the URLs. */
    private final class Request implements AsyncCheck {
        private final URI url;

        Request(URI url) {
            this.url = url;
        }

        @Override
        public Attempt begin(HealthEngine engine, Consumer<Outcome> done) {
            boolean secure = "https".equalsIgnoreCase(url.getScheme());
            return new HttpAttempt(
                    engine,
                    url,
                    wants,
                    secure ? context() : null,
                    !tls.anything(),
                    outcome -> done.accept(prefixed(outcome)));
        }

        private Outcome prefixed(Outcome outcome) {
            return outcome.success() ? outcome : Outcome.failure(withoutSecrets(url) + ": " + outcome.detail());
        }
    }

    private SSLContext context() {
        if (context == null) {
            context = tls.context();
        }
        return context;
    }

    @Override
    public Attempt begin(HealthEngine engine, Consumer<Outcome> done) {
        return requests.begin(engine, done);
    }

    @Override
    public HttpHealthCheck method(String name) {
        token("method", name);
        return with(wants.withMethod(name));
    }

    @Override
    public HttpHealthCheck virtualHost(String name) {
        oneLine("virtualHost", name);
        return with(wants.withVirtualHost(name));
    }

    @Override
    public HttpHealthCheck header(String name, String value) {
        token("header", name);
        oneLine("header " + name, value);
        return with(wants.withHeader(name + ": " + value));
    }

    @Override
    public HttpHealthCheck status(int wanted) {
        return status(wanted, wanted);
    }

    @Override
    public HttpHealthCheck status(int from, int to) {
        if (from < 200 || to > 599 || to < from) {
            throw new IllegalArgumentException("status must be within 200 to 599, got " + from + " to " + to);
        }
        return with(wants.withStatus(from, to));
    }

    @Override
    public HttpHealthCheck bodyMatches(String regularExpression) {
        return with(wants.withPattern(Pattern.compile(regularExpression)));
    }

    @Override
    public HttpHealthCheck bodyMd5(String digest) {
        return with(wants.withDigest(new Digest("MD5", digest)));
    }

    @Override
    public HttpHealthCheck bodySha256(String digest) {
        return with(wants.withDigest(new Digest("SHA-256", digest)));
    }

    @Override
    public HttpHealthCheck bodyMax(int bytes) {
        if (bytes < 1 || bytes > BODY_MAX) {
            throw new IllegalArgumentException("bodyMax must be 1 to " + BODY_MAX + " bytes, got " + bytes);
        }
        return with(wants.withBodyMax(bytes));
    }

    private HttpHealthCheck with(HttpWants other) {
        return new HttpCheck(urls, other, tls);
    }

    @Override
    public HttpHealthCheck trust(Path pem) {
        return new HttpCheck(urls, wants, tls.trusting(pem));
    }

    @Override
    public HttpHealthCheck trustAnything() {
        return new HttpCheck(urls, wants, tls.trustingAnything());
    }

    @Override
    public HttpHealthCheck clientCertificate(Path chain, Path key) {
        return new HttpCheck(urls, wants, tls.showing(chain, key));
    }

    @Override
    public HttpHealthCheck sslContext(SSLContext other) {
        return new HttpCheck(urls, wants, tls.from(Objects.requireNonNull(other, "context")));
    }

    private static void token(String property, String value) {
        if (!value.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
            throw new IllegalArgumentException(property + " must be an HTTP token, got \"" + value + "\"");
        }
    }

    private static void oneLine(String property, String value) {
        if (value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f)) {
            throw new IllegalArgumentException(property + " must be one line of text");
        }
    }
}
