package io.floatingip.internal.vrrp;

import io.floatingip.internal.wire.Advert;
import java.net.InetAddress;
import java.util.List;

/**
 * One virtual router: its parameters and its state, the only thing here that changes. The two things that happen all the time, an advert heard
 * again and an advert sent on time, take a short path that allocates nothing: they only move a deadline, which the state is told when something
 * else happens.
 */
public final class VirtualRouter {
    /** What {@link #tick} returns on the short path. */
    public static final List<Action> NOTHING = List.of();

    private static final Event TICK = new Event.Tick();

    private RouterParams params;
    private RouterState state = Initialize.IDLE;
    private List<Action> advertise;
    private boolean moved;
    private long movedTo;

    public VirtualRouter(RouterParams params) {
        this.params = params;
        advertise = List.of(new Action.SendAdvert(params.priority()));
    }

    public RouterParams params() {
        return params;
    }

    public RouterState state() {
        settle();
        return state;
    }

    /** As {@link #state} but for the times of the last adverts, which may be older; for what is asked all the time, since it allocates nothing. */
    public RouterState outline() {
        return state;
    }

    /** How long nothing will happen by itself; 0 if {@link #tick} has work, {@link Long#MAX_VALUE} if nothing is pending. */
    public long nanosUntilDue(long now) {
        if (!moved) {
            return state.nanosUntilDue(params, now);
        }
        // A follower's deadline lies one master-down interval after
        // the last advert, whenever that was; a master's one interval.
        return state instanceof Backup backup
                ? RouterState.until(movedTo + params.masterDownNanos(backup.masterAdverNanos()), now)
                : ((Master) state).nanosUntilDue(movedTo + params.adverNanos(), now);
    }

    /** An event: the state changes, and the actions are to be performed in order. */
    public List<Action> handle(Event event, long now) {
        settle();
        Step step = event.applyTo(state, params, now);
        state = step.next();
        return step.actions();
    }

    /**
     * The advert that was accepted last has come again, to the letter.
     *
     * @return false if it means more than a later deadline here: then {@link #handle} it
     */
    public boolean heardAgain(Advert advert, InetAddress sender, long heardAt) {
        if (!(state instanceof Backup backup) || !backup.follows(params, advert, sender)) {
            return false;
        }
        moved = true;
        movedTo = heardAt;
        return true;
    }

    /** Time has passed. */
    public List<Action> tick(long now) {
        if (nanosUntilDue(now) > 0) {
            return NOTHING;
        }
        if (state instanceof Master master
                && master.onlyAdvertDue(params, moved ? movedTo : master.advertisedAt(), now)) {
            // Nothing but the next advert, and in time for it: whatever else is due will be found after it has left.
            moved = true;
            movedTo = now;
            return advertise;
        }
        return handle(TICK, now);
    }

    /** New parameters, from now on. */
    public List<Action> reconfigure(RouterParams changed, long now) {
        settle();
        RouterParams before = params;
        params = changed;
        advertise = List.of(new Action.SendAdvert(changed.priority()));
        return handle(new Event.ParamsChanged(before), now);
    }

    private void settle() {
        if (!moved) {
            return;
        }
        moved = false;
        if (state instanceof Backup backup) {
            state = backup.heardAgain(movedTo);
        } else if (state instanceof Master master) {
            state = master.advertised(params, movedTo);
        }
    }
}
