package io.floatingip.internal.health;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.HttpHealthCheck;
import io.floatingip.internal.health.HttpWants.Digest;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
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
        requests = new AllChecks(this.urls.stream().map(this::request).toList());
    }

    private static void check(URI url) {
        boolean known = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!known || url.getHost() == null || url.getPort() > 65535) {
            throw new IllegalArgumentException("url must be like http://host:port/path or https://..., got " + url);
        }
    }

    private HealthCheck request(URI url) {
        return new Request(url);
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
            return outcome.success() ? outcome : Outcome.failure(url + ": " + outcome.detail());
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
        return with(new HttpWants(
                name,
                wants.virtualHost(),
                wants.headers(),
                wants.statusMin(),
                wants.statusMax(),
                wants.pattern(),
                wants.digest(),
                wants.bodyMax()));
    }

    @Override
    public HttpHealthCheck virtualHost(String name) {
        oneLine("virtualHost", name);
        return with(new HttpWants(
                wants.method(),
                name,
                wants.headers(),
                wants.statusMin(),
                wants.statusMax(),
                wants.pattern(),
                wants.digest(),
                wants.bodyMax()));
    }

    @Override
    public HttpHealthCheck header(String name, String value) {
        token("header", name);
        oneLine("header " + name, value);
        List<String> headers = new ArrayList<>(wants.headers());
        headers.add(name + ": " + value);
        return with(new HttpWants(
                wants.method(),
                wants.virtualHost(),
                List.copyOf(headers),
                wants.statusMin(),
                wants.statusMax(),
                wants.pattern(),
                wants.digest(),
                wants.bodyMax()));
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
        return with(new HttpWants(
                wants.method(),
                wants.virtualHost(),
                wants.headers(),
                from,
                to,
                wants.pattern(),
                wants.digest(),
                wants.bodyMax()));
    }

    @Override
    public HttpHealthCheck bodyMatches(String regularExpression) {
        return body(Pattern.compile(regularExpression), wants.digest(), wants.bodyMax());
    }

    @Override
    public HttpHealthCheck bodyMd5(String digest) {
        return body(wants.pattern(), new Digest("MD5", digest), wants.bodyMax());
    }

    @Override
    public HttpHealthCheck bodySha256(String digest) {
        return body(wants.pattern(), new Digest("SHA-256", digest), wants.bodyMax());
    }

    @Override
    public HttpHealthCheck bodyMax(int bytes) {
        if (bytes < 1 || bytes > BODY_MAX) {
            throw new IllegalArgumentException("bodyMax must be 1 to " + BODY_MAX + " bytes, got " + bytes);
        }
        return body(wants.pattern(), wants.digest(), bytes);
    }

    private HttpHealthCheck body(@Nullable Pattern pattern, @Nullable Digest digest, int bodyMax) {
        return with(new HttpWants(
                wants.method(),
                wants.virtualHost(),
                wants.headers(),
                wants.statusMin(),
                wants.statusMax(),
                pattern,
                digest,
                bodyMax));
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
