package io.floatingip;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.HealthEffect;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.NamedCheck;
import io.floatingip.spi.Network;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What to join and how; immutable. Interface, virtual router id and one address are required, everything else has a default. */
public final class FloatingIpConfig {
    private final Builder values;
    private final String name;
    private final VrrpVersion version;

    private FloatingIpConfig(Builder builder) {
        values = new Builder(builder);
        name = builder.name != null
                ? builder.name
                : builder.networkInterface + "-" + builder.virtualRouterId.getAsInt();
        version = builder.version;
    }

    /** Starts a configuration. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that holds these values, for a variation of them. */
    public Builder toBuilder() {
        return new Builder(values);
    }

    public String name() {
        return name;
    }

    public String networkInterface() {
        return Objects.requireNonNull(values.networkInterface);
    }

    public int virtualRouterId() {
        return values.virtualRouterId.getAsInt();
    }

    public int priority() {
        return values.priority;
    }

    public VrrpVersion version() {
        return version;
    }

    public ChecksumMode checksum() {
        return values.checksum;
    }

    public Duration advertInterval() {
        return values.advertInterval;
    }

    /** How many adverts may be missed before the master counts as down; 3 in every RFC. */
    public int downAfterAdverts() {
        return values.downAfterAdverts;
    }

    public boolean preempt() {
        return values.preempt;
    }

    public Duration preemptDelay() {
        return values.preemptDelay;
    }

    public Duration startupDelay() {
        return values.startupDelay;
    }

    /** The advertised addresses, of one or both families, in order. */
    public List<VirtualAddress> addresses() {
        return values.addresses;
    }

    /** Held with the others but not advertised. */
    public List<VirtualAddress> excludedAddresses() {
        return values.excludedAddresses;
    }

    /** The peers of a unicast virtual router; empty for multicast. */
    public List<UnicastPeer> unicastPeers() {
        return values.unicastPeers;
    }

    /** Where adverts are sent from, per family; the interface's primary or link-local address where not set. */
    public Map<IpFamily, InetAddress> sources() {
        return values.sources;
    }

    /** Custom multicast groups, per family. */
    public Map<IpFamily, InetAddress> multicastGroups() {
        return values.multicastGroups;
    }

    public Authentication authentication() {
        return values.authentication;
    }

    public Announcements announcements() {
        return values.announcements;
    }

    public FenceMode fence() {
        return values.fence;
    }

    public boolean accept() {
        return values.accept;
    }

    public Placement placement() {
        return values.placement;
    }

    public VirtualMac virtualMac() {
        return values.virtualMac;
    }

    public List<TrackedInterface> trackedInterfaces() {
        return values.trackedInterfaces;
    }

    public boolean strict() {
        return values.strict;
    }

    public Duration drain() {
        return values.drain;
    }

    public boolean ready() {
        return values.ready;
    }

    public boolean shutdownHook() {
        return values.shutdownHook;
    }

    public List<RoleListener> listeners() {
        return values.listeners;
    }

    public List<NamedCheck> checks() {
        return values.checks;
    }

    public Optional<Executor> callbackExecutor() {
        return Optional.ofNullable(values.callbackExecutor);
    }

    public Optional<ThreadFactory> threadFactory() {
        return Optional.ofNullable(values.threadFactory);
    }

    public Optional<Network> network() {
        return Optional.ofNullable(values.network);
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "FloatingIpConfig(" + name + ": interface " + networkInterface() + ", virtual router "
                + virtualRouterId()
                + ", " + version + ", priority " + priority() + ", every " + advertInterval() + ", addresses "
                + addresses()
                + ", authentication " + authentication() + ")";
    }

    /** Collects the values; {@link #build()} checks them. Not for several threads at once. */
    public static final class Builder {
        private static final Duration INTERVAL_MIN_V3 = Duration.ofMillis(10);
        private static final Duration INTERVAL_MAX_V3 = Duration.ofMillis(40_950);
        private static final Duration INTERVAL_MAX_V2 = Duration.ofSeconds(255);
        private static final Duration DELAY_MAX = Duration.ofHours(1);
        private static final int ADDRESSES_MAX = 255;
        private static final Set<String> GROUPS = Set.of("224.0.0.18", "ff02:0:0:0:0:0:0:12");

