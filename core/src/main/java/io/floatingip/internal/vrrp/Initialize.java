package io.floatingip.internal.vrrp;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.internal.vrrp.Action.Notify;

/**
 * Section 6.4.1: takes no part. Adverts mean nothing here.
 *
 * @param role FAULT, or RELEASED for good
 * @param pending whether to take part at {@code startAt}
 * @param reason and detail of the start, for the notification
 * @param holdNanos how long a live master is left alone then
 */
public record Initialize(Role role, boolean pending, long startAt, Reason reason, String detail, long holdNanos)
        implements RouterState {
    /** Waits for {@link Event.Startup}. */
    public static final Initialize IDLE = new Initialize(Role.FAULT, false, 0, Reason.JOINED, "", 0);

    static final Initialize GONE = new Initialize(Role.RELEASED, false, 0, Reason.RELEASED, "", 0);

    // Long enough not to flood the log, short enough not to be missed by whoever repairs the cause.
    private static final long RETRY_NANOS = 5_000_000_000L;

    // Each failed attempt costs the master that works a skew time.
    private static final long HOLD_NANOS = 60_000_000_000L;

    /** After an address could not be added: try again, but not at once, and less often against a master that can do it. */
    static Initialize retryAfterFailure(long now) {
        return new Initialize(
                Role.FAULT, true, now + RETRY_NANOS, Reason.RECOVERED, "trying again to add the address", HOLD_NANOS);
    }

    /** Will take part when the event's delay is over. */
    static Initialize starting(Event.Startup event, long now) {
        return new Initialize(Role.FAULT, true, now + event.delayNanos(), event.reason(), event.detail(), 0);
    }

    @Override
    public long nanosUntilDue(RouterParams p, long now) {
        return pending ? RouterState.until(startAt, now) : Long.MAX_VALUE;
    }

    @Override
    public Step onStartup(RouterParams p, Event.Startup event, long now) {
        if (role == Role.RELEASED) {
            return stay();
        }
        return event.delayNanos() > 0
                ? Step.to(
                        starting(event, now),
                        new Notify(
                                Role.FAULT,
                                event.reason(),
                                "taking part after a delay of " + event.delayNanos() / 1_000_000 + " ms"))
                : start(p, event.reason(), event.detail(), 0, now);
    }

    @Override
    public Step onTick(RouterParams p, long now) {
        return pending && RouterState.until(startAt, now) == 0 ? start(p, reason, detail, holdNanos, now) : stay();
    }

    private static Step start(RouterParams p, Reason reason, String detail, long holdNanos, long now) {
        // "If the Priority associated with the Virtual Router is 255": the owner listens to nobody first.
        if (p.owner() && !p.grouped()) {
            return Master.claim(p, Reason.ADDRESS_OWNER, "owner of the address, priority 255", now);
        }
        Backup backup = Backup.listening(p, now, p.owner());
        return Step.to(holdNanos > 0 ? backup.held(now + holdNanos) : backup, new Notify(Role.BACKUP, reason, detail));
    }

    @Override
    public Step onAdvert(RouterParams p, Event.AdvertReceived event, long now) {
        return stay();
    }

    @Override
    public Step onParamsChanged(RouterParams p, RouterParams before, long now) {
        return stay();
    }

    @Override
    public Step onLeave(RouterParams p, Departure departure, long now) {
        return switch (departure.then()) {
            case RELEASED ->
                role == Role.RELEASED
                        ? stay()
                        : Step.to(GONE, new Notify(Role.RELEASED, departure.reason(), departure.detail()));
            // A pending start is given up; who wanted it will ask again.
            case FAULT ->
                role == Role.RELEASED
                        ? stay()
                        : Step.to(IDLE, new Notify(Role.FAULT, departure.reason(), departure.detail()));
            case BACKUP, MASTER -> stay();
        };
    }

    @Override
    public Step onClaim(RouterParams p, long now) {
        return stay();
    }

    @Override
    public Step onSuccessorAnnounced(RouterParams p, long now) {
        return stay();
    }

    @Override
    public Step onAddressFailed(RouterParams p, String detail, long now) {
        return stay();
    }

    @Override
    public Step onAdvertFenced(RouterParams p, Event.AdvertFenced event, long now) {
        return stay();
    }

    @Override
    public Step onSuspended(RouterParams p, long now) {
        return stay();
    }
}
