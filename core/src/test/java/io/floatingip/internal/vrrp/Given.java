package io.floatingip.internal.vrrp;

import io.floatingip.IpFamily;
import io.floatingip.VrrpVersion;
import io.floatingip.internal.wire.Advert;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Literals of the tests of states, and parameters that differ from the usual ones in what a test is about. */
final class Given {
    static final long SECOND = 1_000_000_000L;
    static final long MILLI = 1_000_000L;

    /** The clock has no zero: an instant like any other. */
    static final long NOW = 77 * SECOND;

    static final InetAddress OURS = ip("10.0.0.100");
    static final InetAddress LOWER = ip("10.0.0.7");
    static final InetAddress HIGHER = ip("10.0.0.200");

    private VrrpVersion version = VrrpVersion.V3;
    private IpFamily family = IpFamily.IPV4;
    private int priority = 150;
    private long adverNanos = SECOND;
    private int downAdverts = 3;
    private boolean preempt = true;
    private long preemptDelayNanos;
    private InetAddress source = OURS;
    private boolean grouped;
    private int burst = 5;
    private long secondBurstNanos = 5 * SECOND;
    private long refreshNanos = 60 * SECOND;

    /** VRRPv3, IPv4, priority 150, every second, preempting, five announcements, five more after 5 s, one each minute. */
    static Given usual() {
        return new Given();
    }

    Given version(VrrpVersion value) {
        version = value;
        return this;
    }

    Given family(IpFamily value) {
        family = value;
        return this;
    }

    Given priority(int value) {
        priority = value;
        return this;
    }

    Given adverNanos(long value) {
        adverNanos = value;
        return this;
    }

    Given downAdverts(int value) {
        downAdverts = value;
        return this;
    }

    Given preempt(boolean value) {
        preempt = value;
        return this;
    }

    Given preemptDelayNanos(long value) {
        preemptDelayNanos = value;
        return this;
    }

    Given source(InetAddress value) {
        source = value;
        return this;
    }

    Given grouped() {
        grouped = true;
        return this;
    }

    Given grouped(boolean value) {
        grouped = value;
        return this;
    }

    Given announcements(int burstFrames, long secondNanos, long periodNanos) {
        burst = burstFrames;
        secondBurstNanos = secondNanos;
        refreshNanos = periodNanos;
        return this;
    }

    RouterParams params() {
        return new RouterParams(
                version,
                family,
                priority,
                adverNanos,
                downAdverts,
                preempt,
                preemptDelayNanos,
                source,
                RouterParams.leaseNanos(adverNanos, downAdverts),
                grouped,
                burst,
                secondBurstNanos,
                refreshNanos);
    }

    static Advert advert(int priority, long adverNanos) {
        return new Advert(VrrpVersion.V3, 52, priority, adverNanos, List.of(ip("10.0.0.66")));
    }

    /** An advert of the usual interval that arrived just now. */
    static Event.AdvertReceived heard(int priority, InetAddress sender, long now) {
        return heard(priority, SECOND, sender, now);
    }

    static Event.AdvertReceived heard(int priority, long adverNanos, InetAddress sender, long heardAt) {
        return new Event.AdvertReceived(advert(priority, adverNanos), sender, heardAt);
    }

    static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
