package io.floatingip.internal.vrrp;

import static io.floatingip.internal.vrrp.Given.HIGHER;
import static io.floatingip.internal.vrrp.Given.LOWER;
import static io.floatingip.internal.vrrp.Given.MILLI;
import static io.floatingip.internal.vrrp.Given.SECOND;

import io.floatingip.IpFamily;
import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.VrrpVersion;
import java.net.InetAddress;
import java.util.Random;

/** Seeded parameters, events and instants, at their limits more often than chance would have it. */
final class RandomRouter {
    private static final int[] PRIORITIES = {1, 2, 100, 149, 150, 151, 253, 254, 255};
    private static final long[] INTERVALS = {10 * MILLI, 20 * MILLI, 100 * MILLI, SECOND, 3 * SECOND, 40_950 * MILLI};
    private static final Reason[] REASONS = Reason.values();

    private final Random random;

    RandomRouter(long seed) {
        random = new Random(seed);
    }

    RouterParams params() {
        VrrpVersion version = VrrpVersion.values()[random.nextInt(2)];
        IpFamily family = version == VrrpVersion.V2 ? IpFamily.IPV4 : IpFamily.values()[random.nextInt(2)];
        return changed(Given.usual().version(version).family(family), version);
    }

    /** The same version and family, since these never change. */
    RouterParams changed(RouterParams p) {
        return changed(Given.usual().version(p.version()).family(p.family()), p.version());
    }

    private RouterParams changed(Given given, VrrpVersion version) {
        return given.priority(PRIORITIES[random.nextInt(PRIORITIES.length)])
                .adverNanos(version == VrrpVersion.V2 ? (1 + random.nextInt(255)) * SECOND : interval())
                .downAdverts(1 + random.nextInt(4))
                .preempt(random.nextInt(4) > 0)
                .preemptDelayNanos(random.nextBoolean() ? 0 : random.nextLong(3600 * SECOND))
                .grouped(random.nextInt(4) == 0)
                .announcements(
                        1 + random.nextInt(5),
                        random.nextBoolean() ? 0 : random.nextLong(10 * SECOND),
                        random.nextBoolean() ? 0 : random.nextLong(100 * SECOND))
                .params();
    }

    private long interval() {
        return INTERVALS[random.nextInt(INTERVALS.length)];
    }

    /** Also negative, and where the clock wraps. */
    long instant() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 1 -> Long.MAX_VALUE - random.nextLong(5 * SECOND);
            case 2 -> Long.MIN_VALUE + random.nextLong(5 * SECOND);
            default -> random.nextLong(10 * SECOND) - 5 * SECOND;
        };
    }

    /** How long nothing happened: usually less than an interval, now and then a pause. */
    long passing(RouterParams p) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> random.nextLong(10 * p.adverNanos());
            case 2 -> p.adverNanos();
            default -> random.nextLong(p.adverNanos());
        };
    }

    boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    Event event(RouterParams p, long now) {
        return switch (random.nextInt(13)) {
            case 0 -> new Event.Startup(random.nextBoolean() ? 0 : random.nextLong(SECOND), reason(), "");
            case 1 -> new Event.Leave(departure());
            case 2 -> new Event.Claim();
            case 3 -> new Event.SuccessorAnnounced();
            case 4 -> new Event.AddressFailed("EPERM");
            case 5 -> new Event.Suspended();
            case 6 -> new Event.ParamsChanged(changed(p));
            case 7, 8 -> new Event.Tick();
            case 9 ->
                new Event.AdvertFenced(
                        random.nextBoolean(), random.nextBoolean(), now - random.nextInt(4_000) * 1_000_000L, now);
            default -> advert(p, now);
        };
    }

    Event.AdvertReceived advert(RouterParams p, long now) {
        InetAddress sender = random.nextBoolean() ? HIGHER : LOWER;
        int priority = random.nextInt(6) == 0 ? 0 : PRIORITIES[random.nextInt(PRIORITIES.length)];
        long adverNanos = p.version() == VrrpVersion.V2 || random.nextInt(3) > 0 ? p.adverNanos() : interval();
        return Given.heard(priority, adverNanos, sender, now - random.nextLong(adverNanos));
    }

    private Departure departure() {
        Role then = switch (random.nextInt(3)) {
            case 0 -> Role.BACKUP;
            case 1 -> Role.FAULT;
            default -> Role.RELEASED;
        };
        return new Departure(then, random.nextBoolean(), then == Role.BACKUP && random.nextBoolean(), reason(), "");
    }

    private Reason reason() {
        return REASONS[random.nextInt(REASONS.length)];
    }
}