        private @Nullable String name;
        private @Nullable String networkInterface;
        private OptionalInt virtualRouterId = OptionalInt.empty();
        private int priority = 100;
        private VrrpVersion version = VrrpVersion.V3;
        private ChecksumMode checksum = ChecksumMode.PSEUDO_HEADER;
        private Duration advertInterval = Duration.ofSeconds(1);
        private int downAfterAdverts = 3;
        private boolean preempt = true;
        private Duration preemptDelay = Duration.ZERO;
        private Duration startupDelay = Duration.ZERO;
        private List<VirtualAddress> addresses = List.of();
        private List<VirtualAddress> excludedAddresses = List.of();
        private List<UnicastPeer> unicastPeers = List.of();
        private Map<IpFamily, InetAddress> sources = Map.of();
        private Map<IpFamily, InetAddress> multicastGroups = Map.of();
        private Authentication authentication = Authentication.none();
        private Announcements announcements = Announcements.defaults();
        private FenceMode fence = FenceMode.AUTO;
        private boolean accept = true;
        private VirtualMac virtualMac = VirtualMac.OFF;
        private Placement placement = Placement.INTERFACE;
        private List<TrackedInterface> trackedInterfaces = List.of();
        private boolean strict;
        private Duration drain = Duration.ZERO;
        private boolean ready = true;
        private boolean shutdownHook = true;
        private List<RoleListener> listeners = List.of();
        private List<NamedCheck> checks = List.of();
        private @Nullable Executor callbackExecutor;
        private @Nullable ThreadFactory threadFactory;
        private @Nullable Network network;

        private Builder() {}

        private Builder(Builder other) {
            name = other.name;
            networkInterface = other.networkInterface;
            virtualRouterId = other.virtualRouterId;
            priority = other.priority;
            version = other.version;
            checksum = other.checksum;
            advertInterval = other.advertInterval;
            downAfterAdverts = other.downAfterAdverts;
            preempt = other.preempt;
            preemptDelay = other.preemptDelay;
            startupDelay = other.startupDelay;
            addresses = other.addresses;
            excludedAddresses = other.excludedAddresses;
            unicastPeers = other.unicastPeers;
            sources = other.sources;
            multicastGroups = other.multicastGroups;
            authentication = other.authentication;
            announcements = other.announcements;
            fence = other.fence;
            accept = other.accept;
            virtualMac = other.virtualMac;
            placement = other.placement;
            trackedInterfaces = other.trackedInterfaces;
            strict = other.strict;
            drain = other.drain;
            ready = other.ready;
            shutdownHook = other.shutdownHook;
            listeners = other.listeners;
            checks = other.checks;
            callbackExecutor = other.callbackExecutor;
            threadFactory = other.threadFactory;
            network = other.network;
        }

        /** For logs, metrics and status. Default: interface and virtual router id, {@code eth0-52}. */
        public Builder name(String value) {
            name = value;
            return this;
        }

        /** The interface adverts are sent and received on and, unless an address says otherwise, that carries the addresses. Required. */
        public Builder networkInterface(String value) {
            networkInterface = value;
            return this;
        }

        /** The virtual router id (VRID), 1 to 255: equal on all nodes of this floating IP, different from all others on the LAN. Required. */
        public Builder virtualRouterId(int value) {
            virtualRouterId = OptionalInt.of(value);
            return this;
        }

        /**
         * How strongly this node wants the address, 1 to 254; the highest live node becomes master. Nodes of one group should differ: equal
         * priorities time out together and are settled by address (RFC 9568 section 6.4.3). 255 is the owner of the address: it has it as its
         * own and always wins. Default 100.
         */
        public Builder priority(int value) {
            priority = value;
            return this;
        }

