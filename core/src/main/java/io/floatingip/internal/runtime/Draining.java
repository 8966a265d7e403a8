package io.floatingip.internal.runtime;

import io.floatingip.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives mastership away when listeners have finished what runs: those of one floating IP, or of all that are master together, because one that
 * leaves takes the others along. Used by the loop thread only, but for what says otherwise.
 */
final class Draining {
    private final List<Party> parties = new CopyOnWriteArrayList<>();
    private final List<Wish> wishes = new ArrayList<>();
    private boolean told;
    private boolean finished;
    private long number;

    /** Whose listeners drain. */
    interface Party {
        /** For how long, at the most. Any thread. */
        Duration drain();

        void drain(Duration time, Runnable done);

        /** Whether it is master and nothing is under way that ends this. */
        boolean stays();

        /** Tells those who have drained that it was in vain. */
        void stay();
    }

    /** Somebody's reason to give mastership away, and how. */
    private static final class Wish {
        private final Object owner;
        private final Reason reason;
        private final Runnable leave;

        Wish(Object owner, Reason reason, Runnable leave) {
            this.owner = owner;
            this.reason = reason;
            this.leave = leave;
        }
    }

    /** Any thread. */
    void add(Party party) {
        parties.add(party);
    }

    void remove(Party party) {
        parties.remove(party);
    }

    /** Any thread. */
    Duration longest() {
        return parties.stream().map(Party::drain).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }

    /**
     * Leaves when all listeners have drained, at the latest when the time is over. Who leaves takes all others along: whatever else waits does not
     * wait longer. Listeners drain once, however many reasons there are to.
     */
    void before(RouterLoop loop, Object owner, Reason reason, Duration time, long nanos, Runnable leave) {
        wishes.removeIf(wish -> wish.owner == owner && wish.reason == reason);
        Wish wish = new Wish(owner, reason, leave);
        wishes.add(wish);
        if (nanos == 0 || told && finished) {
            leave();
            return;
        }
        if (!told) {
            tell(loop, time);
        }
        loop.after(nanos, () -> {
            if (wishes.contains(wish)) {
                leave();
            }
        });
    }

    private void tell(RouterLoop loop, Duration time) {
        told = true;
        finished = false;
        long mine = ++number;
        List<Party> now = List.copyOf(parties);
        AtomicInteger left = new AtomicInteger(now.size());
        for (Party party : now) {
            party.drain(time, () -> {
                if (left.decrementAndGet() == 0) {
                    loop.post(() -> drained(mine));
                }
            });
        }
    }

    private void drained(long which) {
        if (which == number) {
            leave();
        }
    }

    private void leave() {
        finished = true;
        List<Wish> all = List.copyOf(wishes);
        wishes.clear();
        all.forEach(wish -> wish.leave.run());
        settle();
    }

    /** The reason has gone before anybody left. */
    void callOff(Object owner, Reason reason) {
        if (wishes.removeIf(wish -> wish.owner == owner && wish.reason == reason)) {
            settle();
        }
    }

    /** Mastership is over: what was told about its end has come true. */
    void lost() {
        told = false;
        finished = false;
    }

    /** If nobody leaves after all, those who have drained are told. */
    void settle() {
        if (told && wishes.isEmpty() && parties.stream().allMatch(Party::stays)) {
            told = false;
            finished = false;
            number++;
            parties.forEach(Party::stay);
        }
    }
}
