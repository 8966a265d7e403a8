package io.floatingip.internal.wire;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The last sequence accepted from each of a few senders. When there are more senders than places, the one not heard for longest loses its
 * place; only authentic packets get here, so nobody can push others out without a key.
 */
final class ReplayTable {
    private final long[] high;
    private final long[] low;
    private final long[] sequence;
    /** When the place was last used, counted in acceptances; 0 for a free one. */
    private final long[] usedAt;

    private long uses;

    ReplayTable(int places) {
        high = new long[places];
        low = new long[places];
        sequence = new long[places];
        usedAt = new long[places];
    }

    boolean knows(long sourceHigh, long sourceLow) {
        return usedAt[place(sourceHigh, sourceLow)] != 0 && holds(place(sourceHigh, sourceLow), sourceHigh, sourceLow);
    }

    /** The last one accepted from a known sender. */
    long last(long sourceHigh, long sourceLow) {
        return sequence[place(sourceHigh, sourceLow)];
    }

    void accept(long sourceHigh, long sourceLow, long newSequence) {
        int place = place(sourceHigh, sourceLow);
        high[place] = sourceHigh;
        low[place] = sourceLow;
        sequence[place] = newSequence;
        usedAt[place] = ++uses;
    }

    /** Knows what another knew; of more than it has places for, those heard last. */
    void takeOver(ReplayTable other) {
        IntStream.range(0, other.usedAt.length)
                .filter(i -> other.usedAt[i] != 0)
                .boxed()
                .sorted(Comparator.comparingLong(i -> other.usedAt[i]))
                .forEach(i -> accept(other.high[i], other.low[i], other.sequence[i]));
    }

    /** Where the sender is, or where it would go. */
    private int place(long sourceHigh, long sourceLow) {
        int oldest = 0;
        for (int i = 0; i < usedAt.length; i++) {
            if (holds(i, sourceHigh, sourceLow)) {
                return i;
            }
            if (usedAt[i] < usedAt[oldest]) {
                oldest = i;
            }
        }
        return oldest;
    }

    private boolean holds(int place, long sourceHigh, long sourceLow) {
        return usedAt[place] != 0 && high[place] == sourceHigh && low[place] == sourceLow;
    }
}
