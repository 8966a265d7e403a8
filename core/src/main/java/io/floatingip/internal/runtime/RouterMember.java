package io.floatingip.internal.runtime;

import io.floatingip.Authentication;
import io.floatingip.FenceMode;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.IpFamily;
import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.UnicastPeer;
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
import io.floatingip.internal.wire.AdvertCodec;
import io.floatingip.internal.wire.Decoded;
import io.floatingip.internal.wire.WireProfile;
import io.floatingip.spi.Channel;
import io.floatingip.spi.Fence;
import io.floatingip.spi.FenceSpec;
import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.HeldAddress;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkInfo;
import io.floatingip.spi.LinkSpec;
import io.floatingip.spi.Packet;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One virtual router of one family at work: what arrives becomes events for its {@link VirtualRouter}, and the actions that come back are done
 * here. Used by the loop thread only.
 */
final class RouterMember implements Effects {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");
    private static final long SECOND = 1_000_000_000L;
    private static final long PROBE_DELAY_NANOS = SECOND;
    private static final long CONFLICT_GRACE_NANOS = SECOND / 2;
    private static final int LOSSES_MAX = 5;
    private static final long LOSSES_WINDOW_NANOS = 60 * SECOND;
    private static final long RETRY_AFTER_LOSSES_NANOS = 30 * SECOND;

    private final DefaultFloatingIp owner;
    private final RouterLoop loop;
    private final FloatingIpConfig config;
    private final IpFamily family;
    private final List<InetAddress> advertised;
    private final Counters counters;
    private final Faults faults = new Faults();
    private final Peers peers;
    private final Deque<Long> losses = new ArrayDeque<>();

    private LinkUse link;
    private HeldAddresses addresses;
    private VirtualRouter router;
    private @Nullable InetAddress source;
    private @Nullable Channel channel;
    private @Nullable AdvertCodec codec;
    private @Nullable AdvertSender sender;
    private @Nullable Fence fence;
    private Decoded.@Nullable Accepted lastAccepted;
    private boolean actionFailed;
    private @Nullable String addressFailure;
    private boolean sendFailureLogged;
    private boolean renewalFailureLogged;
    private long renewedAt;
    private long claimedAt;
    private boolean probing;
    private boolean opened;
    private boolean started;

