package io.floatingip.simulation;

import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import io.floatingip.spi.FenceSpec;
import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.LinkInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What a machine knows without its process: interfaces, addresses with their lifetimes, fence rules, neighbours. It lives on kernel time. */
final class SimKernel {
    private static final long SECOND_NANOS = 1_000_000_000L;
    // Measured: a kernel removes an address mostly some ten
    // milliseconds after its lifetime, at worst 1.6 s after it.
    private static final long REMOVAL_LATE_NANOS_USUAL = 30_000_000L;
    private static final long REMOVAL_LATE_NANOS_MAX = 1_600_000_000L;
    private static final int REMOVAL_LATE_ONE_IN = 5;
    /** How long a neighbour entry that nobody answers to is believed: 5 s of delay and 3 s of probes. */
    private static final long NEIGHBOR_PATIENCE_NANOS = 8 * SECOND_NANOS;

    final SimHost host;
    final VirtualTicker ticker;
    final Map<String, SimInterface> interfaces = new LinkedHashMap<>();
    final List<FenceRule> rules = new ArrayList<>();
    boolean packetFilter = true;

    private final SimLan lan;
    private final SplittableRandom random;
    private final Map<SimFault.Call, ArrayDeque<SimFault>> faults = new EnumMap<>(SimFault.Call.class);
    private final Map<InetAddress, Neighbor> neighbors = new HashMap<>();
    private long suspendedUntil;
    private long faultAt = Long.MIN_VALUE / 2;
    private int lastIndex = 1;

    SimKernel(SimHost host, SimLan lan, SplittableRandom random) {
        this.host = host;
        this.lan = lan;
        this.random = random;
        ticker = new VirtualTicker(lan.timeline, random.nextLong());
    }

    long now() {
        return ticker.nanoTime();
    }

    /** The time of the LAN, which goes on while this machine is suspended. */
    long lanNow() {
        return lan.timeline.now();
    }

    /** Does something when so much kernel time has passed, or a little earlier if the machine is suspended meanwhile. */
    void after(long nanos, Runnable what) {
        long stillSuspended = Math.max(0, suspendedUntil - lan.timeline.now());
        lan.timeline.after(stillSuspended + nanos, what);
    }

    void trace(String text, Object... things) {
        lan.trace.add(lan.timeline.now(), text, things);
    }

    // Interfaces

    SimInterface plug(String name) {
        return addInterface(name, randomHardwareAddress(), null, false);
    }

    SimInterface addInterface(
            String name, HardwareAddress hardwareAddress, @Nullable SimInterface base, boolean processBound) {
        SimInterface added = new SimInterface(this, name, ++lastIndex, hardwareAddress, base, processBound);
        interfaces.put(name, added);
        lan.wire.connect(added);
        return added;
    }

    /** Removes a virtual interface. */
    void dropInterface(SimInterface dropped) {
        removeAll(dropped);
        dropped.exists(false, 0);
        interfaces.remove(dropped.name);
        lan.wire.disconnect(dropped);
    }

    void carrier(SimInterface link, boolean up) {
        link.carrier(up);
        if (!up) {
            flushIpv6(link);
        }
        for (SimInterface each : interfaces.values()) {
            changed(each);
        }
    }

    void remove(SimInterface link) {
        link.exists(false, 0);
        removeAll(link);
        changed(link);
    }

    void recreate(SimInterface link) {
        link.exists(true, ++lastIndex);
        changed(link);
    }

    /** Tells the process if the interface is not what it was told last. */
    void changed(SimInterface link) {
        LinkInfo news = link.news();
        if (news != null) {
            host.process().notice(new Notice.Changed(link, news));
        }
    }

    // As net.ipv6.conf.*.keep_addr_on_down=0 does; link-local addresses
    // return with the carrier, so they may as well stay here.
    private void flushIpv6(SimInterface link) {
        if (link.addresses.removeIf(held -> IpFamily.of(held.spec.address()) == IpFamily.IPV6
                && !held.spec.address().isLinkLocalAddress())) {
            host.process().notice(new Notice.Removed(link));
        }
    }

    private void removeAll(SimInterface link) {
        if (!link.addresses.isEmpty()) {
            link.addresses.clear();
            host.process().notice(new Notice.Removed(link));
        }
    }

    // Addresses

    void add(SimInterface link, VirtualAddress address, boolean ours, int lifetimeSeconds) throws IOException {
        if (!link.exists()) {
            throw new IOException(
                    "RTM_NEWADDR " + address + ": ENODEV (19), there is no interface " + link.name + " on " + host);
        }
        SimInterface.Held held = link.held(address.address());
        if (held != null && held.ours != ours) {
            throw new IOException("RTM_NEWADDR " + address + ": EEXIST (17), it is on " + link.name
                    + " already and was not put there by this library");
        }
        held = link.heldAs(address);
        if (held == null) {
            held = new SimInterface.Held(address, ours);
            link.addresses.add(held);
            changed(link);
        }
        held.limited = lifetimeSeconds != 0;
        held.expiresAt = now() + lifetimeSeconds * SECOND_NANOS;
        if (held.limited && !held.watched) {
            watch(link, held);
        }
    }

    /** Whether it was there. */
    boolean remove(SimInterface link, InetAddress address) {
        return remove(link, link.held(address));
    }

    /** Whether it was there, with this prefix length. */
    boolean remove(SimInterface link, VirtualAddress address) {
        return remove(link, link.heldAs(address));
    }

    private boolean remove(SimInterface link, SimInterface.@Nullable Held held) {
        if (held == null) {
            return false;
        }
        link.addresses.remove(held);
        host.process().notice(new Notice.Removed(link));
        changed(link);
        return true;
    }

