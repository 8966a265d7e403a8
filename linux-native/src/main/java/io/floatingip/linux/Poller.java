package io.floatingip.linux;

import io.floatingip.spi.NetworkListener;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The one place that waits: an epoll with a timer of nanoseconds and a wakeup. Used by the loop thread, but for {@link #wakeup()}. Waiting and
 * asking allocate nothing.
 */
final class Poller implements AutoCloseable {
    /** Something that can be read. */
    interface Source {
        /**
         * Reads until nothing is left or {@code max} things are read.
         *
         * @return how many were read
         */
        int read(NetworkListener listener, int max) throws IOException;
    }

    private static final int EVENTS_MAX = 64;
    private static final int READS_PER_SOURCE = 256;
    private static final int READS_PER_DRAIN = 4096;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    // Slots of sources count from 0.
    private static final long TIMER = -1;
    private static final long WAKEUP = -2;

    private final EpollEvent layout = EpollEvent.of(System.getProperty("os.arch"));
    private final Slab events = new Slab(EVENTS_MAX * layout.size());
    private final Slab one = new Slab(layout.size());
    private final Slab timespec = new Slab(32);
    private final Slab increment = new Slab(Long.BYTES);
    private final AtomicBoolean awake = new AtomicBoolean();
    private final Fd epoll;
    private final Fd timer;
    private final Fd wakeup;
    private @Nullable Fd[] fds = new Fd[8];
    private @Nullable Source[] sources = new Source[8];
    private boolean[] failed = new boolean[8];
    private boolean anyFailed;
    private boolean timerArmed;
    private boolean closed;

    Poller() throws NativeIoException {
        epoll = Sys.epollCreate("preparing to wait for packets");
        timer = Sys.timerfd("preparing to wait for packets");
        wakeup = Sys.eventfd("preparing to wait for packets");
        increment.bytes().putLong(0, 1);
        // Edge triggered: each is reported once and never has to be read.
        control(Libc.EPOLL_CTL_ADD, timer, Libc.EPOLLIN | Libc.EPOLLET, TIMER);
        control(Libc.EPOLL_CTL_ADD, wakeup, Libc.EPOLLIN | Libc.EPOLLET, WAKEUP);
    }

    void add(Fd fd, Source source) throws NativeIoException {
        int slot = 0;
        while (slot < fds.length && fds[slot] != null) {
            slot++;
        }
        if (slot == fds.length) {
            fds = Arrays.copyOf(fds, slot * 2);
            sources = Arrays.copyOf(sources, slot * 2);
            failed = Arrays.copyOf(failed, slot * 2);
        }
        control(Libc.EPOLL_CTL_ADD, fd, Libc.EPOLLIN, slot);
        fds[slot] = fd;
        sources[slot] = source;
        failed[slot] = false;
    }

    /** Ends the watch of a descriptor that is still open; one that is not watched is left alone. */
    void remove(Fd fd) {
        for (int slot = 0; slot < fds.length; slot++) {
            if (fds[slot] == fd) {
                fds[slot] = null;
                sources[slot] = null;
                try {
                    control(Libc.EPOLL_CTL_DEL, fd, 0, slot);
                } catch (NativeIoException e) {
                    // Closing it, which follows, removes it as well.
                }
            }
        }
    }

    /** Returns when something can be read, {@link #wakeup()} was called, or the time is over; 0 or less does not wait. */
    void await(long nanos) throws NativeIoException {
        if (awake.getAndSet(false) || nanos <= 0) {
            return;
        }
        arm(nanos);
        Sys.epollWait(epoll, events.address(), EVENTS_MAX, -1);
        awake.set(false);
    }

    /**
     * Asks the kernel what can be read and reads it, until nothing is left. A source that fails keeps no other one from being read, and is asked
     * again by the next call, whether or not the kernel says that there is something: it may have taken in what it could not pass on.
     *
     * @return whether it stopped before everything was read
     * @throws IOException what the first source failed with that did
     */
    boolean drain(NetworkListener listener) throws IOException {
        Throwable failure = anyFailed ? readFailed(listener) : null;
        int left = READS_PER_DRAIN;
        while (left > 0) {
            int n = Sys.epollWait(epoll, events.address(), EVENTS_MAX, 0);
            boolean quiet = true;
            for (int i = 0; i < n; i++) {
                int slot = (int) layout.data(events.bytes(), i);
                // The source of a slot may have gone while an earlier one was read.
                Source source = slot < 0 || failed[slot] ? null : sources[slot];
                if (source != null) {
                    quiet = false;
                    // Whatever became ready counts, so that one that never has anything to read cannot hold the loop.
                    left--;
                    try {
                        left -= source.read(listener, READS_PER_SOURCE);
                    } catch (IOException | RuntimeException | Error e) {
                        failure = failed(slot, failure, e);
                    }
                }
            }
            if (quiet) {
                break;
            }
        }
        if (failure != null) {
            throw failure instanceof IOException e ? e : new IOException(failure.toString(), failure);
        }
        return left <= 0;
    }

    private @Nullable Throwable readFailed(NetworkListener listener) {
        anyFailed = false;
        Throwable failure = null;
        for (int slot = 0; slot < sources.length; slot++) {
            Source source = failed[slot] ? sources[slot] : null;
            failed[slot] = false;
            if (source != null) {
                try {
                    source.read(listener, READS_PER_SOURCE);
                } catch (IOException | RuntimeException | Error e) {
                    failure = failed(slot, failure, e);
                }
            }
        }
        return failure;
    }

    private Throwable failed(int slot, @Nullable Throwable before, Throwable failure) {
        anyFailed = true;
        failed[slot] = true;
        return before == null ? failure : before;
    }

    /** Ends a present or the next {@link #await}. Any thread. */
    void wakeup() {
        if (!awake.getAndSet(true)) {
            synchronized (increment) {
                // Closed, the number may belong to someone else.
                if (!closed) {
                    try {
                        Sys.write(wakeup.number(), increment.address(), Long.BYTES, "waking the loop");
                    } catch (NativeIoException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        synchronized (increment) {
            closed = true;
            wakeup.close();
            timer.close();
            epoll.close();
        }
    }

    private void arm(long nanos) throws NativeIoException {
        boolean arm = nanos != Long.MAX_VALUE;
        if (!arm && !timerArmed) {
            return;
        }
        // An interval of 0, then the value; both 0 disarms. Setting it also forgets an earlier expiry.
        timespec.bytes().putLong(16, arm ? nanos / NANOS_PER_SECOND : 0);
        timespec.bytes().putLong(24, arm ? nanos % NANOS_PER_SECOND : 0);
        Sys.timerfdSettime(timer, timespec.address(), "setting the timer of the loop");
        timerArmed = arm;
    }

    private void control(int op, Fd fd, int what, long data) throws NativeIoException {
        layout.put(one.bytes(), 0, what, data);
        Sys.epollCtl(epoll, op, fd, one.address(), "waiting for packets");
    }
}
