package io.floatingip.internal.notify;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers one thing after the other on a thread that exists while there is something to deliver. */
public final class Outbox {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");
    private static final int CAPACITY = 10_000;
    private static final Set<Outbox> BUSY = new LinkedHashSet<>();

    private final String label;
    private final int attempts;
    private final long firstDelayMillis;
    private final long longestDelayMillis;
    private final ArrayDeque<Letter> queue = new ArrayDeque<>();
    private boolean running;
    private boolean failing;
    private long delivered;
    private long undelivered;

    /** Delivers something, and may block. */
    @FunctionalInterface
    public interface Delivery {
        void deliver() throws Exception;
    }

    private record Letter(String what, Delivery delivery) {}

    /**
     * @param label for threads and logs, such as "webhook http://..."
     * @param attempts 1 for no second try
     * @param firstDelay before the second attempt; doubled before each one after that
     */
    public Outbox(String label, int attempts, Duration firstDelay, Duration longestDelay) {
        this.label = label;
        this.attempts = attempts;
        firstDelayMillis = firstDelay.toMillis();
        longestDelayMillis = longestDelay.toMillis();
    }

    /** Without a second try. */
    public Outbox(String label) {
        this(label, 1, Duration.ZERO, Duration.ZERO);
    }

    /** Any thread; returns at once. */
    public void put(String what, Delivery delivery) {
        synchronized (queue) {
            if (queue.size() >= CAPACITY) {
                failed(what, "too many are waiting");
                return;
            }
            queue.add(new Letter(what, delivery));
            if (running) {
                return;
            }
            running = true;
        }
        synchronized (BUSY) {
            BUSY.add(this);
        }
        Thread thread = new Thread(this::work, "floatingip-notify");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            // No thread to be had; the next notification tries again, and takes this one along.
            synchronized (queue) {
                running = false;
            }
            log.warn("{}: {} has to wait: {}", label, what, e.toString());
        }
    }

    public long delivered() {
        synchronized (queue) {
            return delivered;
        }
    }

    public long undelivered() {
        synchronized (queue) {
            return undelivered;
        }
    }

    public int pending() {
        synchronized (queue) {
            return queue.size();
        }
    }

    /** Waits until everything of every outbox has been delivered or given up, or the time is over. */
    public static void flushAll(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (BUSY) {
            while (!BUSY.isEmpty()) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    BUSY.forEach(Outbox::giveUp);
                    return;
                }
                try {
                    BUSY.wait(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private void giveUp() {
        log.warn("{}: {} notifications could not be delivered before the end of the process", label, pending());
    }

    private void work() {
        while (true) {
            Letter next;
            synchronized (queue) {
                next = queue.peek();
                if (next == null) {
                    running = false;
                }
            }
            if (next == null) {
                synchronized (BUSY) {
                    // Unless somebody has put something in meanwhile, and started the next thread.
                    if (!busy()) {
                        BUSY.remove(this);
                        BUSY.notifyAll();
                    }
                }
                return;
            }
            String failure = deliver(next.delivery());
            synchronized (queue) {
                queue.remove();
                if (failure == null) {
                    delivered++;
                    failing = false;
                } else {
                    failed(next.what(), failure);
                }
            }
        }
    }

    private boolean busy() {
        synchronized (queue) {
            return running;
        }
    }

    /** Null once it has been delivered. */
    private @Nullable String deliver(Delivery delivery) {
        String failure = "";
        long delay = firstDelayMillis;
        for (int attempt = 1; attempt <= attempts; attempt++) {
            try {
                if (attempt > 1) {
                    Thread.sleep(delay);
                    delay = Math.min(longestDelayMillis, 2 * delay);
                }
                delivery.deliver();
                return null;
            } catch (Throwable e) {
                // A thread that ended here would leave all later ones undelivered, and uncounted.
                failure = e.toString();
                log.debug("{}: attempt {} of {} failed: {}", label, attempt, attempts, failure);
            }
        }
        return failure;
    }

    private void failed(String what, String why) {
        undelivered++;
        if (!failing) {
            failing = true;
            log.warn("{}: could not deliver {}: {}", label, what, why);
        }
    }
}