    private void watch(SimInterface link, SimInterface.Held held) {
        held.watched = true;
        long late = random.nextLong(
                random.nextInt(REMOVAL_LATE_ONE_IN) == 0 ? REMOVAL_LATE_NANOS_MAX : REMOVAL_LATE_NANOS_USUAL);
        after(held.expiresAt - now() + late, () -> expire(link, held));
    }

    private void expire(SimInterface link, SimInterface.Held held) {
        held.watched = false;
        if (!held.limited || !link.addresses.contains(held)) {
            return;
        }
        if (held.expiresAt - now() > 0) {
            watch(link, held);
            return;
        }
        trace("{}'s kernel removes {}: its lifetime is over", host, held.spec);
        remove(link, held);
    }

    @Nullable
    SimInterface holder(InetAddress address) {
        for (SimInterface link : interfaces.values()) {
            if (link.exists() && link.held(address) != null) {
                return link;
            }
        }
        return null;
    }

    /** Whether this machine would answer now if it were asked for the address. */
    boolean answers(InetAddress address) {
        SimInterface holder = suspended() ? null : holder(address);
        return holder != null && holder.up() && !hidden(address);
    }

    // Fence

    FenceRule rule(SimInterface link, FenceSpec spec) {
        for (FenceRule rule : rules) {
            if (rule.isFor(link, spec)) {
                // What a process left behind goes on to guard until its successor decides.
                rule.spec = spec;
                return rule;
            }
        }
        FenceRule added = new FenceRule(this, link, spec);
        rules.add(added);
        return added;
    }

    boolean hidden(InetAddress address) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).hides(address)) {
                return true;
            }
        }
        return false;
    }

    boolean passes(Flight advert) {
        for (int i = 0; i < rules.size(); i++) {
            if (!rules.get(i).passes(advert)) {
                return false;
            }
        }
        return true;
    }

    // Neighbours

    void carry(SimInterface from, Flight flight) {
        lan.wire.carry(from, flight);
    }

    void announce(SimInterface from, InetAddress address) {
        lan.wire.announce(from, address);
    }

    void probe(SimInterface from, InetAddress address) {
        lan.wire.probe(from, address);
    }

    void hearAnnouncement(SimInterface from, InetAddress address) {
        if (suspended()) {
            return;
        }
        Neighbor known = neighbors.get(address);
        if (known != null) {
            known.link = from;
            known.answeredAt = now();
        }
        hearClaim(from, address);
    }

    void hearClaim(SimInterface from, InetAddress address) {
        if (suspended()) {
            return;
        }
        for (SimInterface link : interfaces.values()) {
            if (link.up() && link.segment.equals(from.segment)) {
                host.process().notice(new Notice.Claim(link, address, from.hardwareAddress));
            }
        }
    }

    /** Who answers if this machine sends something to the address now; resolves it first if need be. */
    @Nullable
    SimHost ask(InetAddress address) {
        if (holder(address) != null) {
            return answers(address) ? host : null;
        }
        Neighbor known = neighbors.get(address);
        if (known != null && lan.wire.answersTo(this, known.link.kernel, address)) {
            known.answeredAt = now();
            return known.link.kernel.host;
        }
        if (known != null && now() - known.answeredAt < NEIGHBOR_PATIENCE_NANOS) {
            return null;
        }
        neighbors.remove(address);
        for (SimHost other : lan.hosts()) {
            SimInterface holder = other.kernel().holder(address);
            if (other != host && holder != null && lan.wire.answersTo(this, other.kernel(), address)) {
                neighbors.put(address, new Neighbor(holder, now()));
                return other;
            }
        }
        return null;
    }

    @Nullable
    SimHost neighbor(InetAddress address) {
        Neighbor known = neighbors.get(address);
        return known == null ? null : known.link.kernel.host;
    }

    // Troubles

    void failNext(SimFault fault) {
        faults.computeIfAbsent(fault.call(), call -> new ArrayDeque<>()).add(fault);
    }

    /** What the next call of this kind fails with, if it does. */
    @Nullable
    SimFault fault(SimFault.Call call) {
        ArrayDeque<SimFault> waiting = faults.get(call);
        SimFault fault = waiting == null ? null : waiting.poll();
        if (fault != null) {
            trace("{}: {}", host, fault);
            faultAt = lan.timeline.now();
            if (fault.outOfMemory()) {
                throw new InternalError(fault.message());
            }
        }
        return fault;
    }

    /** Whether it is about to refuse something, did so in the last so many nanoseconds, or has lost its packet filter's rules. */
    boolean failing(long nanos) {
        if (lan.timeline.now() - faultAt < nanos) {
            return true;
        }
        for (ArrayDeque<SimFault> waiting : faults.values()) {
            if (!waiting.isEmpty()) {
                return true;
            }
        }
        for (FenceRule rule : rules) {
            if (rule.flushed) {
                return true;
            }
        }
        return false;
    }

    void succeedAgain() {
        faults.clear();
    }

    boolean suspended() {
        return suspendedUntil > lan.timeline.now();
    }

    void suspend(long nanos) {
        if (!suspended()) {
            ticker.suspend();
        }
        suspendedUntil = Math.max(suspendedUntil, lan.timeline.later(nanos));
    }

    /** Whether the machine goes on; not yet if it was suspended once more. */
    boolean resume() {
        if (suspended()) {
            return false;
        }
        ticker.resume();
        return true;
    }

    private HardwareAddress randomHardwareAddress() {
        // Locally administered, unicast.
        return new HardwareAddress(random.nextLong() >>> 16 & ~(3L << 40) | 2L << 40);
    }

    private static final class Neighbor {
        SimInterface link;
        long answeredAt;

        Neighbor(SimInterface link, long answeredAt) {
            this.link = link;
            this.answeredAt = answeredAt;
        }
    }
}