        /** The protocol version, equal on all nodes. Default {@link VrrpVersion#V3}; keepalived's own default is 2. */
        public Builder version(VrrpVersion value) {
            version = Objects.requireNonNull(value, "version");
            return this;
        }

        /** What the checksum of VRRPv3 over IPv4 covers. Default {@link ChecksumMode#PSEUDO_HEADER}, as keepalived and FRR. */
        public Builder checksum(ChecksumMode value) {
            checksum = Objects.requireNonNull(value, "checksum");
            return this;
        }

        /**
         * How often the master advertises; backups take over after about three and a half of these. VRRPv3: 10 ms to 40.95 s in steps of 10 ms.
         * VRRPv2: 1 s to 255 s in whole seconds, equal on all nodes. Below 1 s, choose a garbage collector with short pauses. Default 1 s.
         */
        public Builder advertInterval(Duration value) {
            advertInterval = Objects.requireNonNull(value, "advertInterval");
            return this;
        }

        /**
         * After how many missed adverts the master counts as down, 1 to 100, equal on all nodes. Default 3, the RFCs' value. 1 leaves no room for
         * a fence.
         */
        public Builder downAfterAdverts(int value) {
            downAfterAdverts = value;
            return this;
        }

        /** Whether this node takes the address from a live master of lower priority. Default true. */
        public Builder preempt(boolean value) {
            preempt = value;
            return this;
        }

        /** How long a master of lower priority is left alone before it is preempted, up to 1 h; a dead one is never waited for. Default 0. */
        public Builder preemptDelay(Duration value) {
            preemptDelay = Objects.requireNonNull(value, "preemptDelay");
            return this;
        }

        /** How long to take no part after joining, up to 1 h: until a switch port forwards, until caches are warm. Default 0. */
        public Builder startupDelay(Duration value) {
            startupDelay = Objects.requireNonNull(value, "startupDelay");
            return this;
        }

        /** Adds an address, as {@link VirtualAddress#parse}. At least one is required. */
        public Builder address(String value) {
            return address(VirtualAddress.parse(value));
        }

        /** Adds an address. Addresses of both families make two virtual routers that are master together or not at all. */
        public Builder address(VirtualAddress value) {
            addresses = plus(addresses, value);
            return this;
        }

        /** Replaces all addresses. */
        public Builder addresses(Collection<VirtualAddress> value) {
            addresses = List.copyOf(value);
            return this;
        }

        /** Adds an address that is held with the others but not advertised (keepalived: {@code virtual_ipaddress_excluded}). */
        public Builder excludedAddress(VirtualAddress value) {
            excludedAddresses = plus(excludedAddresses, value);
            return this;
        }

        /** Replaces all excluded addresses. */
        public Builder excludedAddresses(Collection<VirtualAddress> value) {
            excludedAddresses = List.copyOf(value);
            return this;
        }

        /** Adds a peer: adverts go to the peers one by one instead of to the multicast group, and are accepted from them only. */
        public Builder unicastPeer(UnicastPeer value) {
            unicastPeers = plus(unicastPeers, value);
            return this;
        }

        /** Replaces all peers; an empty list means multicast. */
        public Builder unicastPeers(Collection<UnicastPeer> value) {
            unicastPeers = List.copyOf(value);
            return this;
        }

        /**
         * The address adverts are sent from, on any interface of this host; while it is not there, this node takes no part. Default: the
         * interface's primary IPv4 address, and its IPv6 link-local address.
         */
        public Builder source(InetAddress value) {
            sources = plus(sources, value);
            return this;
        }

        /** Another multicast group than 224.0.0.18 or ff02::12. */
        public Builder multicastGroup(InetAddress value) {
            multicastGroups = plus(multicastGroups, value);
            return this;
        }

        /** How adverts are authenticated. Default not at all. */
        public Builder authentication(Authentication value) {
            authentication = Objects.requireNonNull(value, "authentication");
            return this;
        }

