package io.floatingip.internal.vrrp;

import io.floatingip.Role;

/**
 * RFC 9568 section 6.4, one record per state. A deadline is data: there is no timer to cancel. A state or an event more does not compile until
 * every cell of the table is written.
 */
public sealed interface RouterState permits Initialize, Backup, Master, Leaving {
    /** How long nothing will happen by itself: 0 if {@link #onTick} has work, {@link Long#MAX_VALUE} if nothing is pending. */
    long nanosUntilDue(RouterParams p, long now);

    Step onStartup(RouterParams p, Event.Startup event, long now);

    Step onAdvert(RouterParams p, Event.AdvertReceived event, long now);

    Step onTick(RouterParams p, long now);

    Step onParamsChanged(RouterParams p, RouterParams before, long now);

    Step onLeave(RouterParams p, Departure departure, long now);

    Step onClaim(RouterParams p, long now);

    Step onSuccessorAnnounced(RouterParams p, long now);

    Step onAddressFailed(RouterParams p, String detail, long now);

    Step onAdvertFenced(RouterParams p, Event.AdvertFenced event, long now);

    Step onSuspended(RouterParams p, long now);

    /** The role as seen from outside. */
    Role role();

    /** Nothing changes and nothing is done. */
    default Step stay() {
        return Step.to(this);
    }

    /** Time from now until a deadline, never negative. Differences only: the clock may be negative and may wrap. */
    static long until(long deadline, long now) {
        return Math.max(0, deadline - now);
    }
}
