package io.floatingip.internal.runtime;

import io.floatingip.Role;
import io.floatingip.internal.wire.AdvertCodec;
import io.floatingip.internal.wire.Rejection;
import io.floatingip.spi.DrivenNetwork;
import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkSpec;
import io.floatingip.spi.Network;
import io.floatingip.spi.NetworkListener;
import io.floatingip.spi.Packet;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where everything meets: {@link #turn} takes in what was posted and what has arrived, then, and only then, judges what is due. Has no thread of
 * its own and waits for nothing; see {@link LoopThread}.
 */
final class RouterLoop implements DrivenNetwork.Loop, NetworkListener {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");
    private static final Rejection[] REJECTIONS = Rejection.values();
    private static final int FAILURES_LOGGED_MAX = 100;
    private static final long PAUSE_NANOS_MIN = 50_000_000L;
    // Less is not late for anybody: a quarter of the shortest interval there is, 10 ms.
    private static final long LATE_NANOS_MIN = 2_500_000L;
    private static final long SUSPEND_NANOS_MIN = 100_000_000L;
    // A flood may keep the sockets full for ever; a master must go on advertising.
    private static final int DRAINS_MAX = 4;
    private static final long DRAIN_NANOS_MAX = 5_000_000L;
    // A source that fails for so long is broken, and not about to tell of a master that lives.
    private static final long DEAF_NANOS_MAX = 1_000_000_000L;
    private static final long DEAF_RETRY_NANOS = 1_000_000L;
    private static final long BROKEN_RETRY_NANOS = 100_000_000L;

    private static final int CLAIMS_PER_TURN = 32;
    private static final long KEEPING_NANOS_MAX = 5_000_000L;

    private final Network network;
    private final ConcurrentLinkedQueue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final List<RouterMember> members = new ArrayList<>();
    private final List<RouterGroup> groups = new ArrayList<>();
    private final Map<LinkSpec, LinkUse> links = new HashMap<>();
    private final Map<Link, LinkUse> usesOfLink = new HashMap<>();
    private List<LinkUse> uses = List.of();
    private final Announcer announcer = new Announcer();
    private final List<Later> later = new ArrayList<>();
    private final Counters unattributed = new Counters();
    private final LatenessMeter lateness;
    private long now;
    private boolean expected;
    private long expectedAt;
    private long suspendedNanos;
    private final List<RouterMember> claiming = new ArrayList<>();
    private int keeping;
    private boolean drainFailing;
    private long drainFailingSince;
    private boolean deaf;
    private int failures;

    RouterLoop(Network network) {
        this.network = network;
        now = network.ticker().nanoTime();
        suspendedNanos = network.ticker().suspendedNanos();
        lateness = new LatenessMeter(now);
    }

    Network network() {
        return network;
    }

    Announcer announcer() {
        return announcer;
    }

    /** The time of the present turn. */
    long now() {
        return now;
    }

    /** Has something done by the loop at the beginning of a turn. Any thread. */
    void post(Runnable task) {
        inbox.add(task);
        network.wakeup();
    }

    @Override
    public long turn() {
        now = network.ticker().nanoTime();
        noticePauses();
        takeInbox();
        drain();
        announcer.beginTurn();
        tick();
        claim();
        for (int i = 0; !deaf && i < groups.size(); i++) {
            settle(groups.get(i));
        }
        keep();
        long due = Math.min(announcer.work(now), runLater());
        if (claiming.size() < CLAIMS_PER_TURN) {
            applyWatches();
        }
        for (int i = 0; i < members.size(); i++) {
            due = Math.min(due, members.get(i).nanosUntilDue(now));
        }
        if (drainFailing) {
            due = deaf ? DEAF_RETRY_NANOS : Math.min(due, BROKEN_RETRY_NANOS);
        }
        expected = due != Long.MAX_VALUE;
        expectedAt = now + Math.max(0, expected ? due : 0);
        // What this turn has taken is over already.
        return inbox.isEmpty() ? Math.max(0, due == Long.MAX_VALUE ? due : due - agedNanos()) : 0;
    }

    /** All but those whose time to become master has come: some of them are noted for {@link #claim}. */
    private void tick() {
        claiming.clear();
        for (int i = 0; i < members.size(); i++) {
            RouterMember member = members.get(i);
            if (deaf && !member.speaking(now)) {
                continue;
            }
            if (!member.claiming(now)) {
                tick(member);
            } else if (claiming.size() < CLAIMS_PER_TURN) {
                claiming.add(member);
            }
        }
    }

    private void tick(RouterMember member) {
        try {
            member.tick(now);
        } catch (RuntimeException | Error e) {
            // Whatever is wrong with one router, the others go on advertising.
            failed(e);
        }
    }

    private void settle(RouterGroup group) {
        try {
            group.settle(now);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void failed(Throwable failure) {
        if (failures++ < FAILURES_LOGGED_MAX) {
            Failures.log(log, "a task of the loop failed; going on", failure);
        }
    }

    /**
     * Becoming master takes system calls: when a node with hundreds of routers has died, those that are master already go on advertising, and
     * what the others claim is claimed in slices.
     */
    private void claim() {
        if (claiming.size() > 1) {
            openTogether();
        }
        for (int i = 0; i < claiming.size(); i++) {
            RouterMember member = claiming.get(i);
            tick(member);
            if (claiming.size() > 1 && member.router().state().role() != Role.MASTER) {
                member.shutFence();
            }
        }
    }

    private void openTogether() {
        try {
            network.openTogether(claiming.stream()
                    .map(RouterMember::fenceToClaim)
                    .filter(Objects::nonNull)
                    .toList());
        } catch (RuntimeException | Error e) {
            // Each opens its own, then.
            failed(e);
        }
    }

    /** What masters do for their addresses, after the adverts; what does not fit in goes on where it stopped with the next turn. */
    private void keep() {
        long began = network.ticker().nanoTime();
        for (int i = members.size(); i > 0; i--) {
            keeping = keeping < members.size() ? keeping : 0;
            if (keep(members.get(keeping++)) && network.ticker().nanoTime() - began >= KEEPING_NANOS_MAX) {
                return;
            }
        }
    }

    private boolean keep(RouterMember member) {
        try {
            return member.keep(now);
        } catch (RuntimeException | Error e) {
            failed(e);
            return true;
        }
    }

    /** Once all claims are made: whom to watch for is less urgent, and costs the same for one address and for hundreds. */
    private void applyWatches() {
        for (int i = 0; i < uses.size(); i++) {
            LinkUse use = uses.get(i);
            try {
                use.applyWatch();
            } catch (IOException e) {
                log.debug(
                        "cannot watch {} for other holders: {}",
                        use.link().info().name(),
                        e.getMessage());
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        }
    }

    private void noticePauses() {
        long suspended = network.ticker().suspendedNanos();
        if (suspended - suspendedNanos >= SUSPEND_NANOS_MIN) {
            Duration length = Duration.ofNanos(suspended - suspendedNanos);
            log.warn("this machine was suspended for {} s; listening before anything else", length.toMillis() / 1e3);
            for (int i = 0; i < members.size(); i++) {
                boolean first = i == 0;
                tell(members.get(i), member -> member.suspended(length, first, now));
            }
        }
        suspendedNanos = suspended;
        if (!expected || now - expectedAt < 0) {
            return;
        }
        long late = now - expectedAt;
        lateness.add(late, now);
        if (late >= LATE_NANOS_MIN) {
            for (int i = 0; i < members.size(); i++) {
                members.get(i).late(late);
            }
        }
        if (late >= PAUSE_NANOS_MIN) {
            Duration length = Duration.ofNanos(late);
            for (int i = 0; i < members.size(); i++) {
                boolean first = i == 0;
                tell(members.get(i), member -> member.paused(length, first));
            }
        }
    }

    private void takeInbox() {
        // As many as are there now: what they post themselves waits for the next turn.
        for (int n = inbox.size(); n > 0; n--) {
            Runnable task = inbox.poll();
            if (task == null) {
                return;
            }
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        }
    }

    private void drain() {
        Throwable failure = null;
        boolean more = true;
        for (int i = 0; more && i < DRAINS_MAX && (i == 0 || agedNanos() < DRAIN_NANOS_MAX); i++) {
            try {
                more = network.drain(this);
                failure = null;
            } catch (IOException | RuntimeException | Error e) {
                failure = e;
            }
        }
        if (failure != null && !drainFailing) {
            drainFailingSince = now;
            Failures.log(log, "reading from the network failed; going on", failure);
        }
        drainFailing = failure != null;
        // Adverts may wait unread. Who is master goes on, but nobody becomes it on the strength of what was not heard.
        deaf = drainFailing && now - drainFailingSince < DEAF_NANOS_MAX;
    }

    /** How much time has passed since this turn began. */
    long agedNanos() {
        return network.ticker().nanoTime() - now;
    }

    @Override
    public void packet(Link link, Packet packet) {
        if (packet.receivedAt() - now > 0) {
            // This process was stopped since the turn began. It is at least as late as this packet, and whoever is to
            // judge it must know.
            now = packet.receivedAt();
        }
        LinkUse use = usesOfLink.get(link);
        int vrid = AdvertCodec.virtualRouterId(packet);
        if (vrid < 0) {
            unattributed.count(REJECTIONS[-1 - vrid]);
            if (use != null && REJECTIONS[-1 - vrid] == Rejection.CARP) {
                carp(use, packet);
            }
            return;
        }
        RouterMember router = use == null ? null : use.router(packet.family(), vrid);
        if (router == null) {
            unattributed.count(Rejection.UNKNOWN_VRID);
            return;
        }
        try {
            router.packet(packet, now);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void carp(LinkUse use, Packet packet) {
        RouterMember router = use.router(packet.family(), AdvertCodec.carpHostId(packet));
        if (router != null) {
            try {
                router.carp(packet);
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        }
    }

    @Override
    public void linkChanged(Link link) {
        forUsersOf(link, member -> member.linkChanged(link));
    }

    @Override
    public void addressesRemoved(Link link) {
        forUsersOf(link, member -> member.addressesRemoved(link, now));
    }

    @Override
    public void neighborClaims(Link link, InetAddress address, HardwareAddress claimant) {
        forUsersOf(link, member -> member.neighborClaims(address, claimant, now));
    }

    @Override
    public void fenceDisturbed(Link link) {
        forUsersOf(link, RouterMember::fenceDisturbed);
    }

    private void forUsersOf(Link link, Consumer<RouterMember> action) {
        LinkUse use = usesOfLink.get(link);
        if (use != null) {
            // A copy: a member may leave while it is told.
            List.copyOf(use.users()).forEach(member -> tell(member, action));
        }
    }

    private void tell(RouterMember member, Consumer<RouterMember> action) {
        try {
            action.accept(member);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    /** The link for a specification, opened by its first user. */
    LinkUse use(LinkSpec spec, RouterMember user) throws IOException {
        LinkUse use = links.get(spec);
        if (use == null) {
            use = new LinkUse(spec, network.open(spec));
            links.put(spec, use);
            usesOfLink.put(use.link(), use);
            uses = List.copyOf(links.values());
        }
        use.add(user);
        return use;
    }

    /** Closed by its last user. */
    void give(LinkUse use, RouterMember user) {
        if (use.remove(user)) {
            links.remove(use.spec());
            uses = List.copyOf(links.values());
            usesOfLink.remove(use.link());
            announcer.forget(use);
            use.link().close();
        }
    }

    /** The other floating IP in this process that has this address among its own. */
    Optional<String> keeper(InetAddress address, RouterMember asking) {
        return members.stream()
                .filter(m -> m != asking && m.keeps(address))
                .map(RouterMember::label)
                .findFirst();
    }

    void add(RouterMember member) {
        members.add(member);
    }

    void remove(RouterMember member) {
        members.remove(member);
    }

    void add(RouterGroup group) {
        if (!groups.contains(group)) {
            groups.add(group);
        }
    }

    void remove(RouterGroup group) {
        groups.remove(group);
    }

    boolean idle() {
        return members.isEmpty() && inbox.isEmpty();
    }

    /** Runs something at the beginning of the first turn after a time. */
    void after(long nanos, Runnable action) {
        later.add(new Later(network.ticker().nanoTime() + nanos, action));
    }

    private long runLater() {
        long due = Long.MAX_VALUE;
        for (int i = 0; i < later.size(); ) {
            Later task = later.get(i);
            if (now - task.at() >= 0) {
                later.remove(i);
                try {
                    task.action().run();
                } catch (RuntimeException | Error e) {
                    failed(e);
                }
                i = 0;
                due = Long.MAX_VALUE;
            } else {
                due = Math.min(due, task.at() - now);
                i++;
            }
        }
        return due;
    }

    private record Later(long at, Runnable action) {}

    /** How late its turns were. Any thread. */
    LatenessMeter lateness() {
        return lateness;
    }

    /** What could not be attributed to a virtual router here. */
    Counters unattributed() {
        return unattributed;
    }
}
