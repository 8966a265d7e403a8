package io.floatingip.internal.health;

import io.floatingip.health.HealthCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the checks of all floating IPs of this process: one thread that waits, for time and for sockets, and a few more for what blocks. Begun by
 * its first user, ended after its last.
 */
final class HealthEngine implements CheckExecutor {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");
    private static final Object SHARED = new Object();
    /** For a part of a check, whose end is that of the whole. */
    static final long UNLIMITED_NANOS = Long.MAX_VALUE / 4;

    private static final int WORKERS_MAX = 16;
    private static final int STEPS_MAX = 8;
    private static final int LOOKUPS_MAX = 4;
    private static final double GOLDEN_RATIO = 0.618_033_988_749_895;
    private static @Nullable HealthEngine shared;

    private final Selector selector;
    private final Workers workers;
    // Apart from checks that block: the time of a check in whose midst this is has begun already.
    private final Workers steps;
    private final Workers lookups;
    private final Map<String, List<Consumer<@Nullable InetAddress>>> lookingUp = new HashMap<>();
    private final ConcurrentLinkedQueue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Map<HealthCheck, Workers.Job> hung = new IdentityHashMap<>();
    private long timersMade;
    private double spread;
    private int users;
    private volatile boolean ended;

    private HealthEngine(ThreadFactory threads) {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector for health checks: " + e.getMessage(), e);
        }
        workers = new Workers(threads, "floatingip-health-", WORKERS_MAX);
        steps = new Workers(threads, "floatingip-health-step-", STEPS_MAX);
        lookups = new Workers(threads, "floatingip-lookup-", LOOKUPS_MAX);
        Thread thread = threads.newThread(this::work);
        thread.setName("floatingip-health");
        thread.start();
    }

    /** The process's engine, to be {@linkplain #give() given back}; these threads if it is not there yet. */
    static HealthEngine take(ThreadFactory threads) {
        synchronized (SHARED) {
            if (shared == null) {
                shared = new HealthEngine(threads);
            }
            shared.users++;
            return shared;
        }
    }

    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void give() {
        synchronized (SHARED) {
            if (--users > 0) {
                return;
            }
            shared = null;
        }
        ended = true;
        wakeup();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void post(Runnable task) {
        inbox.add(task);
        wakeup();
    }

    private void wakeup() {
        // A closed selector's descriptor may be somebody else's by now.
        synchronized (inbox) {
            if (selector.isOpen()) {
                selector.wakeup();
            }
        }
    }

    @Override
    public void after(long nanos, Runnable task) {
        timer(nanos, task);
    }

    @Override
    public double spread() {
        spread = (spread + GOLDEN_RATIO) % 1;
        return spread;
    }

    /** Runs something on the engine's thread after a time. */
    Timer timer(long nanos, Runnable task) {
        Timer timer = new Timer(System.nanoTime() + nanos, timersMade++, task);
        timers.add(timer);
        return timer;
    }

    void cancel(Timer timer) {
        timers.remove(timer);
    }

    /** Runs a step of a check, which blocks for a moment, elsewhere, and then something with its result here. */
    Workers.Job offload(Runnable blocking, Runnable then) {
        return steps.submit(() -> {
            try {
                blocking.run();
            } finally {
                post(then);
            }
        });
    }

    /**
     * Finds the address of a host; null if there is none. The JDK's lookup can take minutes and cannot be ended, so there is one for each name at
     * most, on threads of their own.
     */
    void lookup(String host, Consumer<@Nullable InetAddress> then) {
        List<Consumer<@Nullable InetAddress>> waiting = lookingUp.get(host);
        if (waiting != null) {
            waiting.add(then);
            return;
        }
        List<Consumer<@Nullable InetAddress>> first = new ArrayList<>(List.of(then));
        lookingUp.put(host, first);
        lookups.submit(() -> {
            InetAddress found = find(host);
            post(() -> {
                lookingUp.remove(host);
                first.forEach(waiter -> waiter.accept(found));
            });
        });
    }

    private static @Nullable InetAddress find(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException | RuntimeException e) {
            return null;
        }
    }

    /** Watches a channel; the handler is called on the engine's thread. */
    SelectionKey register(SelectableChannel channel, int operations, Runnable handler) throws IOException {
        return channel.register(selector, operations, handler);
    }

    @Override
    public Run run(HealthCheck check, long timeoutNanos, Consumer<Outcome> done) {
        Once once = new Once(timeoutNanos, done);
        try {
            if (check instanceof AsyncCheck async) {
                once.limit();
                once.begun(async.begin(this, once));
            } else if (hung.containsKey(check)) {
                once.accept(Outcome.failure("still busy with an earlier run"));
            } else {
                block(check, workers, once);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            // Certificates that cannot be used, or no thread to be had: whatever it is, the check has an outcome.
            once.accept(Outcome.failure(e));
        }
        return once::cancel;
    }

    /** Runs the last step of a check, which may take for ever, for as long as the check may. */
    Run finish(HealthCheck step, Consumer<Outcome> done) {
        Once once = new Once(UNLIMITED_NANOS, done);
        block(step, steps, once);
        return once::cancel;
    }

    private void block(HealthCheck check, Workers workers, Once once) {
        Outcome[] outcome = new Outcome[1];
        Workers.Job[] job = new Workers.Job[1];
        job[0] = workers.submit(() -> {
            // The time begins when a thread is there: a check is not to blame for the others.
            post(once::limit);
            try {
                outcome[0] = CheckExecutor.call(check);
            } finally {
                post(() -> {
                    hung.remove(check);
                    once.finished(outcome[0]);
                });
            }
        });
        once.begun(() -> {
            if (job[0].abandon()) {
                hung.put(check, job[0]);
            }
        });
    }

    /** The one outcome of a run: the check's or the timeout, whichever comes first. */
    private final class Once implements Consumer<Outcome> {
        private final long timeoutNanos;
        private final Consumer<Outcome> done;
        private @Nullable Timer limit;
        private AsyncCheck.@Nullable Attempt attempt;
        private boolean over;

        Once(long timeoutNanos, Consumer<Outcome> done) {
            this.timeoutNanos = timeoutNanos;
            this.done = done;
        }

        void limit() {
            if (!over) {
                limit = timer(timeoutNanos, () -> accept(Outcome.timedOut(timeoutNanos)));
            }
        }

        void begun(AsyncCheck.Attempt value) {
            attempt = value;
            if (over) {
                value.cancel();
            }
        }

        /** Ended by itself: there is nothing to cancel. */
        void finished(Outcome outcome) {
            attempt = null;
            accept(outcome);
        }

        @Override
        public void accept(Outcome outcome) {
            if (!over) {
                cancel();
                done.accept(outcome);
            }
        }

        void cancel() {
            over = true;
            if (limit != null) {
                HealthEngine.this.cancel(limit);
                limit = null;
            }
            if (attempt != null) {
                attempt.cancel();
            }
        }
    }

    /** Something to be done at a time. */
    static final class Timer implements Comparable<Timer> {
        private final long at;
        private final long number;
        private final Runnable task;

        private Timer(long at, long number, Runnable task) {
            this.at = at;
            this.number = number;
            this.task = task;
        }

        @Override
        public int compareTo(Timer other) {
            long difference = at != other.at ? at - other.at : number - other.number;
            return Long.signum(difference);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // the thread

    private void work() {
        while (!ended || !inbox.isEmpty()) {
            try {
                await(untilNextTimer());
                guarded(inbox);
                runTimers();
            } catch (IOException | RuntimeException | Error e) {
                log.error("the health checks' selector failed; going on", e);
                Thread.yield();
            }
        }
        workers.end();
        steps.end();
        lookups.end();
        try {
            synchronized (inbox) {
                selector.close();
            }
        } catch (IOException e) {
            log.debug("closing the health checks' selector", e);
        }
    }

    private void await(long nanos) throws IOException {
        Consumer<SelectionKey> handle = key -> {
            if (key.isValid() && key.attachment() instanceof Runnable handler) {
                guarded(handler);
            }
        };
        if (nanos <= 0 || !inbox.isEmpty()) {
            selector.selectNow(handle);
        } else {
            // Rounded up: a timer must not be early, and 0 would be for ever.
            selector.select(handle, nanos == Long.MAX_VALUE ? 0 : nanos / 1_000_000 + 1);
        }
    }

    private long untilNextTimer() {
        Timer next = timers.peek();
        return next == null ? Long.MAX_VALUE : Math.max(0, next.at - System.nanoTime());
    }

    private static void guarded(ConcurrentLinkedQueue<Runnable> tasks) {
        // As many as are there now, so that timers and sockets get their turn.
        for (int n = tasks.size(); n > 0; n--) {
            Runnable task = tasks.poll();
            if (task != null) {
                guarded(task);
            }
        }
    }

    private void runTimers() {
        long now = System.nanoTime();
        Timer next;
        while ((next = timers.peek()) != null && now - next.at >= 0) {
            timers.poll();
            guarded(next.task);
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // Nobody would look at anything any more, and what was healthy last would stay so.
            log.error("a health check's step failed; going on", e);
        }
    }
}
