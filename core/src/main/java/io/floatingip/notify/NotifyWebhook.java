package io.floatingip.notify;

import io.floatingip.RoleChange;
import io.floatingip.internal.notify.Outbox;
import io.floatingip.internal.notify.Words;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * POSTs a JSON object for every change: {@code type} (INSTANCE or GROUP), {@code name}, {@code from}, {@code to}, {@code reason}, {@code detail},
 * {@code at}, {@code priority}, {@code epoch}. An answer other than 200 to 299 is a failure, and is tried again, by default after 1, 2, 4 ... up to 60
 * s, 10 times in all; later changes wait, so that they arrive in order. Immutable, each method returns a changed copy.
 */
public final class NotifyWebhook extends Delivering {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private final URI url;
    private final Map<String, String> headers;
    private final @Nullable SSLContext tls;
    private final int attempts;
    private final Duration firstDelay;

    private NotifyWebhook(
            URI url, Map<String, String> headers, @Nullable SSLContext tls, int attempts, Duration firstDelay) {
        super(new Outbox(
                "webhook " + url.getScheme() + "://" + url.getHost(), attempts, firstDelay, Duration.ofMinutes(1)));
        this.url = url;
        this.headers = headers;
        this.tls = tls;
        this.attempts = attempts;
        this.firstDelay = firstDelay;
    }

    /** To this http or https URL. */
    public static NotifyWebhook to(String url) {
        URI parsed = URI.create(url);
        if (!"http".equalsIgnoreCase(parsed.getScheme()) && !"https".equalsIgnoreCase(parsed.getScheme())
                || parsed.getHost() == null) {
            throw new IllegalArgumentException("webhook must be an http or https URL, got " + url);
        }
        return new NotifyWebhook(parsed, Map.of(), null, 10, Duration.ofSeconds(1));
    }

    /** A header to send, {@code Authorization} for example. */
    public NotifyWebhook header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new NotifyWebhook(url, Map.copyOf(more), tls, attempts, firstDelay);
    }

    /** Takes trust and keys from this, instead of the JVM's. */
    public NotifyWebhook sslContext(SSLContext context) {
        return new NotifyWebhook(url, headers, Objects.requireNonNull(context, "context"), attempts, firstDelay);
    }

    /** How many attempts to make, 1 to 100, and how long to wait before the second; each later wait is twice as long, up to 1 min. */
    public NotifyWebhook attempts(int count, Duration delay) {
        if (count < 1 || count > 100 || delay.isNegative() || delay.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "attempts must be 1 to 100 with a delay of up to 1 min, got " + count + " and " + delay);
        }
        return new NotifyWebhook(url, headers, tls, count, delay);
    }

    @Override
    public void onChange(RoleChange change) {
        outbox.put(change.toString(), () -> post(Words.json(change).getBytes(StandardCharsets.UTF_8)));
    }

    private void post(byte[] body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        try {
            if (tls != null && connection instanceof HttpsURLConnection secure) {
                secure.setSSLSocketFactory(tls.getSocketFactory());
            }
            connection.setConnectTimeout((int) ANSWER_LIMIT.toMillis());
            connection.setReadTimeout((int) ANSWER_LIMIT.toMillis());
            connection.setInstanceFollowRedirects(false);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            connection.setRequestProperty("Content-Type", "application/json");
            headers.forEach(connection::setRequestProperty);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
            int status = connection.getResponseCode();
            if (status < 200 || status > 299) {
                throw new IOException("status " + status);
            }
        } finally {
            connection.disconnect();
        }
    }
}
