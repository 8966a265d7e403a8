package io.floatingip.linux;

import io.floatingip.linux.RouteMessages.LinkEntry;
import io.floatingip.spi.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be known to fail before it is tried, with what to do about it. */
final class Preflight {
    private static final Path STATUS = Path.of("/proc/thread-self/status");
    private static final String EFFECTIVE = "CapEff:";
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_NET_RAW = 13;

    private Preflight() {}

    /** The calling thread may open raw sockets and change addresses. */
    static void requireCapabilities() throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(EFFECTIVE)) {
                long effective = Long.parseUnsignedLong(
                        line.substring(EFFECTIVE.length()).trim(), 16);
                Optional<String> missing = missingCapabilities(effective);
                if (missing.isPresent()) {
                    throw new IOException(missing.get());
                }
            }
        }
    }

    /** What is missing and how to get it, from the capability bits of a thread. */
    static Optional<String> missingCapabilities(long effective) {
        List<String> missing = new ArrayList<>();
        if ((effective >>> CAP_NET_RAW & 1) == 0) {
            missing.add("CAP_NET_RAW (to send and receive adverts and announcements)");
        }
        if ((effective >>> CAP_NET_ADMIN & 1) == 0) {
            missing.add("CAP_NET_ADMIN (to put the address on the interface)");
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("this process lacks " + String.join(" and ", missing) + ". Give it both:\n"
                        + "  systemd unit:  AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW\n"
                        + "  docker:        --cap-add NET_ADMIN --cap-add NET_RAW --network host (as root in the"
                        + " container)\n"
                        + "  shell, root:   setpriv --reuid=USER --regid=GROUP --clear-groups"
                        + " --inh-caps=+net_admin,+net_raw --ambient-caps=+net_admin,+net_raw java ...\n"
                        + "setcap on the java binary does not work: it keeps java from finding its own libraries");
    }

    /** There is such an interface: returns it. */
    static LinkEntry requireExists(@Nullable LinkEntry link, String name, List<String> existing) throws IOException {
        if (link == null) {
            throw new IOException("there is no interface " + name + "; this machine has "
                    + (existing.isEmpty() ? "none" : String.join(", ", existing)));
        }
        return link;
    }

    /** Adverts of this channel can be exchanged on the interface. One that is absent is judged when it comes. */
    static void requireSpeaks(@Nullable LinkEntry link, Channel channel) throws IOException {
        if (link == null) {
            return;
        }
        if (link.loopback()) {
            throw new IOException(
                    link.name() + " is the loopback interface: no other machine hears adverts on it; name the interface"
                            + " that reaches the other members");
        }
        if (channel.multicast() && !link.hasNeighbors()) {
            throw new IOException(link.name() + " has no neighbours (NOARP, such as a dummy or a tunnel): adverts to a"
                    + " group reach nobody there; name an Ethernet interface, or use unicast peers");
        }
    }
}
