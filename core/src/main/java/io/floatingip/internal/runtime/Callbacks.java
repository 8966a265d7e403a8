package io.floatingip.internal.runtime;

import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers to listeners on an executor, one call at a time, in order, none lost. The loop only appends to a queue; a listener that blocks delays
 * the deliveries after it and nothing else.
 */
final class Callbacks {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");

    private final String name;
    private final Executor executor;
    private final Counters counters;
    private final Object lock = new Object();
    private final List<Runnable> queue = new ArrayList<>();
    private List<RoleListener> listeners;
    private boolean running;
    private boolean refusalLogged;

    Callbacks(String name, Executor executor, Counters counters, List<RoleListener> listeners) {
        this.name = name;
        this.executor = executor;
        this.counters = counters;
        this.listeners = List.copyOf(listeners);
    }

    /** Tells everyone who listens now. */
    void deliver(RoleChange change) {
        synchronized (lock) {
            List<RoleListener> now = listeners;
            enqueue(() -> now.forEach(listener -> call(listener, l -> l.onChange(change))));
        }
    }

    void deliverPause(Duration length) {
        synchronized (lock) {
            List<RoleListener> now = listeners;
            enqueue(() -> now.forEach(listener -> call(listener, l -> l.onPause(length))));
        }
    }

    /** Lets everyone finish what runs, then calls {@code done}. */
    void drain(Duration time, Runnable done) {
        synchronized (lock) {
            List<RoleListener> now = listeners;
            enqueue(() -> {
                now.forEach(listener -> call(listener, l -> l.onDrain(time)));
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

    /** Adds a listener that is told the present role first. */
    void add(RoleListener listener, @Nullable RoleChange present) {
        synchronized (lock) {
            List<RoleListener> more = new ArrayList<>(listeners);
            more.add(listener);
            listeners = List.copyOf(more);
            if (present != null) {
                RoleChange introduction = new RoleChange(
                        present.name(),
                        present.to(),
                        present.to(),
                        present.reason(),
                        present.detail(),
                        present.epoch(),
                        present.at());
                enqueue(() -> call(listener, l -> l.onChange(introduction)));
            }
        }
    }

    void remove(RoleListener listener) {
        synchronized (lock) {
            List<RoleListener> fewer = new ArrayList<>(listeners);
            fewer.remove(listener);
            listeners = List.copyOf(fewer);
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
        } catch (RuntimeException e) {
            // The executor refuses, for example because it was shut down first; what is queued goes with the next
            // attempt.
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
        while (true) {
            Runnable task;
            synchronized (lock) {
                if (queue.isEmpty()) {
                    running = false;
                    return;
                }
                task = queue.remove(0);
            }
            task.run();
        }
    }

    private void call(RoleListener listener, Consumer<RoleListener> call) {
        try {
            call.accept(listener);
        } catch (Throwable e) {
            // A listener may do anything but hurt the protocol or the listeners after it.
            counters.count(Counter.LISTENER_FAILURES);
            log.error(
                    "({}) listener {} failed; going on",
                    name,
                    listener.getClass().getName(),
                    e);
        }
    }
}
