package io.floatingip.internal.runtime;

import io.floatingip.VirtualAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the addresses of one virtual router where they belong while it is master: renews their lifetimes, puts back what others take away,
 * announces, and looks for others who answer for them. Used by the loop thread only.
 */
final class AddressKeeper {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");
    private static final long SECOND = 1_000_000_000L;
    private static final long PROBE_DELAY_NANOS = SECOND;
    private static final long CONFLICT_GRACE_NANOS = SECOND / 2;
    // Below intervals of a second the lifetime only tidies up, and a busy machine needs time for hundreds.
    private static final long RENEWABLE_NANOS_MIN = SECOND / 4;
    private static final long DEFENCE_PAUSE_NANOS = SECOND;
    private static final int LOSSES_MAX = 5;
    private static final long LOSSES_WINDOW_NANOS = 60 * SECOND;

    /** How long a node that lost its addresses too often stays away. */
    static final Duration RETRY_AFTER_LOSSES = Duration.ofSeconds(30);

    private final String name;
    private final RouterMember member;
    private final RouterLoop loop;
    private final HeldAddresses addresses;
    private final Counters counters;
    private final long paceNanos;
    private final long renewableNanos;
    private final Deque<Long> losses = new ArrayDeque<>();
    private long renewedAt;
    private long advertisedAt;
    private final BooleanSupplier renewable = this::renewable;
    private long claimedAt;
    private boolean probing;
    private boolean asking;
    private boolean unexpected;
    private final Map<InetAddress, Long> defendedAt = new HashMap<>();
    private boolean renewalFailureLogged;

    AddressKeeper(
            String name,
            RouterMember member,
            RouterLoop loop,
            HeldAddresses addresses,
            Counters counters,
            Duration pace,
            Duration interval) {
        this.name = name;
        this.member = member;
        this.loop = loop;
        this.addresses = addresses;
        this.counters = counters;
        paceNanos = pace.toNanos();
        renewableNanos = Math.max(interval.toNanos() / 4, RENEWABLE_NANOS_MIN);
    }

    HeldAddresses addresses() {
        return addresses;
    }

    /** Does what a claim does, as far as nobody can tell. */
    void rehearse() throws IOException {
        addresses.rehearse();
        for (LinkUse use : addresses.neighborUses()) {
            addresses.announcedOn(use);
        }
        VirtualAddress first = addresses.wanted().get(0);
        LinkUse use = addresses.neighbors(first);
        use.link().rehearseAnnouncing(first.address());
        loop.announcer().announce(member, use, first.address(), 0, loop.now());
        loop.announcer().forget(member);
    }

    /** Puts all on their interfaces and watches for others who claim them; false if this turn has become too old for that. */
    boolean add() throws IOException {
        watch();
        renewedAt = loop.now();
        return addresses.add(member::late);
    }

    /** Watches for others who claim them. */
    void watch() {
        for (LinkUse use : addresses.neighborUses()) {
            use.watch(member, addresses.announcedOn(use));
        }
    }

    void remove() throws IOException {
        loop.announcer().forget(member);
        probing = false;
        asking = false;
        for (LinkUse use : addresses.neighborUses()) {
            use.watch(member, Set.of());
        }
        addresses.remove();
    }

    /** Ends the watch without touching the addresses. */
    void unwatch() {
        for (LinkUse use : addresses.neighborUses()) {
            use.watch(member, Set.of());
        }
    }

    /** Ends the watch where a successor does not go on with it. */
    void unwatchBut(Set<LinkUse> watchedOn) {
        for (LinkUse use : addresses.neighborUses()) {
            if (!watchedOn.contains(use)) {
                use.watch(member, Set.of());
            }
        }
    }

    /** Goes on where a predecessor stopped. */
    void follow(AddressKeeper predecessor) {
        claimedAt = predecessor.claimedAt;
        probing = predecessor.probing;
        asking = predecessor.asking;
        unexpected = predecessor.unexpected;
        defendedAt.putAll(predecessor.defendedAt);
        losses.addAll(predecessor.losses);
    }

    /**
     * Mastership has begun.
     *
     * @param silently whether the master before, if any, fell silent: then nobody else may answer, and whoever does is to be known at once
     */
    void claimed(boolean silently, long now) {
        claimedAt = now;
        probing = true;
        asking = silently;
        unexpected = silently;
        losses.clear();
    }

    void announce(int times, long now) {
        for (int i = 0; i < times; i++) {
            for (VirtualAddress address : addresses.wanted()) {
                loop.announcer().announce(member, addresses.neighbors(address), address.address(), paceNanos, now);
            }
        }
        loop.announcer().work(now);
    }

    /** Until it is known again who is master: what waits, and what would follow the claim. */
    void stopAnnouncing() {
        loop.announcer().forget(member);
        probing = false;
        asking = false;
    }

