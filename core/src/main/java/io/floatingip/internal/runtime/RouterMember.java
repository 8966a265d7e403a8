package io.floatingip.internal.runtime;

import io.floatingip.FenceMode;
import io.floatingip.FenceStatus;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.IpFamily;
import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.TrackedInterface;
import io.floatingip.VirtualAddress;
import io.floatingip.internal.vrrp.Action;
import io.floatingip.internal.vrrp.Backup;
import io.floatingip.internal.vrrp.Departure;
import io.floatingip.internal.vrrp.Effects;
import io.floatingip.internal.vrrp.Event;
import io.floatingip.internal.vrrp.Initialize;
import io.floatingip.internal.vrrp.Leaving;
import io.floatingip.internal.vrrp.Master;
import io.floatingip.internal.vrrp.RouterParams;
import io.floatingip.internal.vrrp.VirtualRouter;
import io.floatingip.internal.wire.Advert;
import io.floatingip.internal.wire.Decoded;
import io.floatingip.internal.wire.Rejection;
import io.floatingip.spi.Fence;
import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.HeldAddress;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkInfo;
import io.floatingip.spi.Packet;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One virtual router of one family at work: what arrives becomes events for its {@link VirtualRouter}, and the actions that come back are done
 * here. Used by the loop thread only.
 */
final class RouterMember implements Effects, Announcer.Owner {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");
    private static final Duration RECONNECT = Duration.ofSeconds(5);
    private static final Duration RETRY_SENDING = Duration.ofSeconds(5);
    private static final long RETRY_NANOS = 1_000_000_000L;
    private static final int PLACED_IN_ADVANCE_MAX = 16;
    // Many claims with many addresses in one turn may take longer than short intervals; what they began is to end,
    // behind the fence.
    private static final long LATE_NANOS_MIN = 1_000_000_000L;

    private final DefaultFloatingIp owner;
    private final RouterLoop loop;
    private final IpFamily family;
    private final boolean others;
    private final MemberLinks links;
    private final Admission admission;
    private final LinkUse link;
    private final VirtualRouter router;
    private final Counters counters;
    private final Faults faults = new Faults();
    private final @Nullable InterfaceTracking tracking;
    private FloatingIpConfig config;
    private Peers peers;
    private AddressKeeper keeper;
    private @Nullable Connection connection;
    // Where a configured source is that the interface itself does not tell of.
    private @Nullable LinkUse sourceOn;
    private boolean seeking;
    private @Nullable String addressFailure;
    private boolean advertFenced;
    private boolean stale;
    // Something was not done that still has to be, at this time.
    private boolean amiss;
    // When an advert left for the last time that was no good-bye.
    private long sentAt;
    private long mendAt;
    private Action.@Nullable Notify untold;
    // Between opening the fence and the advert that is to make it let answers through.
    private boolean claiming;
    // Whether the addresses are there already, hidden by the fence.
    private boolean placed;
    private int failedSends;
    private long startAt;
    private boolean fenceMissing;
    private boolean guarded;
    private long fenceTriedAt;
    private boolean sendFailureLogged;
    private boolean started;
    private boolean closed;
    // When the master that is being replaced was heard last; whether there is such a one, which was not preempted.
    private long masterHeardAt;
    private boolean masterGone;

