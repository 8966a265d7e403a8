package io.floatingip.internal.runtime;

import io.floatingip.IpFamily;
import io.floatingip.spi.Channel;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One link and the virtual routers that use it: packets find their router by family and VRID in one step, and what is set for a whole link (who
 * is watched, whose traffic is refused, which channels are listened to) is the union of what its users want. Used by the loop thread only.
 */
final class LinkUse {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");

    private final LinkSpec spec;
    private final Link link;
    private final @Nullable RouterMember[][] routers = new RouterMember[2][256];
    private final List<RouterMember> users = new ArrayList<>();
    private final Map<Channel, Integer> channels = new HashMap<>();
    private final Map<RouterMember, Set<InetAddress>> watched = new LinkedHashMap<>();
    private final Map<RouterMember, Set<InetAddress>> refused = new LinkedHashMap<>();
    private boolean watchChanged;

    LinkUse(LinkSpec spec, Link link) {
        this.spec = spec;
        this.link = link;
    }

    LinkSpec spec() {
        return spec;
    }

    Link link() {
        return link;
    }

    void add(RouterMember user) {
        if (!users.contains(user)) {
            users.add(user);
        }
    }

    /** Whether nobody uses it any more. */
    boolean remove(RouterMember user) {
        users.remove(user);
        if (users.isEmpty()) {
            return true;
        }
        try {
            watch(user, Set.of());
            refuse(user, Set.of());
        } catch (IOException e) {
            log.warn(
                    "what {} asked of {} stays set there: {}",
                    user.label(),
                    link.info().name(),
                    e.getMessage());
        }
        return false;
    }

    List<RouterMember> users() {
        return users;
    }

    @Nullable
    RouterMember router(IpFamily family, int vrid) {
        return routers[family.ordinal()][vrid];
    }

    /** Packets for this router go to this member from now on. */
    void attach(RouterMember router, IpFamily family, int vrid) {
        routers[family.ordinal()][vrid] = router;
    }

    void detach(RouterMember router, IpFamily family, int vrid) {
        if (routers[family.ordinal()][vrid] == router) {
            routers[family.ordinal()][vrid] = null;
        }
    }

    void listen(Channel channel) throws IOException {
        link.listen(channel);
        channels.merge(channel, 1, Integer::sum);
    }

    void ignore(Channel channel) {
        if (channels.merge(channel, -1, Integer::sum) <= 0) {
            channels.remove(channel);
            link.ignore(channel);
        }
    }

    /** Watches these for the user from the end of the turn on: hundreds may become master in one, and the kernel is told once. */
    void watch(RouterMember user, Set<InetAddress> addresses) {
        watchChanged |= put(watched, user, addresses);
    }

    /** Puts into effect what {@link #watch} has changed. */
    void applyWatch() throws IOException {
        if (watchChanged) {
            watchChanged = false;
            link.watch(union(watched));
        }
    }

    void refuse(RouterMember user, Set<InetAddress> addresses) throws IOException {
        if (put(refused, user, addresses)) {
            link.refuseTraffic(union(refused));
        }
    }

    private static boolean put(Map<RouterMember, Set<InetAddress>> map, RouterMember user, Set<InetAddress> addresses) {
        Set<InetAddress> before = addresses.isEmpty() ? map.remove(user) : map.put(user, Set.copyOf(addresses));
        return !addresses.equals(before == null ? Set.of() : before);
    }

    private static Set<InetAddress> union(Map<RouterMember, Set<InetAddress>> map) {
        Set<InetAddress> all = new LinkedHashSet<>();
        map.values().forEach(all::addAll);
        return all;
    }
}
