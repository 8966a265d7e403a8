package io.floatingip.spi;

import java.io.IOException;

/**
 * Stops this host from answering for addresses when the process stops advertising them, without any help from the process. Adverts that leave
 * while it is open keep it open; once it has fallen shut by itself neither adverts nor announcements nor answers leave this host, the first advert
 * not until it is {@linkplain #open() opened} again, the rest not until that has left. Used by the loop thread only.
 */
public interface Fence extends AutoCloseable {
    /**
     * Starts guarding and lets one advert out, which has {@link FenceSpec#openNanos} to leave: the advert of a claim, or of carrying on after a
     * pause. With that, not before, and with every later one, announcements and answers pass for a lease. What passes already is not cut short.
     */
    void open() throws IOException;

    /**
     * Starts guarding in place of another fence, with what that one had left: lets traffic through for this long, and longer with every advert
     * that leaves meanwhile.
     *
     * @param nanos from now on; 0 or less for nothing at all
     */
    void openFor(long nanos) throws IOException;

    /**
     * Lets traffic through for this much longer only, unless an advert leaves: who gives the addresses away
     * answers beside a successor for no longer than that, even if it is stopped now. Does nothing to a fence that is not open.
     *
     * @param nanos from now on, 0 or more; what is shorter than the kernel's timers can tell ends with their next tick
     */
    void closeAfter(long nanos) throws IOException;

    /**
     * An advert was sent just now, which keeps it open, even if it waits for the hardware address of a peer that is not there; and that is how long
     * it is to be open if its rules were lost and are put back.
     *
     * @param promptly whether the process was not stopped since; if it was, only what left by itself counts
     */
    default void advertised(boolean promptly) {
        // Who can lose no rules need not know.
    }

    /** Ends guarding: the addresses are not ours any more and nothing stays behind that would hinder another holder on this host. */
    void shut() throws IOException;

    /** What holds now. */
    State state();

    /** Gives back everything in the kernel. */
    @Override
    void close();

    /**
     * @param packetFilter whether the kernel's packet filter closes when adverts stop
     * @param reason why not; empty if it does
     */
    record State(boolean packetFilter, String reason) {
        /** No fence at all, because. */
        public static State none(String reason) {
            return new State(false, reason);
        }
    }
}
