package io.floatingip.internal.runtime;

import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers to listeners on an executor, one call at a time, in order, none lost. The loop only appends to a queue; a listener that blocks delays
 * the deliveries after it and nothing else. Whoever delivers never makes the call itself, whatever the executor does.
 */
final class Callbacks {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");

    private final String name;
    private final Executor executor;
    private final Executor elsewhere;
    private final Counters counters;
    private final Object lock = new Object();
    private final List<Runnable> queue = new ArrayList<>();
    private List<Entry> listeners;
    private boolean running;
    private boolean refusalLogged;
    private boolean elsewhereLogged;
    // Elsewhere is here, too: a network that is driven makes no threads.
    private boolean handedOn;

    /** @param elsewhere is used when the executor would make the calls on the thread that has something to tell */
    Callbacks(String name, Executor executor, Executor elsewhere, Counters counters, List<RoleListener> listeners) {
        this.name = name;
        this.executor = executor;
        this.elsewhere = elsewhere;
        this.counters = counters;
        this.listeners = listeners.stream().map(Entry::new).toList();
    }

    /** One registration; a listener may have several. */
    private static final class Entry {
        private final RoleListener listener;
        private volatile boolean removed;

        Entry(RoleListener listener) {
            this.listener = listener;
        }
    }

    /** Tells everyone who listens now. */
    void deliver(RoleChange change) {
        synchronized (lock) {
            List<Entry> now = listeners;
            enqueue(() -> now.forEach(entry -> call(entry, l -> l.onChange(change))));
        }
    }

    /** Tells everyone who listens now that the role is still this one, although a drain had been told. */
    void stay(RoleChange present) {
        RoleChange again = again(present);
        synchronized (lock) {
            List<Entry> now = listeners;
            enqueue(() -> now.forEach(entry -> call(entry, l -> l.onStay(again))));
        }
    }

    private static RoleChange again(RoleChange present) {
        return new RoleChange(
                present.name(),
                present.to(),
                present.to(),
                present.reason(),
                present.detail(),
                present.priority(),
                present.epoch(),
                present.at());
    }

    void deliverPause(Duration length) {
        synchronized (lock) {
            List<Entry> now = listeners;
            enqueue(() -> now.forEach(entry -> call(entry, l -> l.onPause(length))));
        }
    }

    /** Lets everyone finish what runs, then calls {@code done}. */
    void drain(Duration time, Runnable done) {
        synchronized (lock) {
            List<Entry> now = listeners;
            enqueue(() -> {
                now.forEach(entry -> call(entry, l -> l.onDrain(time)));
                done.run();
            });
        }
    }

    /** Runs something after everything that is queued now. */
    void afterwards(Runnable action) {
        synchronized (lock) {
            enqueue(action);
        }
    }

    /**
     * Adds a listener that is told the present role first.
     *
     * @return what ends this registration and no other: no call begins after it has run
     */
    Runnable add(RoleListener listener, @Nullable RoleChange present) {
        Entry entry = new Entry(Objects.requireNonNull(listener, "listener"));
        synchronized (lock) {
            List<Entry> more = new ArrayList<>(listeners);
            more.add(entry);
            listeners = List.copyOf(more);
            if (present != null) {
                RoleChange introduction = again(present);
                enqueue(() -> call(entry, l -> l.onChange(introduction)));
            }
        }
        return () -> remove(entry);
    }

    private void remove(Entry entry) {
        entry.removed = true;
        synchronized (lock) {
            listeners = listeners.stream().filter(e -> e != entry).toList();
        }
    }

    private void enqueue(Runnable task) {
        queue.add(task);
        if (running) {
            return;
        }
        running = true;
        try {
            executor.execute(this::run);
        } catch (RuntimeException | OutOfMemoryError e) {
            // No thread could be made, or the executor refuses, for example because
            // it was shut down first; what is queued goes with the next attempt.
            running = false;
            if (!refusalLogged) {
                refusalLogged = true;
                log.warn(
                        "({}) the callback executor refuses work; listeners are not being called: {}",
                        name,
                        e.toString());
            }
        }
    }

    private void run() {
        if (Thread.holdsLock(lock) && !handedOn) {
            // Within execute: this is the loop, or somebody it would have to wait for.
            if (!elsewhereLogged && executor != elsewhere) {
                elsewhereLogged = true;
                log.warn("({}) the callback executor runs listeners on the calling thread; using another", name);
            }
            handedOn = true;
            try {
                elsewhere.execute(this::run);
            } finally {
                handedOn = false;
            }
            return;
        }
        while (true) {
            Runnable task;
            synchronized (lock) {
                if (queue.isEmpty()) {
                    running = false;
                    return;
                }
                task = queue.remove(0);
            }
            runOne(task);
        }
    }

    private void runOne(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            // Whatever it was, what is queued behind it is called.
            counters.count(Counter.LISTENER_FAILURES);
            Failures.log(log, "a delivery to listeners failed; going on", e);
        }
    }

    private void call(Entry entry, Consumer<RoleListener> call) {
        if (entry.removed) {
            return;
        }
        try {
            call.accept(entry.listener);
        } catch (Throwable e) {
            // A listener may do anything but hurt the protocol or the listeners after it.
            counters.count(Counter.LISTENER_FAILURES);
            logFailure(entry.listener, e);
        }
    }

    private void logFailure(RoleListener listener, Throwable failure) {
        try {
            String who = listener.getClass().getName();
            Failures.log(log, "(" + name + ") listener " + who + " failed; going on", failure);
        } catch (Throwable e) {
            // Not even the words for it could be found; the listeners after it are called.
        }
    }
}