    /**
     * Opens links and checks them; nothing is sent or changed before {@link #start}.
     *
     * @param grouped whether it is master only together with others
     * @param leading whether it is the first of its floating IP, which speaks for all of them
     * @param others whether it carries excluded addresses of the other family to carry along, not advertised
     * @throws FloatingIpException with nothing left open
     */
    RouterMember(
            DefaultFloatingIp owner,
            RouterLoop loop,
            FloatingIpConfig config,
            IpFamily family,
            Counters counters,
            boolean grouped,
            boolean leading,
            boolean others) {
        this.owner = owner;
        this.loop = loop;
        this.config = config;
        this.family = family;
        this.counters = counters;
        this.others = others;
        peers = new Peers(config, family, owner::warnOfPeer);
        tracking = leading ? new InterfaceTracking(owner, this) : null;
        try {
            links = new MemberLinks(this, loop, config, family);
        } catch (IOException e) {
            throw new FloatingIpException(e.getMessage(), e);
        }
        link = links.main();
        admission = new Admission(this, loop, links, family);
        try {
            keeper = keeper(config);
            admission.checkNotTaken(config, addresses().wanted());
            admission.checkSource(config, findSource(link.link().info()));
            if (tracking != null) {
                tracking.track(tracking.open(config.trackedInterfaces()));
            }
            router = new VirtualRouter(
                    params(grouped, Connection.advertised(config, family).get(0)));
            link.attach(this, family, config.virtualRouterId());
        } catch (IOException e) {
            links.close();
            throw new FloatingIpException(e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            links.close();
            throw e;
        }
    }

    private AddressKeeper keeper(FloatingIpConfig wanted) throws IOException {
        HeldAddresses held = new HeldAddresses(
                links.places(wanted, others),
                links::neighborsOf,
                fenceStatus(wanted).lifetimeSeconds());
        return new AddressKeeper(
                wanted.name(),
                this,
                loop,
                held,
                counters,
                wanted.announcements().interval(),
                wanted.advertInterval());
    }

    MemberLinks links() {
        return links;
    }

    /** Begins to take part, or notes why not yet. */
    void start() {
        loop.add(this);
        owner.begin(this);
        if (tracking != null) {
            tracking.evaluate(loop.now());
        }
        follow(link.link().info());
    }

    /** Gives everything back. The machine has left before. */
    void close() {
        closed = true;
        loop.remove(this);
        loop.announcer().forget(this);
        removeWhatIsLeft();
        keeper.unwatch();
        if (connection != null) {
            connection.close();
            connection = null;
        }
        link.detach(this, family, config.virtualRouterId());
        links.close();
    }

    /** An address that could not be removed when it should have been gets another chance. */
    private void removeWhatIsLeft() {
        if (addresses().any()) {
            try {
                keeper.remove();
            } catch (IOException | RuntimeException | Error e) {
                log.warn("({}) an address stays behind: {}", config.name(), words(e));
            }
        }
    }

    // ------------------------------------------------------------------------------------------- link, source

    private RouterParams params(boolean grouped, InetAddress source) {
        long adverNanos = config.advertInterval().toNanos();
        return new RouterParams(
                config.version(),
                family,
                owner.effectivePriority(),
                adverNanos,
                config.downAfterAdverts(),
                config.preempt(),
                config.preemptDelay().toNanos(),
                source,
                RouterParams.leaseNanos(adverNanos, config.downAfterAdverts()),
                grouped,
                config.announcements().repeat(),
                config.announcements().secondAfter().toNanos(),
                config.announcements().refresh().toNanos());
    }

    /** What holds with this configuration, as far as it can be known now. */
    private FenceStatus fenceStatus(FloatingIpConfig wanted) {
        if (wanted.fence() == FenceMode.NONE || wanted.priority() == RouterParams.OWNER) {
            return FenceStatus.none(wanted.fence() == FenceMode.NONE ? "switched off" : "the owner keeps its address");
        }
        Fence.State filter = connection == null
                ? new Fence.State(wanted.fence() == FenceMode.AUTO, "")
                : connection.fence().state();
        return AddressLifetime.behind(filter, wanted.advertInterval().toNanos(), wanted.downAfterAdverts());
    }

    /** Follows the state of the link: its faults, the source address and what depends on it. */
    private void follow(LinkInfo info) {
        long now = loop.now();
        Optional<InetAddress> source = findSource(info);
        if (source.isPresent() && (connection == null || !connection.source().equals(source.get()))) {
            connect(source.get(), now);
        }
        if (!info.up()) {
            fault(
                    Reason.LINK_DOWN,
                    "interface " + info.name() + (info.index() == 0 ? " does not exist" : " is down or has no carrier"),
                    now);
        }
        if (source.isEmpty()) {
            InetAddress configured = config.sources().get(family);
            fault(
                    Reason.NO_SOURCE_ADDRESS,
                    configured != null
                            ? "source " + configured.getHostAddress() + " is not an address of this host"
                            : "interface " + info.name() + " has no usable "
                                    + (family == IpFamily.IPV4 ? "IPv4 address" : "IPv6 link-local address")
                                    + " to send adverts from",
                    now);
            if (configured != null && !seeking) {
                // No event need follow if it comes back elsewhere than on the interface.
                seeking = true;
                owner.after(RECONNECT, this::seekSource);
            }
        }
        if (info.up()) {
            clearFault(Reason.LINK_DOWN, now);
        }
        if (connection != null && source.isPresent()) {
            clearFault(Reason.NO_SOURCE_ADDRESS, now);
        }
        startIfIdle(now);
    }

    private void startIfIdle(long now) {
        if (faults.none() && !started) {
            started = true;
            String detail = "joined virtual router " + config.virtualRouterId() + " on " + config.networkInterface()
                    + ", priority " + router.params().priority();
            startAt = now + config.startupDelay().toNanos();
            handle(new Event.Startup(config.startupDelay().toNanos(), Reason.JOINED, detail), now);
        }
    }

    private void reconnect() {
        if (!closed && router.state().role() != Role.RELEASED && connection == null) {
            follow(link.link().info());
        }
    }

    private Optional<InetAddress> findSource(LinkInfo info) {
        List<? extends InetAddress> candidates = family == IpFamily.IPV4 ? info.ipv4() : info.ipv6LinkLocal();
        InetAddress configured = config.sources().get(family);
        if (configured != null) {
            return Optional.of(configured).filter(a -> candidates.contains(a) || elsewhere(a));
        }
        return candidates.stream()
                .filter(a -> !keeper.keeps(a) || config.priority() == RouterParams.OWNER)
                .findFirst()
                .map(InetAddress.class::cast);
    }

    /** Whether an address that is not told of with the interface is on this host; if so, its removal will be told of from now on. */
    private boolean elsewhere(InetAddress source) {
        try {
            Optional<HeldAddress> holder = loop.network().holder(source);
            sourceOn = holder.isEmpty() ? null : links.on(holder.get().interfaceName());
            return holder.isPresent();
        } catch (IOException e) {
            log.debug("({}) looking for {}: {}", config.name(), source.getHostAddress(), e.getMessage());
            return true;
        }
    }

    private void seekSource() {
        seeking = false;
        if (!closed && router.state().role() != Role.RELEASED) {
            follow(link.link().info());
        }
    }

    private void connect(InetAddress source, long now) {
        RouterParams params = params(router.params().grouped(), source);
        Connection before = connection;
        Fence fenceBefore = before == null ? null : before.fence().fence();
        try {
            connection = new Connection(
                    config,
                    family,
                    link,
                    links.sending(),
                    addresses().uses().stream().map(LinkUse::link).toList(),
                    source,
                    params,
                    addresses().wanted().stream().map(VirtualAddress::address).toList(),
                    loop.network().ticker(),
                    before);
        } catch (IOException e) {
            connection = null;
            fault(Reason.NO_SOURCE_ADDRESS, Objects.toString(e.getMessage()), now);
            // No event need follow on whatever makes this possible again.
            owner.after(RECONNECT, this::reconnect);
            return;
        } finally {
            if (before != null) {
                before.close();
            }
        }
        FenceStatus status = fenceStatus(config);
        addresses().lifetimeSeconds(status.lifetimeSeconds());
        guarded = status.packetFilter();
        if (!status.closesInTime() && config.fence() != FenceMode.NONE && config.priority() != RouterParams.OWNER) {
            owner.warn(
                    "fence",
                    "if this process is killed or frozen its address may be answered here while another node is"
                            + " master: " + status.reason());
        }
        if (router.state().role() != Role.MASTER) {
            rehearse();
        } else if (connection.fence().fence() != fenceBefore) {
            guardAsBefore();
        }
        perform(router.reconfigure(params, now), now);
        // As master it is known by the address that it sends from.
        owner.refresh();
    }

    /** In place of another fence, and no longer than that one would have held: no advert has left since. */
    private void guardAsBefore() {
        long closesAt = router.state() instanceof Leaving leaving
                ? leaving.closesAt()
                : ((Master) router.state()).advertisedAt() + router.params().leaseNanos();
        long now = loop.network().ticker().nanoTime();
        boolean open = router.state() instanceof Leaving || speaking(now);
        guard(fence -> fence.openFor(open ? closesAt - now : 0));
    }

    /** Asks the kernel for what a claim will need, to no effect: the first time takes Java milliseconds that a claim does not have. */
    private void rehearse() {
        guard(FenceUse::open);
        shutFence();
        try {
            keeper.rehearse();
        } catch (IOException | RuntimeException | Error e) {
            log.debug("({}) rehearsing: {}", config.name(), words(e));
        }
    }

    /**
     * Changes to another configuration of the same router. As master: new addresses are added before the advert that lists them, those that are
     * gone are removed after it.
     *
     * @throws FloatingIpException if it cannot be; then nothing has changed
     */
    void change(FloatingIpConfig changed, long now) {
        // Who leaves, or was silent for too long, is not to say or take anything.
        boolean master = router.state() instanceof Master state
                && now - state.advertisedAt() < router.params().silentNanos();
        AddressKeeper before = keeper;
        AddressKeeper after;
        List<VirtualAddress> added;
        Map<TrackedInterface, LinkUse> tracked;
        try {
            tracked = tracking == null ? Map.of() : tracking.open(changed.trackedInterfaces());
            after = keeper(changed);
            if (!Objects.equals(changed.sources().get(family), config.sources().get(family))) {
                admission.checkSource(changed);
            }
            added = after.addresses().wanted().stream()
                    .filter(a -> !before.addresses().wanted().contains(a))
                    .toList();
            admission.checkAdded(changed, added, after.addresses(), before.addresses());
            after.addresses().takeOver(before.addresses());
            if (master) {
                try {
                    refuse(changed, after.addresses(), before.addresses());
                    if (!ownedByHost(changed, after.addresses())) {
                        after.add();
                    }
                } catch (IOException | RuntimeException | Error e) {
                    undo(after, before);
                    throw e;
                }
            }
        } catch (IOException e) {
            giveUnused();
            throw new FloatingIpException(e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            giveUnused();
            throw e;
        }
        after.follow(before);
        keeper = after;
        config = changed;
        if (tracking != null) {
            tracking.track(tracked);
            tracking.evaluate(now);
        }
        peers = new Peers(changed, family, owner::warnOfPeer);
        if (connection != null) {
            connect(findSource(link.link().info()).orElse(connection.source()), now);
        }
        follow(link.link().info());
        if (master && router.state() instanceof Master) {
            perform(List.of(new Action.SendAdvert(router.params().priority())), now);
            loop.announcer().forget(this);
            // Not if that came too late to leave: whoever goes on after a silence announces then.
            if (speaking(now)) {
                after.announce(added.isEmpty() ? 1 : router.params().burst(), now);
            }
        }
        try {
            before.addresses().remove();
            if (router.state().role() == Role.MASTER) {
                refuse(changed, after.addresses());
            }
        } catch (IOException | RuntimeException | Error e) {
            mendLater();
            after.addresses().inherit(before.addresses());
            removeFailed(e);
        }
        before.unwatchBut(after.addresses().neighborUses());
        giveUnused();
    }

    /** What an earlier configuration left behind; as backup, everything goes. */
    private void removeInherited() {
        if (closed || !addresses().anyInherited()) {
            return;
        }
        try {
            addresses().removeInherited();
            if (router.state().role() == Role.MASTER) {
                refuse(config, addresses());
            }
            giveUnused();
        } catch (IOException | RuntimeException | Error e) {
            mendLater();
            removeFailed(e);
        }
    }

    private void removeFailed(Throwable e) {
        counters.count(Counter.ADDRESS_FAILURES);
        warn("remove-failed", "an address could not be removed", e);
    }

    private void undo(AddressKeeper after, AddressKeeper before) {
        after.addresses().handBack(before.addresses());
        try {
            after.remove();
        } catch (IOException | RuntimeException | Error e) {
            mendLater();
            before.addresses().inherit(after.addresses());
            removeFailed(e);
        }
        before.watch();
        try {
            refuse(config, before.addresses());
        } catch (IOException e) {
            counters.count(Counter.ADDRESS_FAILURES);
            log.warn("({}) what is refused to neighbours: {}", config.name(), e.getMessage());
        }
    }

    /** Gives back the links that only another configuration needed. */
    private void giveUnused() {
        Set<LinkUse> used = new HashSet<>(addresses().uses());
        used.addAll(addresses().heldOn());
        used.addAll(addresses().neighborUses());
        if (tracking != null) {
            used.addAll(tracking.uses());
        }
        if (sourceOn != null) {
            used.add(sourceOn);
        }
        links.giveAllBut(used);
    }

    /** The effective priority has changed. */
    void reprioritize(long now) {
        if (connection != null) {
            AdvertSender sender = connection.sender();
            sender.advert(sender.advert().withPriority(owner.effectivePriority()));
        }
        perform(
                router.reconfigure(
                        params(router.params().grouped(), router.params().source()), now),
                now);
    }

    // ------------------------------------------------------------------------------------------- what arrives

    void packet(Packet packet, long now) {
        Connection from = connection;
        if (from == null) {
            return;
        }
        Decoded.Accepted repeated = from.repeated(packet);
        if (repeated != null) {
            counters.count(Counter.ADVERTS_RECEIVED);
            long heardAt = heardAt(packet, repeated.advert(), now);
            if (!router.heardAgain(repeated.advert(), repeated.sender(), heardAt)) {
                handle(new Event.AdvertReceived(repeated.advert(), repeated.sender(), heardAt), now);
            }
            return;
        }
        Decoded decoded = from.decode(packet);
        if (decoded instanceof Decoded.Accepted accepted) {
            accepted(accepted, packet, now);
        } else if (decoded instanceof Decoded.Rejected rejected) {
            rejected(rejected, packet);
        }
    }

    /** Another protocol with this router's number is on the network. */
    void carp(Packet packet) {
        counters.count(Rejection.CARP);
        peers.carp(packet);
    }

    private void rejected(Decoded.Rejected rejected, Packet packet) {
        counters.count(rejected.rejection());
        if (log.isDebugEnabled()) {
            log.debug(
                    "({}) refused {} from {}: {}",
                    config.name(),
                    rejected.rejection(),
                    packet.source().getHostAddress(),
                    rejected.detail());
        }
        peers.rejected(rejected.rejection(), rejected.detail(), packet);
    }

    private void accepted(Decoded.Accepted accepted, Packet packet, long now) {
        Advert advert = accepted.advert();
        counters.count(Counter.ADVERTS_RECEIVED);
        if (advert.priority() == 0) {
            counters.count(Counter.PRIORITY_ZERO_RECEIVED);
        }
        peers.heard(accepted, router.params());
        handle(new Event.AdvertReceived(advert, accepted.sender(), heardAt(packet, advert, now)), now);
        owner.refreshMaster(this);
    }

    /**
     * When a packet counts as heard: when it arrived, but never more than one interval ago. After a long pause the queue holds the oldest packets
     * only, and what the master has sent since is lost: it deserves one more interval before it counts as down. It may be later than {@code now}:
     * when the process was stopped in the midst of this turn.
     */
    private static long heardAt(Packet packet, Advert advert, long now) {
        return now - Math.min(now - packet.receivedAt(), advert.adverNanos());
    }

    void tick(long now) {
        if (claiming(now)) {
            noteMaster();
        }
        List<Action> actions = router.tick(now);
        if (!actions.isEmpty()) {
            perform(actions, now);
        }
    }

    /** Before it claims, or waits for its group to: from then on its state does not say any more when the master was heard. */
    private void noteMaster() {
        masterGone = router.state() instanceof Backup backup && backup.master() != null;
        if (masterGone) {
            masterHeardAt = ((Backup) router.state()).heardAt();
        }
    }

    /** How long ago the master was heard that this one has just replaced; negative if there was none, or it was preempted. Says so once. */
    long takeMasterlessNanos(long now) {
        boolean gone = masterGone;
        masterGone = false;
        return gone ? now - masterHeardAt : -1;
    }

    /** Whether it is master for certain, with no silence behind it in which others may have taken over. */
    boolean speaking(long now) {
        return router.state() instanceof Master master
                && now - master.advertisedAt() < router.params().silentNanos();
    }

    /** Whether its time to become master has come. */
    boolean claiming(long now) {
        return router.outline() instanceof Backup && router.nanosUntilDue(now) <= 0;
    }

    /** The fence it opens when it claims by itself; null if it has none, or claims with a group. */
    @Nullable
    Fence fenceToClaim() {
        return connection == null || router.params().grouped()
                ? null
                : connection.fence().fence();
    }

    /** Does for its addresses what is due; returns whether anything was. */
    boolean keep(long now) {
        if (amiss && now - mendAt >= 0) {
            mend();
        }
        boolean due = keeper.nanosUntilDue(now) <= 0;
        if (due && !late()) {
            keeper.tick(now);
        }
        return due;
    }

    long nanosUntilDue(long now) {
        long due = Math.min(router.nanosUntilDue(now), keeper.nanosUntilDue(now));
        return amiss ? Math.min(due, Math.max(0, mendAt - now)) : due;
    }

    void linkChanged(Link changed) {
        if (tracking != null && tracking.concerns(changed)) {
            tracking.evaluate(loop.now());
        }
        if (links.isBase(changed)) {
            follow(link.link().info());
        }
    }

    void addressesRemoved(Link changed, long now) {
        if (sourceOn != null && sourceOn.link() == changed) {
            follow(link.link().info());
        }
        if (!(router.state() instanceof Master master)
                || now - master.advertisedAt() >= router.params().silentNanos()) {
            // Whoever comes back from a pause decides first whether it still is master.
            return;
        }
        for (LinkUse use : addresses().uses()) {
            if (use.link() != changed) {
                continue;
            }
            try {
                Optional<String> givenUp = keeper.restore(use, now);
                if (givenUp.isPresent()) {
                    fault(Reason.ADDRESS_LOST, givenUp.get(), now);
                    owner.after(AddressKeeper.RETRY_AFTER_LOSSES, () -> clearFault(Reason.ADDRESS_LOST, loop.now()));
                }
            } catch (IOException | RuntimeException | Error e) {
                handle(new Event.AddressFailed(failed(e)), now);
            }
        }
    }

    void neighborClaims(InetAddress address, HardwareAddress claimant, long now) {
        if (!keeper.keeps(address)) {
            return;
        }
        if (router.state() instanceof Leaving) {
            handle(new Event.SuccessorAnnounced(), now);
        } else if (router.state() instanceof Master master
                && now - master.advertisedAt() < router.params().silentNanos()
                && keeper.settled(master.contested(), now)) {
            keeper.defend(address, now);
            counters.count(Counter.ADDRESS_CONFLICTS);
            owner.warnOfPeer(
                    "conflict " + address.getHostAddress() + " " + claimant,
                    "another host, " + claimant + ", answers for " + address.getHostAddress()
                            + " while this node is master");
        }
    }

    void fenceDisturbed() {
        counters.count(Counter.FENCE_DISTURBANCES);
        if (filtered()) {
            owner.warn(
                    "fence-disturbed", "somebody removed the fence's rules from the packet filter; they were put back");
        } else if (connection != null && (guarded || fenceMissing)) {
            // It is opened anew with the next advert.
            fenceMissing = true;
            fenceTriedAt = loop.now();
            counters.count(Counter.FENCE_FAILURES);
            owner.warn(
                    "fence-lost",
                    "somebody removed the fence's rules from the packet filter, and they could not be put back: "
                            + connection.fence().state().reason());
        }
        followFence();
    }

    void suspended(Duration length, boolean speaking, long now) {
        owner.paused(this, length, true, speaking);
        handle(new Event.Suspended(), now);
    }

    void late(long nanos) {
        owner.late(this, nanos);
    }

    void paused(Duration length, boolean speaking) {
        owner.paused(this, length, false, speaking);
    }

    // ------------------------------------------------------------------------------------------- events and actions

    VirtualRouter router() {
        return router;
    }

    void handle(Event event, long now) {
        perform(router.handle(event, now), now);
    }

    /** Performs a step; a failed address ends it and goes back to the machine, which decides what to undo. */
    private void perform(List<Action> actions, long now) {
        for (int i = 0; i < actions.size(); i++) {
            perform(actions.get(i));
            String failure = addressFailure;
            if (failure != null) {
                List<Action> undoing = router.handle(new Event.AddressFailed(failure), now);
                addressFailure = null;
                perform(undoing, now);
                return;
            }
            if (advertFenced || stale) {
                takeBackPlaced();
                boolean opening = actions.get(0) instanceof Action.OpenFence;
                boolean reopened = advertFenced && opening && !tooLate();
                List<Action> instead = router.handle(
                        new Event.AdvertFenced(
                                reopened,
                                opening,
                                sentAt,
                                loop.network().ticker().nanoTime()),
                        now);
                advertFenced = false;
                stale = false;
                perform(instead, now);
                checkSending(now);
                return;
            }
        }
    }

    /** What was put behind the fence for an advert that did not leave. */
    private void takeBackPlaced() {
        if (placed) {
            placed = false;
            // Something behind the fence may have dropped the advert that opened it.
            closeAfter(0);
            removeAddresses();
        }
    }

    /** Whatever it throws, such as for lack of memory, the rest of the step is done: the state is already the next one. */
    private void perform(Action action) {
        try {
            action.performOn(this);
        } catch (RuntimeException | Error e) {
            mendLater();
            if (action instanceof Action.Notify notify) {
                untold = notify;
            }
            Failures.log(log, "an action failed; going on", e);
        }
    }

    private void mendLater() {
        amiss = true;
        mendAt = loop.now() + RETRY_NANOS;
    }

    /** Does what failed once more: taking addresses off, and telling. The rest comes with the next advert, or ends by its own time. */
    private void mend() {
        amiss = false;
        if (router.state().role() != Role.MASTER) {
            removeAddresses();
            shutFence();
            giveUnused();
        } else {
            removeInherited();
        }
        Action.Notify words = untold;
        if (words != null) {
            perform(words);
        }
    }

    @Override
    public void sendAdvert(int priority) {
        if (connection == null) {
            return;
        }
        if (priority == 0 && claiming) {
            // Nobody has heard of a claim that failed before its advert; backups would take this for the master's
            // good-bye.
            claiming = false;
            return;
        }
        long ageAllowed =
                claiming ? router.params().staleNanos() : router.params().silentNanos();
        claiming = false;
        if (priority != 0 && loop.agedNanos() > ageAllowed) {
            // Stopped between deciding and sending: what was right then need not be right any more.
            stale = true;
            return;
        }
        if (priority != 0 && (fenceMissing || guarded && !filtered()) && loop.now() != fenceTriedAt) {
            // What refused to open once may do so with the next advert; until then nothing guards.
            guard(FenceUse::open);
        }
        long leavesAt = loop.network().ticker().nanoTime();
        Throwable failure = send(connection, priority);
        if (failure != null) {
            counters.count(Counter.ADVERT_SEND_FAILURES);
            advertFenced = priority != 0;
            failedSends++;
            logSendFailure(failure);
            return;
        }
        IOException partial = connection.sender().failure();
        if (partial != null) {
            // The other peers have heard it; this one may become master beside us.
            counters.count(Counter.ADVERT_SEND_FAILURES);
            logSendFailure(partial);
        } else {
            sendFailureLogged = false;
        }
        failedSends = 0;
        counters.count(Counter.ADVERTS_SENT);
        if (priority == 0) {
            counters.count(Counter.PRIORITY_ZERO_SENT);
        } else {
            sentAt = loop.now();
            long since = loop.network().ticker().nanoTime() - leavesAt;
            connection.fence().advertised(since <= router.params().adverNanos() / 8);
            keeper.advertised(sentAt);
        }
    }

    private void logSendFailure(Throwable failure) {
        InetAddress to = connection == null ? null : connection.sender().failedTo();
        if (!sendFailureLogged) {
            sendFailureLogged = true;
            log.warn(
                    "({}) an advert could not be sent{}: {}",
                    config.name(),
                    to == null ? "" : " to " + to.getHostAddress(),
                    words(failure));
        }
    }

    private static @Nullable Throwable send(Connection connection, int priority) {
        try {
            return connection.sender().send(priority);
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    private static String words(Throwable failure) {
        return failure instanceof IOException ? Objects.toString(failure.getMessage()) : failure.toString();
    }

    /** Nobody is master who cannot say so: the others have taken over by now. */
    private void checkSending(long now) {
        if (failedSends > config.downAfterAdverts() && unheard(now)) {
            failedSends = 0;
            fault(Reason.CANNOT_ADVERTISE, "adverts cannot be sent; the log has the error of the first", now);
            owner.after(RETRY_SENDING, () -> clearFault(Reason.CANNOT_ADVERTISE, loop.now()));
        }
    }

    private boolean unheard(long now) {
        return !(router.state() instanceof Master master)
                || master.fresh()
                || now - master.advertisedAt() >= router.params().leaseNanos();
    }

    /** Whether so much time has passed that what was decided in this turn need not be right any more. */
    private boolean tooLate() {
        return loop.agedNanos() > router.params().staleNanos();
    }

    /** Whether this process was stopped since the turn began, for so long that others may have taken over and no fence guards any more. */
    boolean late() {
        return loop.agedNanos() > Math.max(router.params().silentNanos(), LATE_NANOS_MIN);
    }

    @Override
    public void openFence() {
        placed = false;
        claiming = false;
        if (tooLate()) {
            // Stopped between deciding and acting: somebody else may have claimed meanwhile, and both would answer.
            stale = true;
            return;
        }
        claiming = true;
        guard(FenceUse::open);
    }

    /** What is done with a fence to make it guard. */
    private interface Guarding {
        void by(FenceUse fence) throws IOException;
    }

    private void guard(Guarding guarding) {
        try {
            if (connection != null) {
                guarding.by(connection.fence());
            }
            // What the kernel cannot do any more shows in its state alone.
            fenceMissing &= !filtered();
        } catch (IOException | RuntimeException | Error e) {
            fenceMissing = true;
            fenceTriedAt = loop.now();
            fenceFailed(e);
        }
        followFence();
    }

    private boolean filtered() {
        return connection != null && connection.fence().state().packetFilter();
    }

    /** The kernel keeps an address for as long as what guards it now allows, from the next renewal on. */
    private void followFence() {
        if (filtered() != guarded) {
            guarded = !guarded;
            addresses().lifetimeSeconds(fenceStatus(config).lifetimeSeconds());
            owner.refresh();
        }
    }

    @Override
    public void closeFenceAfter(long nanos) {
        // Counted from the decision: whoever was stopped on the way here must not prolong what is about to close.
        closeAfter(nanos - loop.agedNanos());
    }

    private void closeAfter(long nanos) {
        try {
            if (connection != null) {
                connection.fence().closeAfter(Math.max(0, nanos));
            }
        } catch (IOException | RuntimeException | Error e) {
            fenceFailed(e);
        }
    }

    @Override
    public void shutFence() {
        fenceMissing = false;
        if (addresses().any()) {
            // They could not be taken off: nobody is to hear of them until they are.
            closeAfter(0);
            return;
        }
        try {
            if (connection != null) {
                connection.fence().shut();
            }
        } catch (IOException | RuntimeException | Error e) {
            fenceFailed(e);
        }
    }

    private void fenceFailed(Throwable e) {
        counters.count(Counter.FENCE_FAILURES);
        warn("fence-failed", "the fence does not hold", e);
    }

    private void warn(String key, String sentence, Throwable failure) {
        try {
            owner.warn(key, sentence + ": " + words(failure));
        } catch (RuntimeException | Error e) {
            // Whoever warns has something to do yet.
            Failures.log(log, sentence, failure);
        }
    }

    @Override
    public void placeBehindFence() {
        // The advert has to leave while the decision holds.
        if (filtered() && addresses().wanted().size() <= PLACED_IN_ADVANCE_MAX) {
            addAddresses();
            placed = !stale && addressFailure == null;
        }
    }

    @Override
    public void addAddresses() {
        if (placed) {
            placed = false;
            return;
        }
        if (late()) {
            stale = true;
            return;
        }
        try {
            refuse(config, addresses());
            if (!ownedByHost(config, addresses()) && (!keeper.add() || late())) {
                stale = true;
                removeAddresses();
            }
        } catch (IOException | RuntimeException | Error e) {
            addressFailure = failed(e);
        }
    }

    private String failed(Throwable e) {
        counters.count(Counter.ADDRESS_FAILURES);
        try {
            return words(e);
        } catch (RuntimeException | Error more) {
            return "the address could not be added";
        }
    }

    /** Lets traffic to these addresses in, or not, as the configuration says. */
    private void refuse(FloatingIpConfig wanted, HeldAddresses... addresses) throws IOException {
        boolean accept = wanted.accept() || wanted.priority() == RouterParams.OWNER;
        for (LinkUse use : links.opened()) {
            Set<InetAddress> refused = new HashSet<>();
            for (HeldAddresses each : addresses) {
                refused.addAll(accept ? Set.of() : each.announcedOn(use));
            }
            use.refuse(this, refused);
        }
    }

    /** An owner's addresses are its own: they are there already, and stay. */
    private boolean ownedByHost(FloatingIpConfig wanted, HeldAddresses addresses) throws IOException {
        if (wanted.priority() != RouterParams.OWNER) {
            return false;
        }
        for (VirtualAddress address : addresses.wanted()) {
            Optional<HeldAddress> holder = loop.network().holder(address.address());
            if (holder.isEmpty() || holder.get().ours()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void removeAddresses() {
        try {
            keeper.remove();
            for (LinkUse use : addresses().neighborUses()) {
                use.refuse(this, Set.of());
            }
        } catch (IOException | RuntimeException | Error e) {
            mendLater();
            removeFailed(e);
        }
    }

    @Override
    public void announce(int times) {
        if (late()) {
            stale = true;
            return;
        }
        keeper.announce(times, loop.now());
    }

    @Override
    public void stopAnnouncing() {
        keeper.stopAnnouncing();
    }

    @Override
    public void announceNow(LinkUse use, InetAddress address) {
        // What is held back here is announced anew if this node turns out to be master still.
        if (router.outline() instanceof Master && !late()) {
            keeper.announceNow(use, address);
        }
    }

    @Override
    public void notify(Role role, Reason reason, String detail) {
        if (role == Role.MASTER) {
            keeper.claimed(reason == Reason.MASTER_SILENT, loop.now());
        }
        masterGone &= role == Role.MASTER && (reason == Reason.MASTER_SILENT || reason == Reason.MASTER_LEFT);
        owner.memberChanged(role, reason, detail);
        untold = null;
    }

    // ------------------------------------------------------------------------------------------- faults and views

    /** Takes no part while the reason lasts; the address goes at once. */
    void fault(Reason reason, String detail, long now) {
        fault(reason, detail, false, now);
    }

    void fault(Reason reason, String detail, boolean makeBeforeBreak, long now) {
        boolean first = faults.none();
        boolean changed = faults.set(reason, detail, makeBeforeBreak);
        if (first || !(router.state() instanceof Initialize)) {
            handle(new Event.Leave(new Departure(Role.FAULT, makeBeforeBreak, false, reason, detail)), now);
        }
        if (changed) {
            owner.refresh();
        }
    }

    void clearFault(Reason reason, long now) {
        if (!faults.clear(reason)) {
            return;
        }
        if (faults.none() && started) {
            // A startup delay is not cut short by a fault within it.
            handle(new Event.Startup(Math.max(0, startAt - now), Reason.RECOVERED, "taking part again"), now);
        } else if (connection != null) {
            startIfIdle(now);
        }
        owner.refresh();
    }

    /** Whether there is a fault that is this member's and not its group's. */
    boolean ownFault() {
        return faults.anyBut(Reason.GROUP);
    }

    /** Whether its own faults let the address stay until a successor has it. */
    boolean makeBeforeBreak() {
        return faults.makeBeforeBreakBut(Reason.GROUP);
    }

    List<String> faultTexts() {
        return faults.texts();
    }

    FenceStatus fenceStatus() {
        return fenceStatus(config);
    }

    /** Who is master as far as this node knows; null if nobody was heard. */
    @Nullable
    InetAddress masterAddress() {
        if (router.state().role() == Role.MASTER) {
            return connection == null ? null : connection.source();
        }
        return router.state() instanceof Backup backup ? backup.master() : null;
    }

    int masterPriority() {
        return router.state() instanceof Backup backup
                ? backup.masterPriority()
                : router.params().priority();
    }

    boolean keeps(InetAddress address) {
        return keeper.keeps(address);
    }

    String label() {
        return config.name();
    }

    private HeldAddresses addresses() {
        return keeper.addresses();
    }
}
