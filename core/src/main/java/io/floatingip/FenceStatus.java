package io.floatingip;

/**
 * What takes the address from this host when the process stops.
 *
 * @param packetFilter whether the kernel's packet filter closes when adverts stop to leave
 * @param lifetimeSeconds after which the kernel removes an address that is not renewed; 0 for never
 * @param closesInTime whether this host certainly stops answering before another node may take over
 * @param reason why something is missing; empty if nothing is
 */
public record FenceStatus(boolean packetFilter, int lifetimeSeconds, boolean closesInTime, String reason) {
    /** No fence at all, because. */
    public static FenceStatus none(String reason) {
        return new FenceStatus(false, 0, false, reason);
    }
}
