package io.floatingip.internal.vrrp;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.internal.vrrp.Action.AddAddresses;
import io.floatingip.internal.vrrp.Action.Announce;
import io.floatingip.internal.vrrp.Action.CloseFenceAfter;
import io.floatingip.internal.vrrp.Action.Notify;
import io.floatingip.internal.vrrp.Action.OpenFence;
import io.floatingip.internal.vrrp.Action.RemoveAddresses;
import io.floatingip.internal.vrrp.Action.SendAdvert;
import io.floatingip.internal.vrrp.Action.ShutFence;
import io.floatingip.internal.vrrp.Action.StopAnnouncing;

/**
 * Make before break: a master that has given up and keeps the address until its successor has added and announced it, so that no packet finds
 * nobody. To the others it is a backup already; it sends nothing.
 *
 * @param until when the address goes, whatever happens
 * @param next the state then
 * @param departure why
 * @param succeeded whether a successor has been heard
 */
public record Leaving(long until, RouterState next, Departure departure, boolean succeeded) implements RouterState {
    // What a neighbour had on its way to us when it heard the successor's announcement is still to be answered.
    private static final long IN_FLIGHT_NANOS = 5_000_000L;
    // The loop's own timer comes first.
    private static final long CLOSE_MARGIN_NANOS = 25_000_000L;

    /** A better node advertises: its address will be there in a moment. */
    static Leaving preempted(RouterParams p, Event.AdvertReceived event, long now) {
        return new Leaving(
                now + p.lingerNanos(),
                Backup.following(p, event, false),
                new Departure(Role.BACKUP, true, false, Reason.PREEMPTED, preempting(p, event)),
                true);
    }

    static String preempting(RouterParams p, Event.AdvertReceived event) {
        int priority = event.advert().priority();
        return event.sender().getHostAddress() + " advertises priority " + priority
                + (priority == p.priority() ? ", as we do, and has the higher address" : ", ours is " + p.priority());
    }

    /** Priority 0 has been sent: someone will come within the longest skew, if there is anyone. */
    static Leaving resigned(RouterParams p, Departure departure, long now) {
        return new Leaving(now + p.successorNanos(), after(p, departure, now), departure, false);
    }

    /**
     * The last word of a master that leaves. The address is to go then, and a moment later the fence closes, for the case that this process cannot
     * take it away any more; never later than it closes by itself.
     */
    Step begin(RouterParams p, int priority, long lastAdvertAt, long now) {
        // That advert may have left later than was decided, if this process was stopped meanwhile, and the fence with
        // it.
        long closesIn = Math.min(until - now + CLOSE_MARGIN_NANOS, lastAdvertAt + p.leaseNanos() - now);
        return closesIn <= 0
                ? Step.to(this, new StopAnnouncing(), new SendAdvert(priority))
                : Step.to(this, new StopAnnouncing(), new SendAdvert(priority), new CloseFenceAfter(closesIn));
    }

    /** When the fence of one that leaves closes at the latest. */
    public long closesAt() {
        return until + CLOSE_MARGIN_NANOS;
    }

    /** Whether it is master again if no successor is heard. */
    public boolean mayStay() {
        return departure.unlessAlone() && !succeeded;
    }

    static RouterState after(RouterParams p, Departure departure, long now) {
        return switch (departure.then()) {
            case RELEASED -> Initialize.GONE;
            case FAULT -> Initialize.IDLE;
            case BACKUP, MASTER -> {
                Backup listening = Backup.listening(p, now, false);
                // What was given on purpose is not taken back by preemption.
                yield departure.reason() == Reason.HANDED_OVER ? listening.deferringToSuccessor() : listening;
            }
        };
    }

    @Override
    public Role role() {
        return Role.MASTER;
    }

    @Override
    public long nanosUntilDue(RouterParams p, long now) {
        return RouterState.until(until, now);
    }

    @Override
    public Step onTick(RouterParams p, long now) {
        if (RouterState.until(until, now) > 0) {
            return stay();
        }
        if (mayStay()) {
            if (now - until > p.staleNanos()) {
                // Stopped meanwhile, and perhaps before the good-bye had left: who has not listened is not alone.
                return Step.to(new Leaving(now + p.successorNanos(), next, departure, false));
            }
            // Its claim is an old one: the address has been here all the time.
            return Step.to(
                    Master.advertising(p, now).advertised(p, now),
                    new OpenFence(),
                    new SendAdvert(p.priority()),
                    new AddAddresses(),
                    new Announce(1),
                    new Notify(Role.MASTER, departure.reason(), "nobody took over"));
        }
        return Step.to(
                next,
                new RemoveAddresses(),
                new ShutFence(),
                new Notify(departure.then(), departure.reason(), departure.detail()));
    }

    @Override
    public Step onAdvert(RouterParams p, Event.AdvertReceived event, long now) {
        if (succeeded) {
            // To the others we are a backup already: the successor may even leave again before we have left.
            return Step.to(new Leaving(until, next.onAdvert(p, event, now).next(), departure, true));
        }
        if (event.advert().priority() == 0) {
            return stay();
        }
        RouterState follower = next instanceof Backup backup ? Backup.following(p, event, backup.deferring()) : next;
        return Step.to(new Leaving(sooner(now + p.lingerNanos()), follower, departure, true));
    }

    @Override
    public Step onSuccessorAnnounced(RouterParams p, long now) {
        return Step.to(new Leaving(sooner(now + IN_FLIGHT_NANOS), next, departure, true));
    }

    private long sooner(long other) {
        return other - until < 0 ? other : until;
    }

    @Override
    public Step onLeave(RouterParams p, Departure other, long now) {
        // The way out is the same. Where it leads is the later wish,
        // unless that is to take more part than the one before.
        boolean further = distance(other.then()) >= distance(departure.then());
        Departure wish = further ? other : departure;
        RouterState target = !further || other.then() == Role.BACKUP ? next : after(p, other, now);
        return other.makeBeforeBreak()
                ? Step.to(new Leaving(until, target, wish, succeeded))
                : Step.to(
                        target,
                        new RemoveAddresses(),
                        new ShutFence(),
                        new Notify(wish.then(), wish.reason(), wish.detail()));
    }

    private static int distance(Role role) {
        return switch (role) {
            case MASTER, BACKUP -> 0;
            case FAULT -> 1;
            case RELEASED -> 2;
        };
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
        // Nobody is heard who came meanwhile: go, and listen before anything else.
        return Step.to(new Leaving(now, next.onSuspended(p, now).next(), departure, true));
    }

    @Override
    public Step onStartup(RouterParams p, Event.Startup event, long now) {
        // The reason to leave has gone before we have: leave first, then start.
        return departure.then() == Role.FAULT
                ? Step.to(new Leaving(until, Initialize.starting(event, now), departure, succeeded))
                : stay();
    }

    @Override
    public Step onParamsChanged(RouterParams p, RouterParams before, long now) {
        return Step.to(new Leaving(until, next.onParamsChanged(p, before, now).next(), departure, succeeded));
    }

    @Override
    public Step onClaim(RouterParams p, long now) {
        return stay();
    }
}
