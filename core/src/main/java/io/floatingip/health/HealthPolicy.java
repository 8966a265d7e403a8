package io.floatingip.health;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How often a check runs, what counts as a failure and what a failure does; immutable, each method returns a changed copy. Start with {@link
 * #release()} or {@link #weight(int)}.
 */
public final class HealthPolicy {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final HealthEffect effect;
    private final Duration interval;
    private final @Nullable Duration timeout;
    private final int rise;
    private final int fall;
    private final HealthState initial;
    private final int retries;
    private final Duration delayBeforeRetry;
    private final @Nullable HealthCheck recovery;
    private final Duration recoveryTimeout;

    private HealthPolicy(
            HealthEffect effect,
            Duration interval,
            @Nullable Duration timeout,
            int rise,
            int fall,
            HealthState initial,
            int retries,
            Duration delayBeforeRetry,
            @Nullable HealthCheck recovery,
            Duration recoveryTimeout) {
        this.effect = Objects.requireNonNull(effect, "effect");
        this.interval = between("interval", interval, SHORTEST);
        this.timeout = timeout == null ? null : between("timeout", timeout, SHORTEST);
        this.rise = count("rise", rise, 1);
        this.fall = count("fall", fall, 1);
        this.initial = Objects.requireNonNull(initial, "initial");
        this.retries = count("retries", retries, 0);
        this.delayBeforeRetry = between("delayBeforeRetry", delayBeforeRetry, Duration.ZERO);
        this.recovery = recovery;
        this.recoveryTimeout = between("recovery's limit", recoveryTimeout, SHORTEST);
    }

    /** An unhealthy check releases the address, at once. */
    public static HealthPolicy release() {
        return of(new HealthEffect.Release(false, false));
    }

    /** An unhealthy check changes the priority, see {@link HealthEffect.Weight}. */
    public static HealthPolicy weight(int weight) {
        return of(new HealthEffect.Weight(weight, false));
    }

    /** With the defaults: every second, one result decides. */
    public static HealthPolicy of(HealthEffect effect) {
        return new HealthPolicy(
                effect,
                Duration.ofSeconds(1),
                null,
                1,
                1,
                HealthState.PENDING,
                0,
                Duration.ZERO,
                null,
                Duration.ofSeconds(30));
    }

    /** Reverses the effect: what a failure did is done by success. */
    public HealthPolicy reversed() {
        return with(
                effect instanceof HealthEffect.Weight w
                        ? new HealthEffect.Weight(w.weight(), !w.reversed())
                        : reversed((HealthEffect.Release) effect));
    }

    private static HealthEffect reversed(HealthEffect.Release release) {
        return new HealthEffect.Release(release.makeBeforeBreak(), !release.reversed());
    }

    /**
     * The node goes on serving until a successor has the address: for failures that do not keep it from serving a little longer.
     *
     * @throws IllegalStateException if the effect is a weight: then the better node takes over without a gap anyway
     */
    public HealthPolicy makeBeforeBreak() {
        if (!(effect instanceof HealthEffect.Release release)) {
            throw new IllegalStateException("a weight needs no makeBeforeBreak(); it belongs to release()");
        }
        return with(new HealthEffect.Release(true, release.reversed()));
    }

    /** From the beginning of one run to the beginning of the next, 1 ms to 1 day; a run that takes longer delays the next. Default 1 s. */
    public HealthPolicy interval(Duration value) {
        return new HealthPolicy(
                effect, value, timeout, rise, fall, initial, retries, delayBeforeRetry, recovery, recoveryTimeout);
    }

    /** How long one try may take, 1 ms to 1 day; then it has failed. Default: the interval. */
    public HealthPolicy timeout(Duration value) {
        return new HealthPolicy(
                effect, interval, value, rise, fall, initial, retries, delayBeforeRetry, recovery, recoveryTimeout);
    }

    /** How many successes in a row make an unhealthy check healthy. The very first result counts at once. Default 1. */
    public HealthPolicy rise(int value) {
        return new HealthPolicy(
                effect, interval, timeout, value, fall, initial, retries, delayBeforeRetry, recovery, recoveryTimeout);
    }

    /** How many failures in a row make a healthy check unhealthy. The very first result counts at once. Default 1. */
    public HealthPolicy fall(int value) {
        return new HealthPolicy(
                effect, interval, timeout, rise, value, initial, retries, delayBeforeRetry, recovery, recoveryTimeout);
    }

    /**
     * What is assumed before the first result. Default {@link HealthState#PENDING}: the first result decides. UNHEALTHY, keepalived's {@code
     * init_fail}: the first failure decides, but as many successes are wanted as after an outage; a weight does not count before that.
     */
    public HealthPolicy initially(HealthState value) {
        return new HealthPolicy(
                effect, interval, timeout, rise, fall, value, retries, delayBeforeRetry, recovery, recoveryTimeout);
    }

    /** How many times a failed run is tried again before it counts as one failure, and how long to wait before each. Default 0. */
    public HealthPolicy retries(int times, Duration delay) {
        return new HealthPolicy(
                effect, interval, timeout, rise, fall, initial, times, delay, recovery, recoveryTimeout);
    }

    /**
     * Something to try before an outage counts, such as restarting the service. When the check is about to become unhealthy this runs, once
     * for each outage; if it works and the check then does too, the failure does not count.
     *
     * @param limit how long it may take, 1 ms to 1 day: the address stays where it is meanwhile
     */
    public HealthPolicy recovery(HealthCheck action, Duration limit) {
        return new HealthPolicy(
                effect,
                interval,
                timeout,
                rise,
                fall,
                initial,
                retries,
                delayBeforeRetry,
                Objects.requireNonNull(action, "action"),
                limit);
    }

    private HealthPolicy with(HealthEffect value) {
        return new HealthPolicy(
                value, interval, timeout, rise, fall, initial, retries, delayBeforeRetry, recovery, recoveryTimeout);
    }

    public HealthEffect effect() {
        return effect;
    }

    public Duration interval() {
        return interval;
    }

    public Duration timeout() {
        return timeout == null ? interval : timeout;
    }

    public int rise() {
        return rise;
    }

    public int fall() {
        return fall;
    }

    public HealthState initial() {
        return initial;
    }

    public int retries() {
        return retries;
    }

    public Duration delayBeforeRetry() {
        return delayBeforeRetry;
    }

    public Optional<HealthCheck> recovery() {
        return Optional.ofNullable(recovery);
    }

    public Duration recoveryTimeout() {
        return recoveryTimeout;
    }

    private static int count(String property, int value, int min) {
        if (value < min || value > 1_000_000) {
            throw new IllegalArgumentException(property + " must be " + min + " to 1000000, got " + value);
        }
        return value;
    }

    private static Duration between(String property, Duration value, Duration min) {
        if (value.compareTo(min) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    property + " must be " + min.toMillis() + " ms to 1 day, got " + value.toNanos() / 1e6 + " ms");
        }
        return value;
    }
}
