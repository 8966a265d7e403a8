package io.floatingip.internal.vrrp;

import io.floatingip.IpFamily;
import io.floatingip.VrrpVersion;
import java.net.InetAddress;

/**
 * The parameters of one virtual router, RFC 9568 section 6.1, and what follows from them. All times in nanoseconds.
 *
 * @param version 2 or 3
 * @param family of its addresses
 * @param priority effective priority, 1 to 255
 * @param adverNanos own advertisement interval
 * @param downAdverts missed adverts that make a master down; 3 in every RFC
 * @param preempt Preempt_Mode
 * @param preemptDelayNanos how long a live master of lower priority is left alone
 * @param source own address adverts are sent from: decides between equal priorities
 * @param leaseNanos how long after the last advert the fence lets this host answer
 * @param grouped whether mastership needs the consent of a group
 * @param burst announcements for each address in a burst
 * @param secondBurstNanos delay of the second burst, 0 for none
 * @param refreshNanos period of announcements as master, 0 for none
 */
public record RouterParams(
        VrrpVersion version,
        IpFamily family,
        int priority,
        long adverNanos,
        int downAdverts,
        boolean preempt,
        long preemptDelayNanos,
        InetAddress source,
        long leaseNanos,
        boolean grouped,
        int burst,
        long secondBurstNanos,
        long refreshNanos) {
    /** The priority of the owner of the addresses. */
    public static final int OWNER = 255;

    private static final long SECOND = 1_000_000_000L;
    private static final long MILLISECOND = 1_000_000L;
    // A kernel with 100 ticks a second rounds the fence's lease by one of them.
    private static final long LEASE_ROUNDING_NANOS = 10 * MILLISECOND;
    // Less than what a busy machine takes for a turn would make it decide again and again.
    private static final long STALE_NANOS_MIN = 25 * MILLISECOND;
    private static final long LINGER_NANOS_MAX = 50 * MILLISECOND;
    private static final long LEAVE_MARGIN_NANOS_MAX = 50 * MILLISECOND;

    /** The lease that ends before anyone may take over, three intervals (or as configured) after the last advert, with room for a late timer in the kernel. */
    public static long leaseNanos(long adverNanos, int downAdverts) {
        return downAdverts * adverNanos - adverNanos / 4;
    }

    public boolean owner() {
        return priority == OWNER;
    }

    /** RFC 9568 section 6.1 Skew_Time, which scales with the master's interval; RFC 3768 section 6.1, where it does not. */
    public long skewNanos(long masterAdverNanos) {
        // Multiply before dividing: nothing is lost but the fraction of a nanosecond.
        return (256 - priority) * (version == VrrpVersion.V2 ? SECOND : masterAdverNanos) / 256;
    }

    /** Active_Down_Interval of RFC 9568, Master_Down_Interval of RFC 3768. */
    public long masterDownNanos(long masterAdverNanos) {
        return downAdverts * masterAdverNanos + skewNanos(masterAdverNanos);
    }

    /** How long after its last advert a master must take into account that it has been replaced and that its fence has closed. */
    public long silentNanos() {
        return Math.max(adverNanos + adverNanos / 4, leaseNanos - Math.max(adverNanos / 4, LEASE_ROUNDING_NANOS));
    }

    /** How old the decision to be master may be when it is carried out: much younger than what makes anybody else claim. */
    public long staleNanos() {
        return Math.max(adverNanos / 4, STALE_NANOS_MIN);
    }

    /** How soon after its fence was opened the first advert leaves, if at all: while the decision holds, and as much longer as the kernel rounds. */
    public long openNanos() {
        return Math.min(staleNanos() + LEASE_ROUNDING_NANOS, leaseNanos);
    }

    /** How long after its last advert a master may still say that it goes on: whoever claims first, after three intervals or as configured, hears it before. */
    public long unclaimedNanos() {
        return downAdverts * adverNanos - adverNanos / 4;
    }

    /** How long after the last advert of a silent master everybody has claimed who will, the one with the longest skew included. */
    public long claimedNanos() {
        return downAdverts * adverNanos + (version == VrrpVersion.V2 ? SECOND : adverNanos) + adverNanos / 4;
    }

    /** How long after a successor's first advert the address stays: until it has been added and announced there. */
    public long lingerNanos() {
        return Math.min(adverNanos, LINGER_NANOS_MAX);
    }

    /** How long after priority 0 to wait for a successor: the longest skew there is, and a margin that ends before the lease. */
    public long successorNanos() {
        return (version == VrrpVersion.V2 ? SECOND : adverNanos) + Math.min(adverNanos, LEAVE_MARGIN_NANOS_MAX);
    }
}
