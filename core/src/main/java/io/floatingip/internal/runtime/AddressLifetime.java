package io.floatingip.internal.runtime;

import io.floatingip.FenceStatus;
import io.floatingip.internal.vrrp.RouterParams;
import io.floatingip.spi.Fence;

/**
 * How long the kernel keeps an address that is not renewed. Its unit is the second, and measured on Linux 6.18 it takes the address away between
 * 0.02 s before and 1.6 s after the end.
 */
final class AddressLifetime {
    private static final long SECOND = 1_000_000_000L;
    private static final int LATENESS_SECONDS = 2;
    private static final int SECONDS_MIN = 2;

    private AddressLifetime() {}

    /**
     * What holds. Behind the packet filter the lifetime only tidies up, a second after the lease. Alone it must have ended, late as it may be,
     * before anyone may take over; seconds can do that for intervals from 2 s.
     */
    static FenceStatus behind(Fence.State filter, long adverNanos, int downAdverts) {
        long lease = RouterParams.leaseNanos(adverNanos, downAdverts);
        if (filter.packetFilter()) {
            return new FenceStatus(true, Math.max(SECONDS_MIN, ceilSeconds(lease) + 1), true, "");
        }
        int alone = (int) (lease / SECOND) - LATENESS_SECONDS;
        if (alone * SECOND > adverNanos) {
            return new FenceStatus(false, alone, true, filter.reason());
        }
        int shortest = Math.max(SECONDS_MIN, ceilSeconds(adverNanos) + 1);
        return new FenceStatus(
                false,
                shortest,
                false,
                filter.reason() + "; the address goes by itself after at most " + (shortest + LATENESS_SECONDS)
                        + " s, which is in time for adverts every 2 s and more");
    }

    private static int ceilSeconds(long nanos) {
        return (int) ((nanos + SECOND - 1) / SECOND);
    }

    /** How often it is renewed: with every advert if it is short, otherwise at a third of it. */
    static long renewNanos(int lifetimeSeconds) {
        return lifetimeSeconds == 0 ? Long.MAX_VALUE : lifetimeSeconds * SECOND / 3 - SECOND / 2;
    }
}
