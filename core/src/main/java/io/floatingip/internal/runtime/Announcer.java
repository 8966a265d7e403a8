package io.floatingip.internal.runtime;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Sends announcements in slices, so that hundreds of them delay no advert, and no faster than each link is configured for. Used by the loop
 * thread only.
 */
final class Announcer {
    private static final int SLICE = 64;
    // 255 routers with sixteen addresses each, and a burst of sixteen.
    private static final int FRAMES_MAX = 65_536;

    private final Map<LinkUse, Queue> queues = new HashMap<>();

    /** On whose behalf announcements are sent. */
    @FunctionalInterface
    interface Owner {
        void announceNow(LinkUse link, InetAddress address);
    }

    private int left = SLICE;

    private static final class Queue {
        private final Deque<Frame> frames = new ArrayDeque<>();
        private long nextAt;
    }

    private record Frame(Owner owner, InetAddress address, long intervalNanos) {}

    /** A turn begins, which may send another slice. */
    void beginTurn() {
        left = SLICE;
    }

    /** Queues one announcement: {@link #work} sends it as soon as the pace of its link allows. */
    void announce(Owner owner, LinkUse link, InetAddress address, long intervalNanos, long now) {
        Queue queue = queues.computeIfAbsent(link, l -> {
            Queue made = new Queue();
            made.nextAt = now;
            return made;
        });
        if (queue.frames.size() >= FRAMES_MAX) {
            // Slower than they are asked for: one more of the same would be later still.
            return;
        }
        queue.frames.add(new Frame(owner, address, intervalNanos));
    }

    /** Drops what one router still wanted to announce: it is not its address any more. */
    void forget(Owner owner) {
        queues.values().forEach(queue -> queue.frames.removeIf(frame -> frame.owner() == owner));
    }

    void forget(LinkUse link) {
        queues.remove(link);
    }

    /** Sends what is due and left of the turn's slice; returns after how many nanoseconds there is more to do. */
    long work(long now) {
        long due = Long.MAX_VALUE;
        if (queues.isEmpty()) {
            return due;
        }
        for (Map.Entry<LinkUse, Queue> entry : queues.entrySet()) {
            Queue queue = entry.getValue();
            for (; left > 0 && !queue.frames.isEmpty() && now - queue.nextAt >= 0; left--) {
                Frame frame = queue.frames.remove();
                frame.owner().announceNow(entry.getKey(), frame.address());
                queue.nextAt = now + frame.intervalNanos();
            }
            if (!queue.frames.isEmpty()) {
                due = Math.min(due, Math.max(0, queue.nextAt - now));
            }
        }
        return due;
    }
}