    void announceNow(LinkUse use, InetAddress address) {
        try {
            use.link().announce(address);
            counters.count(Counter.ANNOUNCEMENTS_SENT);
        } catch (IOException e) {
            counters.count(Counter.ANNOUNCEMENT_FAILURES);
            log.debug("({}) {} could not be announced: {}", name, address.getHostAddress(), e.getMessage());
        } catch (RuntimeException | Error e) {
            counters.count(Counter.ANNOUNCEMENT_FAILURES);
            Failures.log(log, "an announcement failed; going on", e);
        }
    }

    /** An advert has left: an address must not live longer because of one that was not sent. */
    void advertised(long now) {
        advertisedAt = now;
        if (addresses.any() && now - renewedAt >= AddressLifetime.renewNanos(addresses.lifetimeSeconds())) {
            renewedAt = now;
            addresses.renewAll();
        }
    }

    /** Whether a lifetime that begins at this time ends soon enough after the last advert; if not, the next one goes on with the renewals. */
    private boolean renewable(long time) {
        return time - advertisedAt <= renewableNanos;
    }

    private boolean renewable() {
        return renewable(loop.network().ticker().nanoTime());
    }

    void tick(long now) {
        if (addresses.renewing()) {
            renewSome();
        }
        if (asking) {
            asking = false;
            listen();
            probe();
        }
        if (probing && now - claimedAt >= PROBE_DELAY_NANOS) {
            probing = false;
            probe();
            // Neighbours may have asked, and been answered by the master before us, after they had been told.
            announce(1, now);
        }
    }

    long nanosUntilDue(long now) {
        if (asking || addresses.renewing() && renewable(now)) {
            return 0;
        }
        return probing ? Math.max(0, claimedAt + PROBE_DELAY_NANOS - now) : Long.MAX_VALUE;
    }

    private void renewSome() {
        try {
            addresses.renewSome(renewable);
            renewalFailureLogged = false;
        } catch (IOException e) {
            counters.count(Counter.ADDRESS_FAILURES);
            if (!renewalFailureLogged) {
                renewalFailureLogged = true;
                log.warn("({}) the lifetime of an address could not be renewed: {}", name, e.getMessage());
            }
        }
    }

    /** What follows at once is to be heard. */
    private void listen() {
        for (LinkUse use : addresses.neighborUses()) {
            try {
                use.applyWatch();
            } catch (IOException e) {
                log.debug("({}) who else answers cannot be heard: {}", name, e.getMessage());
            }
        }
    }

    private void probe() {
        for (VirtualAddress address : addresses.wanted()) {
            try {
                addresses.neighbors(address).link().probe(address.address());
            } catch (IOException e) {
                log.debug("({}) {} could not be probed: {}", name, address, e.getMessage());
            }
        }
    }

    /**
     * Whether an answer from elsewhere is a conflict by now, and not the last word of the master before us.
     *
     * @param contested whether another one has claimed as well and is about to give way
     */
    boolean settled(boolean contested, long now) {
        return unexpected && !contested || now - claimedAt > CONFLICT_GRACE_NANOS;
    }

    /** Another host has claimed an address: the neighbours are told again whose it is, but not in a battle. */
    void defend(InetAddress claimed, long now) {
        Long last = defendedAt.get(claimed);
        if (last != null && now - last < DEFENCE_PAUSE_NANOS) {
            return;
        }
        defendedAt.put(claimed, now);
        for (VirtualAddress address : addresses.wanted()) {
            if (address.address().equals(claimed)) {
                loop.announcer().announce(member, addresses.neighbors(address), claimed, paceNanos, now);
            }
        }
    }

    boolean keeps(InetAddress address) {
        return addresses.wanted().stream().anyMatch(a -> a.address().equals(address));
    }

    /**
     * Puts back what somebody else has taken off a link.
     *
     * @return why to give up, if it happens again and again
     */
    Optional<String> restore(LinkUse use, long now) throws IOException {
        List<VirtualAddress> missing = addresses.missing(use);
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        losses.add(now);
        while (now - losses.element() > LOSSES_WINDOW_NANOS) {
            losses.remove();
        }
        if (losses.size() > LOSSES_MAX) {
            losses.clear();
            return Optional.of(
                    missing.get(0) + " has been taken off " + use.link().info().name()
                            + " by somebody else more than " + LOSSES_MAX
                            + " times within a minute; look for a network manager that owns the interface");
        }
        for (VirtualAddress address : missing) {
            addresses.restore(address);
            counters.count(Counter.ADDRESSES_RESTORED);
            log.warn(
                    "({}) {} was taken off {} by somebody else; put back",
                    name,
                    address,
                    use.link().info().name());
            loop.announcer().announce(member, addresses.neighbors(address), address.address(), paceNanos, now);
        }
        return Optional.empty();
    }
}
