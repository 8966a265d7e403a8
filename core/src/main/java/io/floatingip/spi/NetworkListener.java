package io.floatingip.spi;

import java.net.InetAddress;

/** Receives what a {@link Network} has read. Called by the loop thread inside {@link Network#drain}. */
public interface NetworkListener {
    /** A packet of protocol 112 or 51 arrived. The packet is a view that is reused: it is valid during this call only. */
    void packet(Link link, Packet packet);

    /** {@link Link#info()} changed: up, down, index, hardware address, primary addresses. */
    void linkChanged(Link link);

    /** Addresses were removed from the interface by whomever; {@link Link#addresses()} tells which are left. */
    void addressesRemoved(Link link);

    /**
     * A neighbour said that it holds a {@linkplain Link#watch watched} address: gratuitous ARP, ARP reply, ARP request from it, or neighbour
     * advertisement. Never called for this machine's own announcements.
     *
     * @param claimant its hardware address, six bytes
     */
    void neighborClaims(Link link, InetAddress address, HardwareAddress claimant);

    /** Someone removed what the fence of this link needs in the kernel; it was put back if it could be. */
    void fenceDisturbed(Link link);
}
