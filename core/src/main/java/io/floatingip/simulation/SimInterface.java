package io.floatingip.simulation;

import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.LinkInfo;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An interface of a simulated machine and the addresses on it. */
final class SimInterface {
    private static final int MTU = 1500;

    final SimKernel kernel;
    final String name;
    /** The wire it is connected to; interfaces above another one share theirs. */
    final String segment;
    /** The interface below a virtual one. */
    final @Nullable SimInterface base;
    /** Whether it lives and dies with the process that made it, and is connected to nothing. */
    final boolean processBound;

    final HardwareAddress hardwareAddress;
    final List<Held> addresses = new ArrayList<>();
    int index;
    private boolean carrier = true;
    private boolean exists = true;
    /** What the process was told last. */
    private @Nullable LinkInfo told;

    SimInterface(
            SimKernel kernel,
            String name,
            int index,
            HardwareAddress hardwareAddress,
            @Nullable SimInterface base,
            boolean processBound) {
        this.kernel = kernel;
        this.name = name;
        this.index = index;
        this.hardwareAddress = hardwareAddress;
        this.base = base;
        this.processBound = processBound;
        segment = base == null ? name : base.segment;
    }

    boolean exists() {
        return exists;
    }

    boolean up() {
        return exists && carrier && (base == null || base.up());
    }

    void carrier(boolean value) {
        carrier = value;
    }

    void exists(boolean value, int newIndex) {
        exists = value;
        index = newIndex;
    }

    @Nullable
    Held held(InetAddress address) {
        for (Held held : addresses) {
            if (held.spec.address().equals(address)) {
                return held;
            }
        }
        return null;
    }

    /** As the kernel has it: an IPv4 address once for each prefix length, an IPv6 address once. */
    @Nullable
    Held heldAs(VirtualAddress address) {
        for (Held held : addresses) {
            if (held.spec.address().equals(address.address())
                    && (address.family() == IpFamily.IPV6 || held.spec.prefixLength() == address.prefixLength())) {
                return held;
            }
        }
        return null;
    }

    LinkInfo info() {
        List<Inet4Address> ipv4 = new ArrayList<>();
        List<Inet6Address> linkLocal = new ArrayList<>();
        if (exists) {
            for (Held held : addresses) {
                InetAddress address = held.spec.address();
                if (held.ours) {
                    continue;
                }
                if (IpFamily.of(address) == IpFamily.IPV4) {
                    ipv4.add((Inet4Address) address);
                } else if (address.isLinkLocalAddress()) {
                    linkLocal.add((Inet6Address) address);
                }
            }
        }
        return new LinkInfo(name, index, up(), MTU, hardwareAddress, ipv4, linkLocal);
    }

    /** What the process has to be told now; null if that is what it was told last. */
    @Nullable
    LinkInfo news() {
        LinkInfo now = info();
        if (now.equals(told)) {
            return null;
        }
        told = now;
        return now;
    }

    @Override
    public String toString() {
        return name;
    }

    /** An address in the kernel. */
    static final class Held {
        final VirtualAddress spec;
        final boolean ours;
        /** In kernel time, if {@link #limited}. */
        long expiresAt;

        boolean limited;
        boolean watched;

        Held(VirtualAddress spec, boolean ours) {
            this.spec = spec;
            this.ours = ours;
        }
    }
}
