package io.floatingip.spi;

import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;

/** One interface as the loop uses it. Used by the loop thread only. */
public interface Link extends AutoCloseable {
    /** The interface as of the last event read; no system call. */
    LinkInfo info();

    /**
     * Takes part in a virtual router on this interface as the only process of this machine, until closed; ends with the process, however that ends.
     * A network that has no other processes grants it.
     *
     * @throws TakenException if another process has it
     */
    default Claim claim(IpFamily family, int virtualRouterId) throws IOException {
        return () -> {};
    }

    /** What {@link #claim} has given. */
    @FunctionalInterface
    interface Claim extends AutoCloseable {
        @Override
        void close();
    }

    /** Starts to receive packets of this channel. Repeating it has no effect. */
    void listen(Channel channel) throws IOException;

    /** Ends what {@link #listen} started. */
    void ignore(Channel channel);

    /**
     * Prepares sending to one destination.
     *
     * @param source address to send from; it must be on this machine, or be about to
     * @param destination a group or a peer
     * @param hopLimit TTL or hop limit; for IPv4 the packet's own header decides
     */
    Outgoing outgoing(Channel channel, InetAddress source, InetAddress destination, int hopLimit) throws IOException;

    /**
     * Puts an address on the interface and returns when the kernel has it, usable at once: without duplicate address detection, deprecated as
     * a source (IPv6), marked as this library's. An address that is already there with this mark is renewed.
     *
     * @param lifetimeSeconds after which the kernel removes it by itself unless it is added again; 0 for no limit
     * @throws IOException if it is not there afterwards
     */
    void addAddress(VirtualAddress address, int lifetimeSeconds) throws IOException;

    /** Takes an address off the interface. One that is not there, or an interface that is gone, is success. */
    void removeAddress(VirtualAddress address) throws IOException;

    /** All addresses on the interface now, read from the kernel. */
    List<InetAddress> addresses() throws IOException;

    /** Addresses on the interface that carry this library's mark: leftovers, if none of ours is up. Read from the kernel. */
    List<VirtualAddress> markedAddresses() throws IOException;

    /** Tells the neighbours once that this link holds the address: gratuitous ARP, or an unsolicited neighbour advertisement. */
    void announce(InetAddress address) throws IOException;

    /** Gets everything ready that {@link #announce} needs, without sending: the first announcement must not take longer than others. */
    default void rehearseAnnouncing(InetAddress address) throws IOException {
        // Nothing takes time at first only.
    }

    /** Asks whether anyone else holds the address (RFC 5227 probe, or a neighbour solicitation); answers come as {@link NetworkListener#neighborClaims}. */
    void probe(InetAddress address) throws IOException;

    /** Watches for others who claim these addresses; replaces the earlier set, an empty one ends the watch. */
    void watch(Collection<InetAddress> addresses) throws IOException;

    /**
     * Puts up the fence of one virtual router; see {@link Fence}. What the kernel cannot do is left out and shows in {@link Fence#state()}; it
     * is not an error.
     */
    Fence fence(FenceSpec spec) throws IOException;

    /**
     * As {@link #fence(FenceSpec)}, for addresses that are on other links than the one adverts are sent by, which is this one.
     *
     * @param places every link that carries one of the addresses
     */
    default Fence fence(FenceSpec spec, Collection<? extends Link> places) throws IOException {
        return fence(spec);
    }

    /**
     * Drops traffic to these addresses but neighbour discovery (RFC 9568 section 6.1, Accept_Mode false); replaces the earlier set, an empty
     * one ends it.
     */
    void refuseTraffic(Collection<InetAddress> addresses) throws IOException;

    /** Gives back sockets and rules. Addresses stay. */
    @Override
    void close();
}
