package io.floatingip.internal.runtime;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Sends announcements in slices, so that hundreds of them delay no advert, and no faster than each link is configured for. Used by the loop
 * thread only.
 */
final class Announcer {
    private static final int SLICE = 64;
    // 255 routers with sixteen addresses each, and a burst of sixteen.
    private static final int FRAMES_MAX = 65_536;

    private final List<Queue> queues = new ArrayList<>();

    /** On whose behalf announcements are sent. */
    @FunctionalInterface
    interface Owner {
        void announceNow(LinkUse link, InetAddress address);
    }

    private int left = SLICE;

    private static final class Queue {
        private final LinkUse link;
        private final Deque<Frame> frames = new ArrayDeque<>();
        private long nextAt;

        private Queue(LinkUse link, long nextAt) {
            this.link = link;
            this.nextAt = nextAt;
        }
    }

    private record Frame(Owner owner, InetAddress address, long intervalNanos) {}

    /** A turn begins, which may send another slice. */
    void beginTurn() {
        left = SLICE;
    }

    /** Queues one announcement: {@link #work} sends it as soon as the pace of its link allows. */
    void announce(Owner owner, LinkUse link, InetAddress address, long intervalNanos, long now) {
        Queue queue = queue(link, now);
        if (queue.frames.size() >= FRAMES_MAX) {
            // Slower than they are asked for: one more of the same would be later still.
            return;
        }
        queue.frames.add(new Frame(owner, address, intervalNanos));
    }

    private Queue queue(LinkUse link, long now) {
        for (Queue queue : queues) {
            if (queue.link == link) {
                return queue;
            }
        }
        Queue made = new Queue(link, now);
        queues.add(made);
        return made;
    }

    /** Drops what one router still wanted to announce: it is not its address any more. */
    void forget(Owner owner) {
        queues.forEach(queue -> queue.frames.removeIf(frame -> frame.owner() == owner));
    }

    void forget(LinkUse link) {
        queues.removeIf(queue -> queue.link == link);
    }

    /** Sends what is due and left of the turn's slice; returns after how many nanoseconds there is more to do. */
    long work(long now) {
        long due = Long.MAX_VALUE;
        for (int i = 0; i < queues.size(); i++) {
            Queue queue = queues.get(i);
            for (; left > 0 && !queue.frames.isEmpty() && now - queue.nextAt >= 0; left--) {
                Frame frame = queue.frames.remove();
                frame.owner().announceNow(queue.link, frame.address());
                queue.nextAt = now + frame.intervalNanos();
            }
            if (!queue.frames.isEmpty()) {
                due = Math.min(due, Math.max(0, queue.nextAt - now));
            }
        }
        return due;
    }
}
