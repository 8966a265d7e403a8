package io.floatingip.keepalived;

import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** When checks run, as far as a virtual server, a real server or a check says so; each goes on from what the one around it said. */
final class TimingDefaults {
    private static final double DAY = 86_400;

    private @Nullable Duration interval;
    private @Nullable Duration connectTimeout;
    private OptionalInt retries = OptionalInt.empty();
    private @Nullable Duration delayBeforeRetry;
    private @Nullable Duration warmup;
    private boolean alpha;

    private TimingDefaults() {}

    static TimingDefaults none() {
        return new TimingDefaults();
    }

    TimingDefaults copy() {
        TimingDefaults copy = new TimingDefaults();
        copy.interval = interval;
        copy.connectTimeout = connectTimeout;
        copy.retries = retries;
        copy.delayBeforeRetry = delayBeforeRetry;
        copy.warmup = warmup;
        copy.alpha = alpha;
        return copy;
    }

    boolean alpha() {
        return alpha;
    }

    /** Takes the statement if it is one of these; otherwise false. */
    boolean map(Statement s) {
        switch (s.name()) {
            case "delay_loop" -> interval = s.secondsOrDefault(0.001, DAY).orElse(interval);
            case "connect_timeout" ->
                connectTimeout = s.secondsOrDefault(0.001, DAY).orElse(connectTimeout);
            case "retry", "nb_get_retry" -> retries = or(s.numberOrDefault(0, 1_000_000), retries);
            case "delay_before_retry" ->
                delayBeforeRetry = s.secondsOrDefault(0, DAY).orElse(delayBeforeRetry);
            case "warmup" -> warmup = s.secondsOrDefault(0, DAY).orElse(warmup);
            case "alpha" -> alpha = s.flag();
            default -> {
                return false;
            }
        }
        return true;
    }

    private static OptionalInt or(OptionalInt value, OptionalInt otherwise) {
        return value.isPresent() ? value : otherwise;
    }

    /** With keepalived's defaults for a kind of check. */
    ServerCheck.Timing timing(String kind) {
        Duration loop = interval == null ? Duration.ofMinutes(1) : interval;
        Duration delay = switch (kind) {
            case "DNS_CHECK" -> loop;
            case "HTTP_GET", "SSL_GET" -> Duration.ofSeconds(3);
            default -> Duration.ofSeconds(1);
        };
        int times = switch (kind) {
            case "DNS_CHECK" -> 3;
            case "MISC_CHECK" -> 0;
            default -> 1;
        };
        return new ServerCheck.Timing(
                loop,
                connectTimeout == null ? Duration.ofSeconds(5) : connectTimeout,
                retries.orElse(times),
                delayBeforeRetry == null ? delay : delayBeforeRetry,
                warmup == null ? loop : warmup,
                alpha);
    }
}
