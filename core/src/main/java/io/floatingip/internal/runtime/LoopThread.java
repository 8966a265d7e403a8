package io.floatingip.internal.runtime;

import io.floatingip.spi.DrivenNetwork;
import io.floatingip.spi.Network;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only caller of a loop that waits: one thread for each network, started by the first who joins, ended by the last who leaves. A driven
 * network has no thread; it turns the loop itself.
 */
final class LoopThread implements DrivenNetwork.Loop {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");
    private static final Map<Network, LoopThread> BY_NETWORK = new IdentityHashMap<>();
    // The last thread of a network that was given to us, until it has ended: the next one begins when it has.
    private static final Map<Network, Thread> ENDING = new IdentityHashMap<>();
    private static final long RETRY_NANOS = 1_000_000L;
    private static @Nullable LoopThread ofMachine;

    private final Network network;
    private final boolean owned;
    private final RouterLoop loop;
    private @Nullable Thread runner;
    private @Nullable Thread predecessor;
    private int users;
    private volatile boolean ended;

    private LoopThread(Network network, boolean owned) {
        this.network = network;
        this.owned = owned;
        loop = new RouterLoop(network);
    }

    /** The loop of this network, or of the machine's; to be {@linkplain #give() given back}. */
    static LoopThread take(@Nullable Network network, ThreadFactory threads) {
        synchronized (BY_NETWORK) {
            LoopThread thread = find(network);
            if (thread == null) {
                thread = network == null ? new LoopThread(Networks.open(), true) : new LoopThread(network, false);
                thread.startOrClose(threads);
                // Not before: without a thread it would be waited for in vain by everyone who joins after this one.
                if (network == null) {
                    ofMachine = thread;
                } else if (!thread.driven()) {
                    BY_NETWORK.put(network, thread);
                }
            }
            thread.users++;
            return thread;
        }
    }

    private static @Nullable LoopThread find(@Nullable Network network) {
        if (network instanceof DrivenNetwork driven) {
            // Its loop is with it, not here: whoever lets go of a simulated LAN need not close what was joined on it.
            return driven.attached().map(attached -> (LoopThread) attached).orElse(null);
        }
        return network == null ? ofMachine : BY_NETWORK.get(network);
    }

    RouterLoop loop() {
        return loop;
    }

    boolean driven() {
        return network instanceof DrivenNetwork;
    }

    private void startOrClose(ThreadFactory threads) {
        try {
            start(threads);
        } catch (RuntimeException | Error e) {
            if (owned) {
                network.close();
            }
            throw e;
        }
    }

    private void start(ThreadFactory threads) {
        if (network instanceof DrivenNetwork driven) {
            driven.attach(this);
            return;
        }
        predecessor = ENDING.get(network);
        Thread thread = threads.newThread(this::run);
        thread.setName("floatingip-loop");
        runner = thread;
        thread.start();
    }

    /** Ends the thread if this was the last user. Does not wait. */
    void give() {
        synchronized (BY_NETWORK) {
            if (--users > 0) {
                return;
            }
            if (this == ofMachine) {
                ofMachine = null;
            } else if (BY_NETWORK.remove(network) != null && runner != null) {
                ENDING.put(network, runner);
            }
        }
        ended = true;
        if (network instanceof DrivenNetwork driven) {
            driven.detach();
        } else {
            network.wakeup();
        }
    }

    @Override
    public long turn() {
        return loop.turn();
    }

    /** Whether the caller runs on this thread, which therefore must not wait for it. */
    boolean isCurrent() {
        return Thread.currentThread() == runner;
    }

    private void run() {
        awaitPredecessor();
        rehearse();
        boolean failureLogged = false;
        while (!ended) {
            try {
                long nanos = loop.turn();
                if (nanos > 0 && !ended) {
                    network.await(nanos);
                }
                failureLogged = false;
            } catch (IOException | RuntimeException | Error e) {
                // The loop must not end: an address whose loop has ended would be lost without a word.
                if (!failureLogged) {
                    failureLogged = true;
                    Failures.log(log, "a turn of the loop failed; going on", e);
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
        if (owned) {
            network.close();
        }
        synchronized (BY_NETWORK) {
            ENDING.remove(network, Thread.currentThread());
        }
    }

    private static void rehearse() {
        try {
            Rehearsal.once();
        } catch (RuntimeException | Error e) {
            Failures.log(log, "the rehearsal failed; going on without", e);
        }
    }

    /** A network belongs to one thread at a time. */
    private void awaitPredecessor() {
        Thread before = predecessor;
        predecessor = null;
        boolean interrupted = false;
        while (before != null && before.isAlive()) {
            try {
                before.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
