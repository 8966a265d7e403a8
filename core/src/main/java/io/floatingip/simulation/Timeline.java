package io.floatingip.simulation;

import java.util.PriorityQueue;

/** What will happen when: the only clock and the only queue of a simulated LAN. Things of one instant happen in the order they were asked for. */
final class Timeline {
    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private long now;
    private long sequence;

    /** Nanoseconds since the LAN began. */
    long now() {
        return now;
    }

    /** When the next thing is due; {@link Long#MAX_VALUE} for never. */
    long nextAt() {
        Due next = queue.peek();
        return next == null ? Long.MAX_VALUE : next.at;
    }

    void after(long nanos, Runnable what) {
        queue.add(new Due(later(nanos), sequence++, what));
    }

    /** The instant so many nanoseconds from now; as good as never if that is beyond counting. */
    long later(long nanos) {
        return nanos >= Long.MAX_VALUE - now ? Long.MAX_VALUE : now + Math.max(0, nanos);
    }

    /** Moves on to the next thing that is due at or before the limit and does it. Without one, time moves on to the limit and nothing happens. */
    boolean step(long limit) {
        Due next = queue.peek();
        if (next == null || next.at > limit) {
            now = Math.max(now, limit);
            return false;
        }
        queue.remove();
        now = next.at;
        next.what.run();
        return true;
    }

    private static final class Due implements Comparable<Due> {
        final long at;
        final long sequence;
        final Runnable what;

        Due(long at, long sequence, Runnable what) {
            this.at = at;
            this.sequence = sequence;
            this.what = what;
        }

        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }
}