        /** How neighbours are told. Default {@link Announcements#defaults()}. */
        public Builder announcements(Announcements value) {
            announcements = Objects.requireNonNull(value, "announcements");
            return this;
        }

        /** What takes the address from this host when the process stops. Default {@link FenceMode#AUTO}. */
        public Builder fence(FenceMode value) {
            fence = Objects.requireNonNull(value, "fence");
            return this;
        }

        /** Whether the host accepts traffic to the address (RFC 9568 section 6.1, Accept_Mode). Default true: a proxy could not serve otherwise. */
        public Builder accept(boolean value) {
            accept = value;
            return this;
        }

        /** Whether the address has a hardware address of its own. Default {@link VirtualMac#OFF}. */
        public Builder virtualMac(VirtualMac value) {
            virtualMac = Objects.requireNonNull(value, "virtualMac");
            return this;
        }

        /** Where on this host the addresses are put, those with a device of their own excepted. Default {@link Placement#INTERFACE}. */
        public Builder placement(Placement value) {
            placement = Objects.requireNonNull(value, "placement");
            return this;
        }

        /** Adds another interface whose state counts. */
        public Builder trackedInterface(TrackedInterface value) {
            trackedInterfaces = plus(trackedInterfaces, value);
            return this;
        }

        /** Replaces all tracked interfaces. */
        public Builder trackedInterfaces(Collection<TrackedInterface> value) {
            trackedInterfaces = List.copyOf(value);
            return this;
        }

        /**
         * Holds to the letter of RFC 9568 and refuses what it does not allow. The hardware address remains a choice, as with keepalived's {@code
         * vrrp_strict}: for that of section 7.3 add {@code virtualMac(ON)}. Default false.
         */
        public Builder strict(boolean value) {
            strict = value;
            return this;
        }

        /** How long {@link RoleListener#onDrain} may take when mastership is given away on purpose, up to 1 h. Default 0: it is not called. */
        public Builder drain(Duration value) {
            drain = Objects.requireNonNull(value, "drain");
            return this;
        }

        /**
         * Whether the application can serve when it joins. False: everything is checked and opened, but this node takes no part until {@link
         * io.floatingip.health.ApplicationHealth#ready()}. Default true.
         */
        public Builder ready(boolean value) {
            ready = value;
            return this;
        }

        /** Whether a shutdown hook releases the address when the JVM ends in an orderly way (SIGTERM, System.exit). Default true. */
        public Builder shutdownHook(boolean value) {
            shutdownHook = value;
            return this;
        }

        /** Adds a listener, which is told about every role from the first. */
        public Builder listener(RoleListener value) {
            listeners = plus(listeners, value);
            return this;
        }

        /**
         * Adds a health check.
         *
         * @param name for logs and status; unique within this floating IP
         */
        public Builder check(String name, HealthCheck value, HealthPolicy policy) {
            checks = plus(checks, new NamedCheck(name, value, policy));
            return this;
        }

        /** Replaces all health checks. */
        public Builder checks(Collection<NamedCheck> value) {
            checks = List.copyOf(value);
            return this;
        }

        /**
         * Where listeners are called, one call at a time and in order. Default: a thread of this floating IP's own. It has to have threads of its
         * own: what it would run on the calling thread, as a direct executor or a {@code CallerRunsPolicy} does, is run on another, since a
         * listener must not delay an advert.
         */
        public Builder callbackExecutor(Executor value) {
            callbackExecutor = value;
            return this;
        }

        /** Makes the threads. Default: daemon threads named {@code floatingip-...}. */
        public Builder threadFactory(ThreadFactory value) {
            threadFactory = value;
            return this;
        }

        /** The network to join on. Default: the machine's own; a simulated one for tests. */
        public Builder network(Network value) {
            network = value;
            return this;
        }

