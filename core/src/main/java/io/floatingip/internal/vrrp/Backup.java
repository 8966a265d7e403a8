package io.floatingip.internal.vrrp;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.VrrpVersion;
import io.floatingip.internal.vrrp.Action.Notify;
import io.floatingip.internal.wire.Advert;
import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Section 6.4.2: listens to the master. The Active_Down_Timer is not stored but follows from when the master was last heard, so that a change of
 * priority or interval needs no correction.
 *
 * @param heardAt when the last advert that counts arrived, or listening began
 * @param masterAdverNanos the master's interval, learned from it
 * @param master who was heard; null while nobody was
 * @param masterPriority what it advertised last
 * @param leaving whether it said good-bye: only the skew separates the backups now
 * @param deferring whether a master of lower priority is left alone for good: after handing over to it
 * @param holding whether a preemption is being delayed, until {@code holdUntil}: as configured, or after an address could not be added
 * @param ready whether the time is over and only the group's consent is missing
 * @param discardedAt when the last advert arrived that does not count because this node is to preempt; {@code heardAt} if none did since
 */
public record Backup(
        long heardAt,
        long masterAdverNanos,
        @Nullable InetAddress master,
        int masterPriority,
        boolean leaving,
        boolean deferring,
        boolean holding,
        long holdUntil,
        boolean ready,
        long discardedAt)
        implements RouterState {

    Backup(
            long heardAt,
            long masterAdverNanos,
            @Nullable InetAddress master,
            int masterPriority,
            boolean leaving,
            boolean deferring,
            boolean holding,
            long holdUntil,
            boolean ready) {
        this(heardAt, masterAdverNanos, master, masterPriority, leaving, deferring, holding, holdUntil, ready, heardAt);
    }

    /** At start: "Active_Adver_Interval := Advertisement_Interval". */
    static Backup listening(RouterParams p, long now, boolean ready) {
        return new Backup(now, p.adverNanos(), null, 0, false, false, false, 0, ready);
    }

    /** Leaves whoever comes next alone, whatever its priority, as long as it lives. */
    Backup deferringToSuccessor() {
        return new Backup(
                heardAt,
                masterAdverNanos,
                master,
                masterPriority,
                leaving,
                true,
                holding,
                holdUntil,
                ready,
                discardedAt);
    }

    /** Accepts an advert's sender as master. */
    static Backup following(RouterParams p, Event.AdvertReceived event, boolean deferring) {
        Advert advert = event.advert();
        return new Backup(
                event.heardAt(),
                adverNanos(p, advert),
                event.sender(),
                advert.priority(),
                false,
                deferring,
                false,
                0,
                false);
    }

    /** VRRPv2 has one interval for all; VRRPv3 backups learn the master's. */
    private static long adverNanos(RouterParams p, Advert advert) {
        return p.version() == VrrpVersion.V2 ? p.adverNanos() : advert.adverNanos();
    }

    /** The same advert again: only the time moves. */
    Backup heardAgain(long at) {
        return new Backup(at, masterAdverNanos, master, masterPriority, leaving, deferring, holding, holdUntil, false);
    }

    /** Whether a repetition of this sender's last advert would be accepted by {@link #onAdvert} with no other effect than a later deadline. */
    boolean follows(RouterParams p, Advert advert, InetAddress sender) {
        return advert.priority() != 0
                && !leaving
                && !ready
                && !holding
                && masterPriority == advert.priority()
                && sender.equals(master)
                && !preempts(p, advert.priority())
                && masterAdverNanos == adverNanos(p, advert);
    }

    @Override
    public Role role() {
        return Role.BACKUP;
    }

    @Override
    public long nanosUntilDue(RouterParams p, long now) {
        return ready && p.grouped() ? Long.MAX_VALUE : RouterState.until(heardAt + downNanos(p), now);
    }

    private long downNanos(RouterParams p) {
        return leaving ? p.skewNanos(masterAdverNanos) : p.masterDownNanos(masterAdverNanos);
    }

    @Override
    public Step onAdvert(RouterParams p, Event.AdvertReceived event, long now) {
        Advert advert = event.advert();
        if (advert.priority() == 0) {
            // "If the Priority in the ADVERTISEMENT is zero": the master
            // leaves. Of somebody who is not the master it says nothing.
            if (master != null && !master.equals(event.sender())) {
                return stay();
            }
            // A hold ends with the master it was for.
            return Step.to(
                    new Backup(event.heardAt(), masterAdverNanos, event.sender(), 0, true, deferring, false, 0, ready));
        }
        if (!preempts(p, advert.priority())) {
            return Step.to(following(p, event, deferring));
        }
        if (p.preemptDelayNanos() == 0 && !holding) {
            // "Discard": its time runs out.
            return Step.to(noticed(p, event));
        }
        // Delayed preemption: a live master of lower priority is followed
        // until the hold is over; a dead one is never waited for.
        if (!holding) {
            return Step.to(following(p, event, deferring).held(now + p.preemptDelayNanos()));
        }
        return RouterState.until(holdUntil, now) > 0
                ? Step.to(following(p, event, deferring).held(holdUntil))
                : Step.to(noticed(p, event));
    }

    /**
     * Whether a master of this priority is not accepted. "If Preempt_Mode is False, or if the Priority in the ADVERTISEMENT is greater than or
     * equal to the local Priority", it is: by an owner too, which another owner can meet.
     */
    private boolean preempts(RouterParams p, int masterPriority) {
        return masterPriority < p.priority() && (p.owner() || p.preempt() && !deferring);
    }

    Backup held(long until) {
        return new Backup(
                heardAt, masterAdverNanos, master, masterPriority, leaving, deferring, true, until, ready, discardedAt);
    }

    Backup discarding(long at) {
        return new Backup(
                heardAt, masterAdverNanos, master, masterPriority, leaving, deferring, holding, holdUntil, ready, at);
    }

    /** Knows who is master without moving the deadline: for the status, and for the reason given when its time is over. */
    private Backup noticed(RouterParams p, Event.AdvertReceived event) {
        int priority = event.advert().priority();
        boolean same = event.sender().equals(master);
        // A loser does not become master because a better one is missing
        // for a moment: its good-bye would be taken for the master's.
        boolean betterLives = !same
                && master != null
                && masterPriority > 0
                && !preempts(p, masterPriority)
                && event.heardAt() - heardAt < masterAdverNanos + masterAdverNanos / 4;
        if (betterLives) {
            return this;
        }
        return new Backup(
                        heardAt,
                        masterAdverNanos,
                        event.sender(),
                        priority,
                        leaving,
                        deferring,
                        holding,
                        holdUntil,
                        ready)
                .discarding(event.heardAt());
    }

    @Override
    public Step onTick(RouterParams p, long now) {
        if (nanosUntilDue(p, now) > 0) {
            return stay();
        }
        if (p.grouped()) {
            return Step.to(new Backup(
                    heardAt,
                    masterAdverNanos,
                    master,
                    masterPriority,
                    leaving,
                    deferring,
                    holding,
                    holdUntil,
                    true,
                    discardedAt));
        }
        return claim(p, now);
    }

    @Override
    public Step onClaim(RouterParams p, long now) {
        return ready ? claim(p, now) : stay();
    }

    private Step claim(RouterParams p, long now) {
        String who = master == null ? "any node" : master.getHostAddress();
        boolean held = holding && RouterState.until(holdUntil, now) > 0;
        if (leaving) {
            return Master.claim(p, Reason.MASTER_LEFT, who + " leaves (priority 0)", now);
        }
        if (p.owner()) {
            return Master.claim(p, Reason.ADDRESS_OWNER, "owner of the address, priority 255", now);
        }
        if (master != null && masterPriority > 0 && preempts(p, masterPriority) && !held) {
            return Master.preempt(
                    p, Reason.PREEMPTING, who + " has priority " + masterPriority + ", ours is " + p.priority(), now);
        }
        return Master.claim(p, Reason.MASTER_SILENT, "no advert from " + who + " for " + seconds(now - heardAt), now);
    }

    private static String seconds(long nanos) {
        long millis = nanos / 1_000_000;
        return String.format(Locale.ROOT, "%d.%03d s", millis / 1000, millis % 1000);
    }

    @Override
    public Step onStartup(RouterParams p, Event.Startup event, long now) {
        return stay();
    }

    @Override
    public Step onParamsChanged(RouterParams p, RouterParams before, long now) {
        // Deadlines follow from the parameters. Who may preempt again is not bound by an earlier hand-over.
        boolean stillDeferring = deferring && p.priority() <= before.priority();
        // What was not learned from a master is our own.
        long adverNanos = p.version() == VrrpVersion.V2 || master == null ? p.adverNanos() : masterAdverNanos;
        Backup changed = new Backup(
                heardAt,
                adverNanos,
                master,
                masterPriority,
                leaving,
                stillDeferring,
                holding,
                holdUntil,
                ready,
                discardedAt);
        // A live master that was to be preempted a moment ago, and whose adverts were discarded for that, is accepted
        // now.
        boolean spared =
                discardedAt - heardAt > 0 && preempts(before, masterPriority) && !changed.preempts(p, masterPriority);
        return Step.to(spared ? changed.heardAgain(discardedAt) : changed);
    }

    @Override
    public Step onLeave(RouterParams p, Departure departure, long now) {
        return switch (departure.then()) {
            // "Shutdown": cancel the timer; no packet.
            case RELEASED ->
                Step.to(Initialize.GONE, new Notify(Role.RELEASED, departure.reason(), departure.detail()));
            case FAULT -> Step.to(Initialize.IDLE, new Notify(Role.FAULT, departure.reason(), departure.detail()));
            case BACKUP, MASTER -> stay();
        };
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
        // What was heard before says nothing any more, in either direction: listen for a whole interval first.
        return Step.to(
                new Backup(now, masterAdverNanos, master, masterPriority, false, deferring, holding, holdUntil, false));
    }
}
