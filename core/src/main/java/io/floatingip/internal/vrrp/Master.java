package io.floatingip.internal.vrrp;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.VrrpVersion;
import io.floatingip.internal.vrrp.Action.AddAddresses;
import io.floatingip.internal.vrrp.Action.Announce;
import io.floatingip.internal.vrrp.Action.Notify;
import io.floatingip.internal.vrrp.Action.OpenFence;
import io.floatingip.internal.vrrp.Action.PlaceBehindFence;
import io.floatingip.internal.vrrp.Action.RemoveAddresses;
import io.floatingip.internal.vrrp.Action.SendAdvert;
import io.floatingip.internal.vrrp.Action.ShutFence;
import io.floatingip.internal.vrrp.Action.StopAnnouncing;
import io.floatingip.internal.wire.Advert;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Section 6.4.3: holds the addresses and advertises them.
 *
 * @param adverAt when the next advert is due (Adver_Timer)
 * @param advertisedAt when the last one was sent
 * @param announcing whether announcements are due at {@code announceAt}
 * @param burst whether those are a second burst, or a refresh
 * @param contested whether a losing advert has been answered with announcements at {@code contestedAt}
 * @param fresh whether nobody depends on it yet: it has claimed and not advertised since
 */
public record Master(
        long adverAt,
        long advertisedAt,
        boolean announcing,
        boolean burst,
        long announceAt,
        boolean contested,
        long contestedAt,
        boolean fresh)
        implements RouterState {

    // A peer that keeps contesting does not make us flood the LAN with announcements.
    private static final long CONTEST_PAUSE_NANOS = 1_000_000_000L;
    // Nor with adverts: what is to be answered at once is answered by the next of so many.
    private static final int ANSWERS_PER_INTERVAL_MAX = 4;

    /**
     * Becomes master after a silence or a good-bye. The advert first: it stops the other backups' timers. Then the addresses, and only when they
     * are there the announcements, so that nobody is told of an address that would refuse connections.
     */
    static Step claim(RouterParams p, Reason reason, String detail, long now) {
        return claim(p, reason, detail, now, new OpenFence());
    }

    /** Becomes master in place of a live one. It takes its addresses away on the advert, so that ours are to be there by then. */
    static Step preempt(RouterParams p, Reason reason, String detail, long now) {
        return claim(p, reason, detail, now, new OpenFence(), new PlaceBehindFence());
    }

    private static Step claim(RouterParams p, Reason reason, String detail, long now, Action... first) {
        List<Action> actions = new ArrayList<>(List.of(first));
        Collections.addAll(
                actions,
                new SendAdvert(p.priority()),
                new AddAddresses(),
                new Announce(p.burst()),
                new Notify(Role.MASTER, reason, detail));
        return new Step(advertising(p, now), actions);
    }

    static Master advertising(RouterParams p, long now) {
        return new Master(now + p.adverNanos(), now, false, false, 0, false, 0, true).announceLater(p, now);
    }

    /** After a silence: with what a claim takes, but as the one on whom others depend, if it was that before. */
    private Master carryingOn(RouterParams p, long now) {
        Master claiming = advertising(p, now);
        return fresh ? claiming : claiming.advertised(p, now);
    }

    private Master announceLater(RouterParams p, long now) {
        if (p.secondBurstNanos() > 0) {
            return new Master(
                    adverAt, advertisedAt, true, true, now + p.secondBurstNanos(), contested, contestedAt, fresh);
        }
        return refreshLater(p, now);
    }

    private Master refreshLater(RouterParams p, long now) {
        return new Master(
                adverAt,
                advertisedAt,
                p.refreshNanos() > 0,
                false,
                now + p.refreshNanos(),
                contested,
                contestedAt,
                fresh);
    }

    /** An advert has just been sent on time. */
    Master advertised(RouterParams p, long now) {
        return new Master(now + p.adverNanos(), now, announcing, burst, announceAt, contested, contestedAt, false);
    }

    private Master advertisedOutOfTurn(long now) {
        return new Master(adverAt, now, announcing, burst, announceAt, contested, contestedAt, fresh);
    }

    /** Whether the next advert is due, or will be before long, and may go out as it is: nothing was missed, no announcement waits. */
    boolean onlyAdvertDue(RouterParams p, long lastAdvertAt, long now) {
        return now - lastAdvertAt >= p.adverNanos()
                && now - lastAdvertAt < p.silentNanos()
                && !(announcing && now - announceAt >= 0);
    }

    /** Whether others have had to do without adverts for so long that they may have taken over, and the fence may have fallen shut. */
    private boolean silent(RouterParams p, long now) {
        return now - advertisedAt >= p.silentNanos();
    }

    private boolean othersMayBeClaiming(RouterParams p, long now) {
        long silence = now - advertisedAt;
        return !p.owner() && silent(p, now) && silence >= p.unclaimedNanos() && silence < p.claimedNanos();
    }

    @Override
    public Role role() {
        return Role.MASTER;
    }

    @Override
    public long nanosUntilDue(RouterParams p, long now) {
        return nanosUntilDue(adverAt, now);
    }

    /** With the next advert due at another time than the one stored here. */
    long nanosUntilDue(long nextAdvertAt, long now) {
        long advert = RouterState.until(nextAdvertAt, now);
        return announcing ? Math.min(advert, RouterState.until(announceAt, now)) : advert;
    }

    @Override
    public Step onTick(RouterParams p, long now) {
        if (now - adverAt >= 0) {
            if (othersMayBeClaiming(p, now)) {
                // None can be heard before it has claimed, and two would answer until then. The
                // fence is shut, or about to be: wait for a successor until there will be none.
                return Step.to(
                        new Master(
                                advertisedAt + p.claimedNanos(),
                                advertisedAt,
                                false,
                                false,
                                0,
                                contested,
                                contestedAt,
                                fresh),
                        new StopAnnouncing());
            }
            // After a silence: everything that had arrived meanwhile has been
            // read by now, and nobody was heard. Carry on, from the start.
            return silent(p, now)
                    ? Step.to(
                            carryingOn(p, now),
                            new OpenFence(),
                            new SendAdvert(p.priority()),
                            new AddAddresses(),
                            new Announce(p.burst()),
                            new Notify(
                                    Role.MASTER, Reason.MASTER_SILENT, "nobody was heard during a silence of our own"))
                    : Step.to(advertised(p, now), new SendAdvert(p.priority()));
        }
        if (announcing && now - announceAt >= 0) {
            return Step.to(refreshLater(p, now), new Announce(burst ? p.burst() : 1));
        }
        return stay();
    }

    @Override
    public Step onAdvert(RouterParams p, Event.AdvertReceived event, long now) {
        Advert advert = event.advert();
        if (advert.priority() == 0) {
            // "send an ADVERTISEMENT, reset the Adver_Timer". After
            // a silence the tick decides that, with what it takes.
            if (silent(p, now)) {
                return stay();
            }
            return maySpeakAgain(p, now)
                    ? Step.to(advertised(p, now), new SendAdvert(p.priority()))
                    : Step.to(hurrying(p));
        }
        if (silent(p, now)) {
            // Replaced while it slept: a backup first, whatever its
            // priority, and without a word that could disturb the successor.
            return Step.to(
                    Backup.following(p, event, false),
                    new RemoveAddresses(),
                    new ShutFence(),
                    new Notify(
                            Role.BACKUP,
                            Reason.REPLACED_DURING_PAUSE,
                            event.sender().getHostAddress() + " has taken over while this process did not run"));
        }
        if (loses(p, advert, event.sender())) {
            if (fresh) {
                // Both have claimed at once; nobody depends on this one yet, and the other one's address comes at this
                // moment.
                return Step.to(
                        Backup.following(p, event, false),
                        new RemoveAddresses(),
                        new ShutFence(),
                        new Notify(Role.BACKUP, Reason.PREEMPTED, Leaving.preempting(p, event)));
            }
            // One more advert on the way out: if the winner has been master all along, in another part of a
            // network that has just healed, it learns from this that the neighbours need to be told again.
            return Leaving.preempted(p, event, now).begin(p, p.priority(), now, now);
        }
        return contest(p, now);
    }

    private boolean maySpeakAgain(RouterParams p, long now) {
        return now - advertisedAt >= p.adverNanos() / ANSWERS_PER_INTERVAL_MAX;
    }

    /** The next advert as soon as another one may be sent. */
    private Master hurrying(RouterParams p) {
        long soon = advertisedAt + p.adverNanos() / ANSWERS_PER_INTERVAL_MAX;
        return soon - adverAt < 0
                ? new Master(soon, advertisedAt, announcing, burst, announceAt, contested, contestedAt, fresh)
                : this;
    }

    private static boolean loses(RouterParams p, Advert advert, InetAddress sender) {
        return advert.priority() > p.priority()
                || advert.priority() == p.priority()
                        && higher(sender.getAddress(), p.source().getAddress());
    }

    /** Unsigned, in network order, as "the primary IPvX address of the sender is greater than the local". */
    private static boolean higher(byte[] sender, byte[] own) {
        return Arrays.compareUnsigned(sender, own) > 0;
    }

    private Step contest(RouterParams p, long now) {
        List<Action> actions = new ArrayList<>();
        Master next = this;
        if (p.version() == VrrpVersion.V3) {
            // RFC 9568 6.4.3: "discard the ADVERTISEMENT and immediately send
            // an ADVERTISEMENT"; the timer is not reset. VRRPv2 is silent.
            if (maySpeakAgain(p, now)) {
                actions.add(new SendAdvert(p.priority()));
                next = next.advertisedOutOfTurn(now);
            } else {
                next = next.hurrying(p);
            }
        }
        if (!contested || now - contestedAt >= CONTEST_PAUSE_NANOS) {
            // There is, or was, another master: neighbours may have its hardware address.
            actions.add(new Announce(p.burst()));
            // Again after an interval: the loser may have announced itself once more before it heard us.
            next = new Master(next.adverAt, next.advertisedAt, true, true, now + p.adverNanos(), true, now, fresh);
        }
        return new Step(next, actions);
    }

    @Override
    public Step onParamsChanged(RouterParams p, RouterParams before, long now) {
        if (silent(before, now)) {
            // A longer interval does not make up for it: the fence has fallen shut.
            long at = now - advertisedAt >= p.silentNanos() ? advertisedAt : now - p.silentNanos();
            return Step.to(new Master(adverAt, at, announcing, burst, announceAt, contested, contestedAt, fresh));
        }
        // A better backup learns at once that it is better, and all
        // learn a new interval before they could miss the old one.
        return p.priority() != before.priority() || p.adverNanos() != before.adverNanos()
                ? Step.to(advertised(p, now), new SendAdvert(p.priority()))
                : stay();
    }

    @Override
    public Step onLeave(RouterParams p, Departure departure, long now) {
        if (departure.makeBeforeBreak() && !silent(p, now)) {
            return Leaving.resigned(p, departure, now).begin(p, 0, advertisedAt, now);
        }
        RouterState next = Leaving.after(p, departure, now);
        Notify notify = new Notify(departure.then(), departure.reason(), departure.detail());
        // Who was silent may have a successor already, whose backups must not take this good-bye for its.
        return silent(p, now)
                ? Step.to(next, new RemoveAddresses(), new ShutFence(), notify)
                : Step.to(next, new RemoveAddresses(), new SendAdvert(0), new ShutFence(), notify);
    }

    @Override
    public Step onAddressFailed(RouterParams p, String detail, long now) {
        return Step.to(
                Initialize.retryAfterFailure(now),
                new RemoveAddresses(),
                new SendAdvert(0),
                new ShutFence(),
                new Notify(Role.FAULT, Reason.ADDRESS_FAILED, detail));
    }

    @Override
    public Step onAdvertFenced(RouterParams p, Event.AdvertFenced event, long now) {
        // Nobody has heard it. Who has only just claimed is no later than the others; a master knows what they heard
        // last,
        // unless that does not count: they have had a good-bye since, or this machine was suspended.
        boolean young = event.at() - event.leftAt() < p.silentNanos();
        long lastAt = fresh || event.opening() && young ? event.at() - p.silentNanos() : event.leftAt();
        if (!fresh && !event.opening() && young) {
            // A full queue, say: the lease goes on, and the others have missed one advert at the most.
            return Step.to(new Master(
                    event.at() + p.adverNanos() / 2,
                    lastAt,
                    announcing,
                    burst,
                    announceAt,
                    contested,
                    contestedAt,
                    false));
        }
        // Before the fence is opened again, listen once more, in a turn of its own:
        // at once if it had fallen shut, after an interval if opening it did not help.
        long next = event.reopened() ? event.at() + p.adverNanos() : event.at();
        // Nothing is announced either before that is decided.
        return Step.to(new Master(next, lastAt, false, false, 0, contested, contestedAt, fresh), new StopAnnouncing());
    }

    @Override
    public Step onSuspended(RouterParams p, long now) {
        // Silent without knowing for how long: listen for one interval, then carry on or give way as after a long
        // silence.
        // Announcements are postponed with the adverts: carrying on starts them anew.
        return Step.to(
                new Master(
                        now + p.adverNanos(), now - p.claimedNanos(), false, false, 0, contested, contestedAt, fresh),
                new StopAnnouncing());
    }

    @Override
    public Step onStartup(RouterParams p, Event.Startup event, long now) {
        return stay();
    }

    @Override
    public Step onClaim(RouterParams p, long now) {
        return stay();
    }

    @Override
    public Step onSuccessorAnnounced(RouterParams p, long now) {
        return stay();
    }
}