        /**
         * Checks everything and makes the configuration.
         *
         * @throws IllegalArgumentException with the property, its limits and the value it got
         */
        public FloatingIpConfig build() {
            if (networkInterface == null || networkInterface.isBlank()) {
                throw new IllegalArgumentException("networkInterface is required, for example \"eth0\"");
            }
            if (networkInterface.length() > 15 || networkInterface.contains("/") || networkInterface.contains(" ")) {
                throw new IllegalArgumentException(
                        "networkInterface must be an interface's name of 1 to 15 characters, got \"" + networkInterface
                                + "\"");
            }
            if (virtualRouterId.isEmpty()) {
                throw new IllegalArgumentException("virtualRouterId is required, 1 to 255");
            }
            range("virtualRouterId", virtualRouterId.getAsInt(), 1, 255);
            range("priority", priority, 1, 255);
            range("downAfterAdverts", downAfterAdverts, 1, 100);
            checkInterval();
            delay("preemptDelay", preemptDelay);
            delay("startupDelay", startupDelay);
            delay("drain", drain);
            if (!preempt && !preemptDelay.isZero()) {
                throw new IllegalArgumentException(
                        "preemptDelay " + preemptDelay + " has no meaning with preempt(false); leave one of them out");
            }
            if (!preempt && priority == 255) {
                throw new IllegalArgumentException(
                        "priority 255 is the owner of the address, which always preempts (RFC 9568 section 6.1); use 254 with preempt(false)");
            }
            if (priority == 255 && !preemptDelay.isZero()) {
                throw new IllegalArgumentException(
                        "preemptDelay " + preemptDelay
                                + " has no meaning with priority 255: the owner of the address waits for nobody (RFC 9568 section 6.1); use 254, or leave preemptDelay out");
            }
            if (downAfterAdverts == 1 && fence != FenceMode.NONE) {
                throw new IllegalArgumentException(
                        "downAfterAdverts must be at least 2 with a fence, got 1: the fence would have to close before the next advert is due; use 2, or fence(NONE)");
            }
            checkAddresses();
            checkUnicast();
            checkAuthentication();
            checkTracked();
            checkStrict();
            checkChecks();
            return new FloatingIpConfig(this);
        }

        private void checkInterval() {
            Duration min = version == VrrpVersion.V2 ? Duration.ofSeconds(1) : INTERVAL_MIN_V3;
            Duration max = version == VrrpVersion.V2 ? INTERVAL_MAX_V2 : INTERVAL_MAX_V3;
            long step = version == VrrpVersion.V2 ? 1_000_000_000L : 10_000_000L;
            if (advertInterval.compareTo(min) < 0
                    || advertInterval.compareTo(max) > 0
                    || advertInterval.toNanos() % step != 0) {
                throw new IllegalArgumentException(
                        version == VrrpVersion.V2
                                ? "advertInterval must be 1 s to 255 s in whole seconds with VRRPv2, got "
                                        + text(advertInterval) + "; shorter intervals need version(V3)"
                                : "advertInterval must be 10 ms to 40.95 s in steps of 10 ms, got "
                                        + text(advertInterval));
            }
        }

        private void checkAddresses() {
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException(
                        "at least one address is required, for example address(\"10.99.0.66/32\")");
            }
            Map<InetAddress, VirtualAddress> seen = new LinkedHashMap<>();
            for (List<VirtualAddress> list : List.of(addresses, excludedAddresses)) {
                for (VirtualAddress address : list) {
                    if (seen.put(address.address(), address) != null) {
                        throw new IllegalArgumentException(
                                "address " + address.address().getHostAddress() + " is given twice");
                    }
                    if (version == VrrpVersion.V2 && address.family() == IpFamily.IPV6 && addresses.contains(address)) {
                        throw new IllegalArgumentException("VRRPv2 carries IPv4 addresses only (RFC 3768), got "
                                + address + "; use version(V3), or join the IPv6 addresses separately");
                    }
                }
            }
            for (IpFamily family : IpFamily.values()) {
                long count =
                        addresses.stream().filter(a -> a.family() == family).count();
                if (count > ADDRESSES_MAX) {
                    throw new IllegalArgumentException("an advert holds at most " + ADDRESSES_MAX + " addresses, got "
                            + count + "; make the others excludedAddress");
                }
            }
        }

