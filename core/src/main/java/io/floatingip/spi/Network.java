package io.floatingip.spi;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Optional;

/**
 * All links of one machine and the one place to wait for them. One loop thread owns a Network; it is the only caller of everything here but
 * {@link #wakeup()} and {@link #ticker()}.
 */
public interface Network extends AutoCloseable {
    /** The clocks that belong to this network; virtual ones on a simulated LAN. Any thread. */
    Ticker ticker();

    /**
     * Opens a link and checks what can be checked: that it exists, that this process may do what it asks for. Each call returns an object of
     * its own, to be closed by the caller; implementations share sockets underneath.
     *
     * @throws IOException with a message that says what was wanted, what was found and what to do
     */
    Link open(LinkSpec spec) throws IOException;

    /** Which interface of this machine holds the address now, whoever put it there; read from the kernel, not from memory. */
    Optional<HeldAddress> holder(InetAddress address) throws IOException;

    /**
     * Says that these fences will be opened now, one after the other and nothing else in between: a network that can do so opens them together
     * here, and their own {@link Fence#open()} then has nothing left to do. What cannot be opened here is left to that.
     */
    default void openTogether(Collection<? extends Fence> fences) {}

    /**
     * Waits until something can be read, {@link #wakeup()} is called, or {@code nanos} have passed. 0 or less does not wait; {@link
     * Long#MAX_VALUE} waits without limit. May return early.
     */
    void await(long nanos) throws IOException;

    /**
     * Hands everything that has arrived to the listener until nothing is left, in the order of arrival for each link. Asks the kernel anew:
     * what arrived after {@link #await} returned is included. Bounded under flood: returns true if it stopped before everything was read.
     */
    boolean drain(NetworkListener listener) throws IOException;

    /** Ends a present or the next {@link #await}. Any thread. */
    void wakeup();

    /** Closes every link that is still open. Addresses are not removed: that is the loop's decision, made before. */
    @Override
    void close();
}
