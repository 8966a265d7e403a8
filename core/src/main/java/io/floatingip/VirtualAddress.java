package io.floatingip;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Optional;

/**
 * An address that floats, and how to put it on the interface. Immutable.
 *
 * <p>The prefix length defaults to /32 or /128: the subnet's route is there already with the interface's own address, and a host prefix can be
 * added and removed without touching it.
 */
public final class VirtualAddress {
    private static final int LABEL_LENGTH_MAX = 15;

    private final InetAddress address;
    private final int prefixLength;
    private final Optional<String> device;
    private final Optional<String> label;
    private final Scope scope;
    private final boolean noPrefixRoute;
    private final Optional<InetAddress> broadcast;
    private final Optional<InetAddress> peer;

    private VirtualAddress(
            InetAddress address,
            int prefixLength,
            Optional<String> device,
            Optional<String> label,
            Scope scope,
            boolean noPrefixRoute,
            Optional<InetAddress> broadcast,
            Optional<InetAddress> peer) {
        this.address = address;
        this.prefixLength = prefixLength;
        this.device = device;
        this.label = label;
        this.scope = scope;
        this.noPrefixRoute = noPrefixRoute;
        this.broadcast = broadcast;
        this.peer = peer;
    }

    /** An address with the prefix of a single host, /32 or /128. */
    public static VirtualAddress of(InetAddress address) {
        return of(address, IpFamily.of(address).prefixLengthMax());
    }