        private void checkUnicast() {
            Map<InetAddress, UnicastPeer> seen = new LinkedHashMap<>();
            for (UnicastPeer peer : unicastPeers) {
                if (seen.put(peer.address(), peer) != null) {
                    throw new IllegalArgumentException(
                            "unicastPeer " + peer.address().getHostAddress() + " is given twice");
                }
                if (sources.containsValue(peer.address())) {
                    throw new IllegalArgumentException("unicastPeer "
                            + peer.address().getHostAddress() + " is this node's own source; list the others only");
                }
            }
            if (!unicastPeers.isEmpty()) {
                for (IpFamily family : families()) {
                    if (unicastPeers.stream().noneMatch(p -> IpFamily.of(p.address()) == family)) {
                        throw new IllegalArgumentException("there are " + family + " addresses but no " + family
                                + " unicastPeer to advertise them to; add one, or join the two families separately");
                    }
                }
                if (!multicastGroups.isEmpty()) {
                    throw new IllegalArgumentException(
                            "unicastPeer and multicastGroup exclude each other; leave one out");
                }
            }
            for (InetAddress group : multicastGroups.values()) {
                if (!group.isMulticastAddress()) {
                    throw new IllegalArgumentException(
                            "multicastGroup must be a multicast address, got " + group.getHostAddress());
                }
            }
            for (InetAddress source : sources.values()) {
                if (source.isMulticastAddress() || source.isAnyLocalAddress()) {
                    throw new IllegalArgumentException(
                            "source must be an address of this node, got " + source.getHostAddress());
                }
                if (priority != 255
                        && Stream.concat(addresses.stream(), excludedAddresses.stream())
                                .anyMatch(a -> a.address().equals(source))) {
                    throw new IllegalArgumentException("source must be an address of this node's own, got "
                            + source.getHostAddress() + ", which is to float; leave source out, or use priority 255");
                }
            }
        }

        private void checkAuthentication() {
            boolean v2Only = authentication instanceof Authentication.Password
                    || authentication instanceof Authentication.AuthenticationHeader;
            if (v2Only && version == VrrpVersion.V3) {
                throw new IllegalArgumentException("authentication by " + authentication
                        + " exists in VRRPv2 only; use version(V2), or Authentication.hmac() with VRRPv3");
            }
        }

        private void checkTracked() {
            Map<String, TrackedInterface> seen = new LinkedHashMap<>();
            for (TrackedInterface tracked : trackedInterfaces) {
                if (seen.put(tracked.name(), tracked) != null) {
                    throw new IllegalArgumentException("trackedInterface " + tracked.name() + " is given twice");
                }
                if (tracked.weight() != 0 && priority == 255) {
                    throw new IllegalArgumentException(
                            "the owner of the address (priority 255) has no weights: its priority"
                                    + " never changes; give trackedInterface " + tracked.name()
                                    + " weight 0, or use priority 254");
                }
            }
            if (virtualMac != VirtualMac.OFF && priority == 255) {
                throw new IllegalArgumentException(
                        "virtualMac is not for the owner of the address, whose address stays on its interface; use priority 254");
            }
            if (placement == Placement.PROCESS_BOUND) {
                if (virtualMac != VirtualMac.OFF || priority == 255) {
                    throw new IllegalArgumentException(
                            "placement PROCESS_BOUND excludes virtualMac and priority 255: the address"
                                    + " can be in one place only");
                }
                for (List<VirtualAddress> list : List.of(addresses, excludedAddresses)) {
                    for (VirtualAddress address : list) {
                        if (address.family() == IpFamily.IPV6
                                && address.device().isEmpty()) {
                            throw new IllegalArgumentException(
                                    "placement PROCESS_BOUND is for IPv4: neighbour discovery answers"
                                            + " for an address on its own interface only, got " + address);
                        }
                    }
                }
            }
            if (virtualMac == VirtualMac.ON && !unicastPeers.isEmpty()) {
                throw new IllegalArgumentException(
                        "unicast adverts come from this node's own address; use virtualMac(ADVERTS_FROM_BASE) with unicastPeer");
            }
        }

