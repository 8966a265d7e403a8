package io.floatingip.internal.runtime;

import io.floatingip.FenceMode;

/** How long the kernel keeps an address that is not renewed. Its unit is the second, and it may be up to a second late. */
final class AddressLifetime {
    private static final long SECOND = 1_000_000_000L;
    // Measured: an address goes between 0 and 1 s after its lifetime has ended.
    private static final double LATENESS_SECONDS = 0.55;
    private static final int BEHIND_PACKET_FILTER_MIN = 3;

    private AddressLifetime() {}

    /**
     * The lifetime in seconds, 0 for none. Alone it must end before anyone may take over, which seconds can do for intervals from 1 s only;
     * behind the packet filter it has time: it only tidies up.
     */
    static int seconds(long adverNanos, int downAdverts, FenceMode mode) {
        double lease = (downAdverts - 0.25) * adverNanos / SECOND;
        int alone = (int) Math.floor(lease - LATENESS_SECONDS);
        if (mode == FenceMode.LIFETIME) {
            return alone * SECOND > adverNanos ? alone : 0;
        }
        return Math.max(BEHIND_PACKET_FILTER_MIN, (int) Math.ceil(lease) + 2);
    }

    /** How often it is renewed: with the first advert after half a second, and at a third of long lifetimes. */
    static long renewNanos(int lifetimeSeconds) {
        return lifetimeSeconds == 0 ? Long.MAX_VALUE : Math.max(SECOND / 2, lifetimeSeconds * SECOND / 3 - SECOND / 2);
    }
}