    /**
     * An address with a prefix length.
     *
     * @throws IllegalArgumentException if the prefix length is not 1 to 32, or to 128 for IPv6, or the address cannot float (multicast,
     *     unspecified, loopback)
     */
    public static VirtualAddress of(InetAddress address, int prefixLength) {
        Objects.requireNonNull(address, "address");
        int max = IpFamily.of(address).prefixLengthMax();
        if (prefixLength < 1 || prefixLength > max) {
            throw new IllegalArgumentException(
                    "prefix length of " + address.getHostAddress() + " must be 1 to " + max + ", got " + prefixLength);
        }
        if (address.isAnyLocalAddress() || address.isMulticastAddress() || address.isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "a floating address must be a unicast address that neighbours can reach, got "
                            + address.getHostAddress());
        }
        return new VirtualAddress(
                unscoped(address),
                prefixLength,
                Optional.empty(),
                Optional.empty(),
                Scope.GLOBAL,
                false,
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Reads {@code 10.0.0.10/24}, {@code 10.0.0.10}, {@code 2001:db8::10/64} or {@code fe80::10}. Host names are refused.
     *
     * @throws IllegalArgumentException with what was got and what is wanted
     */
    public static VirtualAddress parse(String text) {
        Objects.requireNonNull(text, "text");
        String trimmed = text.trim();
        int slash = trimmed.indexOf('/');
        String host = slash < 0 ? trimmed : trimmed.substring(0, slash);
        InetAddress address = IpFamily.literal(host)
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected an IPv4 or IPv6 address with an optional prefix length, such as"
                                + " 10.0.0.10/24 or 2001:db8::10/64, got \"" + text + "\""));
        if (slash < 0) {
            return of(address);
        }
        String prefix = trimmed.substring(slash + 1);
        if (!prefix.matches("\\d{1,3}")) {
            throw new IllegalArgumentException(
                    "expected a prefix length in digits behind the slash, such as 10.0.0.10/24, got \"" + text + "\"");
        }
        return of(address, Integer.parseInt(prefix));
    }

    /** The same address without the interface it was read from: equal addresses are equal whichever link they are on. */
    private static InetAddress unscoped(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 bytes", e);
        }
    }

    /** This address on another interface than the one adverts are sent on (keepalived: {@code dev}). */
    public VirtualAddress device(String interfaceName) {
        return new VirtualAddress(
                address, prefixLength, Optional.of(interfaceName), label, scope, noPrefixRoute, broadcast, peer);
    }

    /**
     * A label for {@code ip addr} and older tools, at most 15 characters, by custom starting with the interface's name: {@code eth0:web}. IPv4
     * only.
     *
     * @throws IllegalArgumentException for IPv6, or if too long
     */
    public VirtualAddress label(String text) {
        if (family() == IpFamily.IPV6) {
            throw new IllegalArgumentException("a label exists for IPv4 addresses only; " + this + " is IPv6");
        }
        // The kernel counts bytes, and keeps one of its sixteen for the end.
        if (!text.matches("[!-~]{1," + LABEL_LENGTH_MAX + "}")) {
            throw new IllegalArgumentException("a label has 1 to " + LABEL_LENGTH_MAX
                    + " characters of ASCII, none of them blank, got \"" + text + "\"");
        }
        return new VirtualAddress(
                address, prefixLength, device, Optional.of(text), scope, noPrefixRoute, broadcast, peer);
    }

    /** How far the address is valid; matters for the kernel's choice of source addresses. IPv4 only; default {@link Scope#GLOBAL}. */
    public VirtualAddress scope(Scope value) {
        return new VirtualAddress(
                address, prefixLength, device, label, Objects.requireNonNull(value), noPrefixRoute, broadcast, peer);
    }

    /** Whether the kernel shall not add the route of the prefix with the address (IFA_F_NOPREFIXROUTE). */
    public VirtualAddress noPrefixRoute(boolean value) {
        return new VirtualAddress(address, prefixLength, device, label, scope, value, broadcast, peer);
    }

    /**
     * Where hosts of the subnet send what is for all of them; by default the address has none, and that of the interface's own address serves. IPv4
     * only.
     *
     * @throws IllegalArgumentException for IPv6
     */
    public VirtualAddress broadcast(InetAddress value) {
        if (family() == IpFamily.IPV6 || IpFamily.of(value) == IpFamily.IPV6) {
            throw new IllegalArgumentException("a broadcast address exists for IPv4 addresses only, got "
                    + value.getHostAddress() + " for " + this);
        }
        return new VirtualAddress(address, prefixLength, device, label, scope, noPrefixRoute, Optional.of(value), peer);
    }

    /**
     * The other end of a point-to-point link, which the kernel adds a route to with this address.
     *
     * @throws IllegalArgumentException if it is of the other family, or this address is not that of a host, /32 or /128
     */
    public VirtualAddress peer(InetAddress value) {
        if (IpFamily.of(value) != family() || prefixLength != family().prefixLengthMax()) {
            throw new IllegalArgumentException("a peer needs an address of the same family, with /"
                    + family().prefixLengthMax() + ", got " + value.getHostAddress() + " for " + this);
        }
        return new VirtualAddress(
                address, prefixLength, device, label, scope, noPrefixRoute, broadcast, Optional.of(unscoped(value)));
    }

    public InetAddress address() {
        return address;
    }

    public IpFamily family() {
        return IpFamily.of(address);
    }

    public int prefixLength() {
        return prefixLength;
    }

    public Optional<String> device() {
        return device;
    }

    public Optional<String> label() {
        return label;
    }

    public Scope scope() {
        return scope;
    }

    public boolean noPrefixRoute() {
        return noPrefixRoute;
    }

    public Optional<InetAddress> broadcast() {
        return broadcast;
    }

    public Optional<InetAddress> peer() {
        return peer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VirtualAddress that
                && address.equals(that.address)
                && prefixLength == that.prefixLength
                && device.equals(that.device)
                && label.equals(that.label)
                && scope == that.scope
                && noPrefixRoute == that.noPrefixRoute
                && broadcast.equals(that.broadcast)
                && peer.equals(that.peer);
    }

    @Override
    public int hashCode() {
        return 31 * address.hashCode() + prefixLength;
    }

    /** As {@code ip addr} writes it: {@code 10.0.0.10/24}. */
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }

    /** RT_SCOPE_* of the kernel. */
    public enum Scope {
        GLOBAL(0),
        SITE(200),
        LINK(253),
        HOST(254);

        private final int number;

        Scope(int number) {
            this.number = number;
        }

        /** The kernel's number. */
        public int number() {
            return number;
        }
    }
}