    RouterMember(
            DefaultFloatingIp owner, RouterLoop loop, FloatingIpConfig config, IpFamily family, Counters counters) {
        this.owner = owner;
        this.loop = loop;
        this.config = config;
        this.family = family;
        this.counters = counters;
        peers = new Peers(config, family, owner::warn);
        advertised = config.addresses().stream()
                .filter(a -> a.family() == family)
                .map(VirtualAddress::address)
                .toList();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // joining and leaving

    /**
     * Opens links, checks them, and starts to take part or notes why not yet.
     *
     * @throws FloatingIpException with nothing left open
     */
    void open(boolean grouped, boolean carriesExcluded) {
        try {
            link = loop.use(new LinkSpec.Interface(config.networkInterface()), this);
            opened = true;
            Map<VirtualAddress, LinkUse> places = new LinkedHashMap<>();
            for (VirtualAddress address : config.addresses()) {
                if (address.family() == family) {
                    places.put(address, placeOf(address));
                }
            }
            for (VirtualAddress address : config.excludedAddresses()) {
                if (address.family() == family || carriesExcluded) {
                    places.put(address, placeOf(address));
                }
            }
            addresses = new HeldAddresses(places, lifetimeSeconds());
            checkNotTaken();
            checkLink();
            router = new VirtualRouter(params(grouped));
            loop.add(this);
            reconnect();
        } catch (IOException e) {
            close();
            throw new FloatingIpException(e.getMessage(), e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private LinkUse placeOf(VirtualAddress address) throws IOException {
        return address.device().isPresent() && !address.device().get().equals(config.networkInterface())
                ? loop.use(new LinkSpec.Interface(address.device().get()), this)
                : link;
    }

    private void checkNotTaken() throws IOException {
        if (link.router(family, config.virtualRouterId()) != null) {
            throw new FloatingIpException(
                    "virtual router " + config.virtualRouterId() + " has been joined on " + config.networkInterface()
                            + " for " + family + " in this process already; close that one first, or use another id");
        }
        for (VirtualAddress address : addresses.wanted()) {
            Optional<HeldAddress> holder = loop.network().holder(address.address());
            if (holder.isPresent() && !holder.get().ours() && config.priority() != RouterParams.OWNER) {
                throw new FloatingIpException("address " + address.address().getHostAddress() + " is on "
                        + holder.get().interfaceName() + "/" + holder.get().prefixLength()
                        + " of this host already and was not put there by this library; remove it (ip addr del "
                        + address.address().getHostAddress() + "/"
                        + holder.get().prefixLength() + " dev "
                        + holder.get().interfaceName() + "), choose another, or use priority 255 if this host owns it");
            }
            if (holder.isPresent() && holder.get().ours()) {
                log.info(
                        "({}) removing {}, left on {} by an earlier run",
                        label(),
                        address,
                        holder.get().interfaceName());
                addresses
                        .place(address)
                        .link()
                        .removeAddress(VirtualAddress.of(
                                address.address(), holder.get().prefixLength()));
            }
        }
    }

    private void checkLink() {
        LinkInfo info = link.link().info();
        if (family == IpFamily.IPV4
                && info.up()
                && info.primaryIpv4().isEmpty()
                && !config.sources().containsKey(family)) {
            throw new FloatingIpException("interface " + info.name()
                    + " has no IPv4 address to send adverts from; give it one (ip addr add 10.0.0.1/24 dev "
                    + info.name()
                    + "), or configure source(...)");
        }
    }

    /** Gives everything back. The machine has left before. */
    void close() {
        if (!opened) {
            return;
        }
        opened = false;
        loop.remove(this);
        loop.announcer().forget(this);
        disconnect();
        Set<LinkUse> uses = new LinkedHashSet<>();
        uses.add(link);
        if (addresses != null) {
            uses.addAll(addresses.uses());
        }
        for (LinkUse use : uses) {
            watch(use, Set.of());
            loop.give(use, this);
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // parameters and sockets

    private RouterParams params(boolean grouped) {
        long adverNanos = config.advertInterval().toNanos();
        return new RouterParams(
                config.version(),
                family,
                owner.effectivePriority(),
                adverNanos,
                config.downAfterAdverts(),
                config.preempt(),
                config.preemptDelay().toNanos(),
                source != null ? source : advertised.get(0),
                RouterParams.leaseNanos(adverNanos, config.downAfterAdverts()),
                grouped,
                config.announcements().repeat(),
                config.announcements().secondAfter().toNanos(),
                config.announcements().refresh().toNanos());
    }

    private int lifetimeSeconds() {
        if (config.fence() == FenceMode.NONE || config.priority() == RouterParams.OWNER) {
            return 0;
        }
        return AddressLifetime.seconds(config.advertInterval().toNanos(), config.downAfterAdverts(), config.fence());
    }

    /** Follows the state of the link: faults, the source address, and with it codec, sockets and fence. */
    private void reconnect() {
        LinkInfo info = link.link().info();
        long now = loop.now();
        InetAddress found = findSource(info).orElse(null);
        if (found != null && (!found.equals(source) || sender == null)) {
            connect(found, now);
        }
        if (!info.up()) {
            fault(
                    Reason.LINK_DOWN,
                    "interface " + info.name() + (info.index() == 0 ? " does not exist" : " is down or has no carrier"),
                    now);
        }
        if (found == null) {
            fault(
                    Reason.NO_SOURCE_ADDRESS,
                    "interface " + info.name() + " has no usable "
                            + (family == IpFamily.IPV4 ? "IPv4 address" : "IPv6 link-local address")
                            + " to send adverts from",
                    now);
        }
        if (info.up()) {
            clearFault(Reason.LINK_DOWN, now);
        }
        if (found != null) {
            clearFault(Reason.NO_SOURCE_ADDRESS, now);
        }
        startIfIdle(now);
    }

    private Optional<InetAddress> findSource(LinkInfo info) {
        InetAddress configured = config.sources().get(family);
        if (configured != null) {
            return Optional.of(configured);
        }
        return family == IpFamily.IPV4
                ? info.ipv4().stream()
                        .filter(a -> !advertised.contains(a) || config.priority() == RouterParams.OWNER)
                        .findFirst()
                        .map(a -> (InetAddress) a)
                : info.ipv6LinkLocal().stream()
                        .filter(a -> !advertised.contains(a))
                        .findFirst()
                        .map(a -> (InetAddress) a);
    }

    private void connect(InetAddress newSource, long now) {
        Role before = router.state().role();
        disconnect();
        source = newSource;
        InetAddress group = groupOrOwnAddress();
        List<InetAddress> destinations = config.unicastPeers().isEmpty()
                ? List.of(group)
                : peersOfFamily().stream().map(UnicastPeer::address).toList();
        boolean header = config.authentication() instanceof Authentication.AuthenticationHeader;
        Channel to = new Channel(family, group, header);
        WireProfile profile = new WireProfile(
                config.version(),
                family,
                config.virtualRouterId(),
                config.advertInterval().toNanos(),
                config.checksum(),
                config.authentication(),
                group,
                255,
                peersOfFamily().stream()
                        .collect(Collectors.toMap(
                                UnicastPeer::address, p -> new WireProfile.TtlBounds(p.minTtl(), p.maxTtl()))),
                advertised,
                config.strict());
        try {
            codec = new AdvertCodec(profile);
            sender = new AdvertSender(
                    codec,
                    config.authentication(),
                    link.link(),
                    to,
                    newSource,
                    destinations,
                    255,
                    loop.network().ticker(),
                    advert(router.params().priority()));
            link.listen(this, family, config.virtualRouterId(), to);
            channel = to;
            fence = fence(to, newSource);
        } catch (IOException e) {
            disconnect();
            fault(Reason.NO_SOURCE_ADDRESS, e.getMessage(), now);
            return;
        }
        perform(router.reconfigure(params(router.params().grouped()), now), now);
        if (before == Role.MASTER && fence != null && router.state().role() == Role.MASTER) {
            openFence();
        }
    }

    private void disconnect() {
        if (channel != null) {
            link.ignore(this, family, config.virtualRouterId(), channel);
            channel = null;
        }
        if (sender != null) {
            sender.close();
            sender = null;
        }
        if (fence != null) {
            fence.close();
            fence = null;
        }
        codec = null;
        lastAccepted = null;
    }

    private List<UnicastPeer> peersOfFamily() {
        return config.unicastPeers().stream()
                .filter(p -> IpFamily.of(p.address()) == family)
                .toList();
    }

    private InetAddress groupOrOwnAddress() {
        if (!config.unicastPeers().isEmpty()) {
            return Objects.requireNonNull(source);
        }
        InetAddress custom = config.multicastGroups().get(family);
        return custom != null ? custom : Groups.of(family);
    }

    private Advert advert(int priority) {
        return new Advert(
                config.version(),
                config.virtualRouterId(),
                priority,
                config.advertInterval().toNanos(),
                advertised);
    }

    private @Nullable Fence fence(Channel to, InetAddress from) throws IOException {
        if (config.fence() == FenceMode.NONE || config.priority() == RouterParams.OWNER) {
            return null;
        }
        return link.link()
                .fence(new FenceSpec(
                        to,
                        config.virtualRouterId(),
                        from,
                        addresses.wanted().stream().map(VirtualAddress::address).toList(),
                        router.params().leaseNanos(),
                        config.fence() == FenceMode.AUTO));
    }

    // ----------------------------------------------------------------------------------------------------------------
    // what arrives

    void packet(Packet packet, long now) {
        AdvertCodec reader = codec;
        if (reader == null || source == null) {
            return;
        }
        Decoded.Accepted last = lastAccepted;
        if (last != null && reader.repeatsLastAccepted(packet)) {
            counters.count(Counter.ADVERTS_RECEIVED);
            if (router.heardAgain(last.advert(), last.sender(), heardAt(packet, last.advert(), now))) {
                return;
            }
            received(last, packet, now);
            return;
        }
        long wallNanos = config.authentication() instanceof Authentication.Hmac
                ? AdvertSender.wallNanos(loop.network().ticker())
                : 0;
        Decoded decoded = reader.decode(packet, source, wallNanos);
        if (decoded instanceof Decoded.Rejected rejected) {
            counters.count(rejected.rejection());
            if (log.isDebugEnabled()) {
                log.debug(
                        "({}) refused {} from {}: {}",
                        label(),
                        rejected.rejection(),
                        packet.source().getHostAddress(),
                        rejected.detail());
            }
            peers.rejected(rejected.rejection(), rejected.detail(), packet);
            return;
        }
        Decoded.Accepted accepted = (Decoded.Accepted) decoded;
        counters.count(Counter.ADVERTS_RECEIVED);
        if (accepted.advert().priority() == 0) {
            counters.count(Counter.PRIORITY_ZERO_RECEIVED);
        }
        lastAccepted = accepted;
        peers.heard(accepted, router.params());
        received(accepted, packet, now);
    }

    private void received(Decoded.Accepted accepted, Packet packet, long now) {
        handle(
                new Event.AdvertReceived(accepted.advert(), accepted.sender(), heardAt(packet, accepted.advert(), now)),
                now);
    }

    /**
     * When a packet counts as heard: when it arrived, but never more than one interval ago. After a long pause the queue holds the oldest packets
     * only, and what the master has sent since is lost: it deserves one more interval before it counts as down.
     */
    private static long heardAt(Packet packet, Advert advert, long now) {
        long ago = now - packet.receivedAt();
        return now - Math.max(0, Math.min(ago, advert.adverNanos()));
    }

    void tick(long now) {
        List<Action> actions = router.tick(now);
        if (!actions.isEmpty()) {
            perform(actions, now);
        }
        if (addresses.renewing()) {
            renewSome();
        }
        if (probing && now - claimedAt >= PROBE_DELAY_NANOS) {
            probing = false;
            probe();
        }
    }

    long nanosUntilDue(long now) {
        if (addresses.renewing()) {
            return 0;
        }
        long due = router.nanosUntilDue(now);
        return probing ? Math.min(due, Math.max(0, claimedAt + PROBE_DELAY_NANOS - now)) : due;
    }

    void linkChanged(Link changed, long now) {
        if (changed == link.link()) {
            reconnect();
        }
    }

    void addressesRemoved(Link changed, long now) {
        if (router.state().role() != Role.MASTER || lateForAdvert(now)) {
            // Whoever comes back from a pause decides first whether it still is master.
            return;
        }
        for (LinkUse use : addresses.uses()) {
            if (use.link() == changed) {
                restoreMissing(use, now);
            }
        }
    }

    private boolean lateForAdvert(long now) {
        return router.state() instanceof Master master
                && now - master.advertisedAt() >= router.params().silentNanos();
    }

    private void restoreMissing(LinkUse use, long now) {
        try {
            for (VirtualAddress address : addresses.missing(use)) {
                losses.add(now);
                while (now - losses.peekFirst() > LOSSES_WINDOW_NANOS) {
                    losses.removeFirst();
                }
                if (losses.size() > LOSSES_MAX) {
                    losses.clear();
                    fault(
                            Reason.ADDRESS_LOST,
                            address + " has been taken off " + use.link().info().name() + " by somebody else more than "
                                    + LOSSES_MAX
                                    + " times within a minute; look for a network manager that owns the interface",
                            now);
                    owner.after(
                            Duration.ofNanos(RETRY_AFTER_LOSSES_NANOS),
                            () -> clearFault(Reason.ADDRESS_LOST, loop.now()));
                    return;
                }
                addresses.restore(address);
                counters.count(Counter.ADDRESSES_RESTORED);
                log.warn(
                        "({}) {} was taken off {} by somebody else; put back",
                        label(),
                        address,
                        use.link().info().name());
                loop.announcer().announce(this, use, address.address(), pace(), now);
            }
        } catch (IOException e) {
            handle(new Event.AddressFailed(e.getMessage()), now);
        }
    }

    void neighborClaims(Link where, InetAddress address, HardwareAddress claimant, long now) {
        if (addresses.wanted().stream().noneMatch(a -> a.address().equals(address))) {
            return;
        }
        if (router.state() instanceof Leaving) {
            handle(new Event.SuccessorAnnounced(), now);
        } else if (router.state() instanceof Master && now - claimedAt > CONFLICT_GRACE_NANOS) {
            counters.count(Counter.ADDRESS_CONFLICTS);
            owner.warn(
                    "conflict-" + address.getHostAddress() + claimant,
                    "another host, " + claimant + ", answers for " + address.getHostAddress()
                            + " while this node is master");
        }
    }

    void fenceDisturbed() {
        counters.count(Counter.FENCE_DISTURBANCES);
        owner.warn("fence-disturbed", "somebody removed the fence's rules from the packet filter; they were put back");
    }

    void suspended(Duration length, long now) {
        owner.paused(length, true);
        handle(new Event.Suspended(), now);
    }

    void paused(long lateNanos) {
        owner.paused(Duration.ofNanos(lateNanos), false);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // events and actions

    VirtualRouter router() {
        return router;
    }

    void handle(Event event, long now) {
        perform(router.handle(event, now), now);
    }

    /** Performs a step; a failed address ends it and goes back to the machine, which decides what to undo. */
    private void perform(List<Action> actions, long now) {
        for (int i = 0; i < actions.size(); i++) {
            actions.get(i).performOn(this);
            if (actionFailed) {
                actionFailed = false;
                counters.count(Counter.ADDRESS_FAILURES);
                perform(
                        router.handle(new Event.AddressFailed(Objects.requireNonNullElse(addressFailure, "")), now),
                        now);
                return;
            }
        }
    }

    @Override
    public void sendAdvert(int priority) {
        AdvertSender way = sender;
        if (way == null) {
            return;
        }
        IOException failure = way.send(priority);
        if (failure != null) {
            counters.count(Counter.ADVERT_SEND_FAILURES);
            if (!sendFailureLogged) {
                sendFailureLogged = true;
                log.warn("({}) an advert could not be sent: {}", label(), failure.getMessage());
            }
            return;
        }
        sendFailureLogged = false;
        counters.count(Counter.ADVERTS_SENT);
        if (priority == 0) {
            counters.count(Counter.PRIORITY_ZERO_SENT);
        } else if (addresses.any()
                && loop.now() - renewedAt >= AddressLifetime.renewNanos(addresses.lifetimeSeconds())) {
            // After the advert has left: an address must not live longer because of an advert that was not sent.
            renewedAt = loop.now();
            addresses.renewAll();
            renewSome();
        }
    }

    private void renewSome() {
        try {
            addresses.renewSome();
            renewalFailureLogged = false;
        } catch (IOException e) {
            counters.count(Counter.ADDRESS_FAILURES);
            if (!renewalFailureLogged) {
                renewalFailureLogged = true;
                log.warn("({}) the lifetime of an address could not be renewed: {}", label(), e.getMessage());
            }
        }
    }

    @Override
    public void openFence() {
        if (fence == null) {
            return;
        }
        try {
            fence.open();
        } catch (IOException e) {
            fenceFailed(e);
        }
    }

    @Override
    public void shutFence() {
        if (fence == null) {
            return;
        }
        try {
            fence.shut();
        } catch (IOException e) {
            fenceFailed(e);
        }
    }

    private void fenceFailed(IOException e) {
        counters.count(Counter.FENCE_FAILURES);
        owner.warn("fence-failed", "the fence does not hold: " + e.getMessage());
    }

    @Override
    public void addAddresses() {
        long now = loop.now();
        try {
            for (LinkUse use : addresses.uses()) {
                watch(use, addresses.on(use));
            }
            if (config.priority() != RouterParams.OWNER || !heldByHost()) {
                addresses.add();
            }
            renewedAt = now;
        } catch (IOException e) {
            actionFailed = true;
            addressFailure = e.getMessage();
        }
    }

    /** The owner's addresses are its own; they are there already and stay. */
    private boolean heldByHost() throws IOException {
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
        loop.announcer().forget(this);
        probing = false;
        for (LinkUse use : addresses.uses()) {
            watch(use, Set.of());
        }
        try {
            addresses.remove();
        } catch (IOException e) {
            counters.count(Counter.ADDRESS_FAILURES);
            owner.warn("remove-failed", "an address could not be removed: " + e.getMessage());
        }
    }

    private void watch(LinkUse use, Set<InetAddress> whom) {
        try {
            use.watch(this, whom);
        } catch (IOException e) {
            log.debug("({}) cannot watch for other holders: {}", label(), e.getMessage());
        }
    }

    @Override
    public void announce(int times) {
        long now = loop.now();
        for (int i = 0; i < times; i++) {
            for (VirtualAddress address : addresses.wanted()) {
                loop.announcer().announce(this, addresses.place(address), address.address(), pace(), now);
            }
        }
        loop.announcer().work(now);
    }

    private long pace() {
        return config.announcements().interval().toNanos();
    }

    void announceNow(LinkUse use, InetAddress address) {
        try {
            use.link().announce(address);
            counters.count(Counter.ANNOUNCEMENTS_SENT);
        } catch (IOException e) {
            counters.count(Counter.ANNOUNCEMENT_FAILURES);
            log.debug("({}) {} could not be announced: {}", label(), address.getHostAddress(), e.getMessage());
        }
    }

    private void probe() {
        for (VirtualAddress address : addresses.wanted()) {
            try {
                addresses.place(address).link().probe(address.address());
            } catch (IOException e) {
                log.debug("({}) {} could not be probed: {}", label(), address, e.getMessage());
            }
        }
    }

    @Override
    public void notify(Role role, Reason reason, String detail) {
        if (role == Role.MASTER) {
            claimedAt = loop.now();
            probing = true;
            losses.clear();
        }
        owner.memberChanged(this, role, reason, detail);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // faults and changes

    /** Takes no part while the reason lasts. */
    void fault(Reason reason, String detail, long now) {
        fault(reason, detail, false, now);
    }

    void fault(Reason reason, String detail, boolean makeBeforeBreak, long now) {
        boolean first = faults.none();
        boolean changed = faults.set(reason, detail);
        if (first || !(router.state() instanceof Initialize)) {
            handle(new Event.Leave(new Departure(Role.FAULT, makeBeforeBreak, false, reason, detail)), now);
        }
        if (changed) {
            owner.refresh();
        }
    }

    void clearFault(Reason reason, long now) {
        if (faults.clear(reason)) {
            if (faults.none()) {
                handle(new Event.Startup(0, Reason.RECOVERED, "taking part again"), now);
            }
            owner.refresh();
        }
    }

    private void startIfIdle(long now) {
        if (faults.none() && router.state() == Initialize.IDLE && !started) {
            started = true;
            handle(
                    new Event.Startup(
                            config.startupDelay().toNanos(),
                            Reason.JOINED,
                            "joined virtual router " + config.virtualRouterId() + " on " + config.networkInterface()
                                    + ", priority " + router.params().priority()),
                    now);
        }
    }

    /** Whether there is a fault that is this member's and not its group's. */
    boolean ownFault() {
        return !faults.none() && !(faults.texts().size() == 1 && faults.has(Reason.GROUP));
    }

    String faultText() {
        return String.join("; ", faults.texts());
    }

    List<String> faultTexts() {
        return faults.texts();
    }

    /** The effective priority has changed. */
    void reprioritize(long now) {
        if (sender != null) {
            sender.advert(advert(owner.effectivePriority()));
        }
        perform(router.reconfigure(params(router.params().grouped()), now), now);
    }

    Fence.State fenceState() {
        if (fence != null) {
            return fence.state();
        }
        return Fence.State.none(config.fence() == FenceMode.NONE ? "switched off" : "not connected");
    }

    /** Who is master as far as this node knows; null if nobody was heard. */
    @Nullable
    InetAddress masterAddress() {
        return switch (router.state().role()) {
            case MASTER -> source;
            case BACKUP -> router.state() instanceof Backup backup ? backup.master() : null;
            case FAULT, RELEASED -> null;
        };
    }

    int masterPriority() {
        return router.state() instanceof Backup backup
                ? backup.masterPriority()
                : router.params().priority();
    }

    String label() {
        return config.name();
    }
}