        private void checkChecks() {
            Set<String> seen = new HashSet<>();
            for (NamedCheck check : checks) {
                if (!seen.add(check.name())) {
                    throw new IllegalArgumentException("check \"" + check.name() + "\" is given twice");
                }
                if (priority == 255 && check.policy().effect() instanceof HealthEffect.Weight) {
                    throw new IllegalArgumentException("check \"" + check.name()
                            + "\" has a weight, but the owner's priority is always 255 (RFC 9568 section 6.1); use a policy that"
                            + " releases the address, or another priority");
                }
            }
        }

        private void checkStrict() {
            if (!strict) {
                return;
            }
            if (!unicastPeers.isEmpty()) {
                throw new IllegalArgumentException(
                        "strict: RFC 9568 knows multicast only; leave unicastPeer or strict out");
            }
            for (InetAddress group : multicastGroups.values()) {
                if (!GROUPS.contains(group.getHostAddress())) {
                    throw new IllegalArgumentException(
                            "strict: multicastGroup must be 224.0.0.18 or ff02::12 (RFC 9568 sections 5.1.1.2 and 5.1.2.2), got "
                                    + group.getHostAddress() + "; leave it or strict out");
                }
            }
            if (downAfterAdverts != 3) {
                throw new IllegalArgumentException(
                        "strict: downAfterAdverts must be 3 (RFC 9568 section 6.1), got " + downAfterAdverts);
            }
            if (!preemptDelay.isZero()) {
                throw new IllegalArgumentException(
                        "strict: preemptDelay is not part of RFC 9568; leave it or strict out");
            }
            if (!(authentication instanceof Authentication.None)) {
                throw new IllegalArgumentException(
                        "strict: RFC 9568 section 9 and RFC 3768 section 10 have no authentication; leave it or strict out");
            }
            if (checksum != ChecksumMode.MESSAGE_ONLY
                    && version == VrrpVersion.V3
                    && families().contains(IpFamily.IPV4)) {
                throw new IllegalArgumentException(
                        "strict: RFC 9568 section 5.2.8 sums the message alone; use checksum(MESSAGE_ONLY) with strict");
            }
            Optional<VirtualAddress> firstIpv6 =
                    addresses.stream().filter(a -> a.family() == IpFamily.IPV6).findFirst();
            if (firstIpv6.isPresent() && !firstIpv6.get().address().isLinkLocalAddress()) {
                throw new IllegalArgumentException(
                        "strict: the first IPv6 address must be link-local (RFC 9568 section 5.2.9), got "
                                + firstIpv6.get());
            }
        }

        private List<IpFamily> families() {
            return addresses.stream().map(VirtualAddress::family).distinct().toList();
        }

        private static void range(String property, int value, int min, int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(property + " must be " + min + " to " + max + ", got " + value);
            }
        }

        private static void delay(String property, Duration value) {
            if (value.isNegative() || value.compareTo(DELAY_MAX) > 0) {
                throw new IllegalArgumentException(property + " must be 0 to 1 h, got " + text(value));
            }
        }

        /** A duration as people write it: 1.5 s, 20 ms. */
        private static String text(Duration value) {
            // Not toMillis(), which refuses the longest durations there are.
            double seconds = value.getSeconds() + value.getNano() / 1e9;
            return Math.abs(seconds) < 1 ? value.toNanos() / 1e6 + " ms" : seconds + " s";
        }

        private static <T> List<T> plus(List<T> list, T value) {
            List<T> more = new ArrayList<>(list);
            more.add(Objects.requireNonNull(value));
            return List.copyOf(more);
        }

        private static Map<IpFamily, InetAddress> plus(Map<IpFamily, InetAddress> map, InetAddress value) {
            Map<IpFamily, InetAddress> more = new LinkedHashMap<>(map);
            more.put(IpFamily.of(value), value);
            return Map.copyOf(more);
        }
    }
}
