package io.floatingip.internal.runtime;

import io.floatingip.internal.wire.Rejection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** Numbers that only grow. Counted by the loop, read by any thread; counting allocates nothing. */
final class Counters {
    private static final Counter[] COUNTERS = Counter.values();
    private static final Rejection[] REJECTIONS = Rejection.values();

    private final AtomicLongArray counts = new AtomicLongArray(COUNTERS.length);
    private final AtomicLongArray rejected = new AtomicLongArray(REJECTIONS.length);

    void count(Counter counter) {
        count(counter, 1);
    }

    void count(Counter counter, long times) {
        counts.getAndAdd(counter.ordinal(), times);
    }

    void count(Rejection rejection) {
        rejected.getAndIncrement(rejection.ordinal());
    }

    long of(Counter counter) {
        return counts.get(counter.ordinal());
    }

    /** All counters by name, refusals that happened as {@code rejected.NAME}; added to what is there. */
    void addTo(Map<String, Long> sum) {
        for (Counter counter : COUNTERS) {
            sum.merge(counter.key(), of(counter), Long::sum);
        }
        for (Rejection rejection : REJECTIONS) {
            long count = rejected.get(rejection.ordinal());
            if (count > 0) {
                sum.merge("rejected." + rejection, count, Long::sum);
            }
        }
    }

    Map<String, Long> asMap() {
        Map<String, Long> map = new LinkedHashMap<>();
        addTo(map);
        return map;
    }
}
