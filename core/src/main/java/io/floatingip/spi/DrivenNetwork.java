package io.floatingip.spi;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * A network with a time of its own, such as the simulated LAN: no thread is started for its loop; the network calls the loop whenever there is
 * something to do, and whoever waits for something lets the network's time pass instead. Everything happens on the thread that drives it.
 */
public interface DrivenNetwork extends Network {
    /** Takes the loop to drive, the only one until {@link #detach}. */
    void attach(Loop loop);

    /** The loop that is attached now. Whoever joins on this network finds it here: nothing else may hold on to a network that is let go of. */
    Optional<Loop> attached();

    /** Ends what {@link #attach} began: the loop has no member any more. */
    void detach();

    /** Lets time pass until the condition holds or the limit is reached; returns whether it holds. */
    boolean runUntil(BooleanSupplier condition, Duration limit);

    /** Where listeners are called: in order, as events of the network's time. */
    Executor callbacks();

    /** The loop as its driver sees it. */
    @FunctionalInterface
    interface Loop {
        /** Does everything that is due now and returns after how many nanoseconds the next thing will be; {@link Long#MAX_VALUE} for never. */
        long turn();
    }
}
