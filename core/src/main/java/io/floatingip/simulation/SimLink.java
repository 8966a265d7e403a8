package io.floatingip.simulation;

import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import io.floatingip.spi.Channel;
import io.floatingip.spi.Fence;
import io.floatingip.spi.FenceSpec;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkInfo;
import io.floatingip.spi.LinkSpec;
import io.floatingip.spi.Outgoing;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One interface as a process on a simulated machine sees it. Every call may be where the process is paused, killed or refused. */
final class SimLink implements Link {
    final SimInterface link;
    private final SimNetwork process;
    private final SimKernel kernel;
    private final LinkSpec spec;
    private final Set<Channel> listening = new HashSet<>();
    private Set<InetAddress> watched = Set.of();
    private final Set<InetAddress> probed = new HashSet<>();
    private Set<InetAddress> refused = Set.of();
    private LinkInfo info;

    SimLink(SimNetwork process, SimInterface link, LinkSpec spec) {
        this.process = process;
        this.link = link;
        this.spec = spec;
        kernel = process.kernel;
        info = link.info();
    }

    @Override
    public LinkInfo info() {
        return info;
    }

    void info(LinkInfo news) {
        info = news;
    }

    // Adverts

    @Override
    public void listen(Channel channel) throws IOException {
        act(SimFault.Call.LISTEN);
        failIf(SimFault.Call.LISTEN);
        listening.add(channel);
    }

    @Override
    public void ignore(Channel channel) {
        listening.remove(channel);
    }

    boolean listensTo(Channel channel) {
        return listening.contains(channel);
    }

    @Override
    public Outgoing outgoing(Channel channel, InetAddress source, InetAddress destination, int hopLimit) {
        Channel theirs = new Channel(channel.family(), destination, channel.authenticationHeader());
        return new Outgoing() {
            @Override
            public void send(ByteBuffer packet) throws IOException {
                SimLink.this.send(Flight.sent(theirs, source, hopLimit, packet));
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    private void send(Flight flight) throws IOException {
        act(SimFault.Call.SEND);
        failIf(SimFault.Call.SEND);
        requireUp("sendmsg");
        if (flight.channel.family() == IpFamily.IPV6 && kernel.holder(flight.source) == null) {
            throw new IOException("sendmsg from " + flight.source.getHostAddress() + ": EADDRNOTAVAIL (99)");
        }
        if (!kernel.passes(flight)) {
            kernel.trace("{}'s fence drops {}", process.host, flight);
            throw new IOException("sendmsg: ENOBUFS (105), dropped by the packet filter");
        }
        kernel.trace(
                "{} sends {} to {}", process.host, flight, flight.destination().getHostAddress());
        process.host.sent(flight);
        kernel.carry(link, flight);
    }

    // Addresses

    @Override
    public void addAddress(VirtualAddress address, int lifetimeSeconds) throws IOException {
        act(SimFault.Call.ADD);
        SimFault fault = kernel.fault(SimFault.Call.ADD);
        if (fault != null && fault != SimFault.ADD_ANSWER_LOST && fault != SimFault.ADD_UNDONE) {
            throw new IOException(fault.message());
        }
        boolean renewed = link.heldAs(address) != null;
        kernel.add(link, address, true, lifetimeSeconds);
        if (!renewed) {
            kernel.trace(
                    "{} adds {}{}",
                    process.host,
                    address,
                    lifetimeSeconds == 0 ? "" : " for " + lifetimeSeconds + " s");
        }
        if (fault == SimFault.ADD_ANSWER_LOST) {
            throw new IOException(fault.message());
        }
        if (fault == SimFault.ADD_UNDONE) {
            kernel.remove(link, address);
        }
    }

    @Override
    public void removeAddress(VirtualAddress address) throws IOException {
        act(SimFault.Call.REMOVE);
        SimFault fault = kernel.fault(SimFault.Call.REMOVE);
        if (fault != null && fault != SimFault.REMOVE_ANSWER_LOST) {
            throw new IOException(fault.message());
        }
        if (kernel.remove(link, address)) {
            kernel.trace("{} removes {}", process.host, address);
        }
        if (fault != null) {
            throw new IOException(fault.message());
        }
    }

    @Override
    public List<InetAddress> addresses() throws IOException {
        act(SimFault.Call.LIST);
        failIf(SimFault.Call.LIST);
        List<InetAddress> all = new ArrayList<>(link.addresses.size());
        for (SimInterface.Held held : link.addresses) {
            all.add(held.spec.address());
        }
        return all;
    }

    @Override
    public List<VirtualAddress> markedAddresses() throws IOException {
        act(SimFault.Call.LIST);
        failIf(SimFault.Call.LIST);
        List<VirtualAddress> marked = new ArrayList<>();
        for (SimInterface.Held held : link.addresses) {
            if (held.ours) {
                marked.add(held.spec);
            }
        }
        return marked;
    }

    // Neighbours

    @Override
    public void announce(InetAddress address) throws IOException {
        act(SimFault.Call.ANNOUNCE);
        failIf(SimFault.Call.ANNOUNCE);
        requireUp("sendto(AF_PACKET)");
        if (kernel.hidden(address)) {
            kernel.trace("{}'s fence drops the announcement of {}", process.host, address.getHostAddress());
            throw new IOException("sendto(AF_PACKET): ENOBUFS (105), dropped by the packet filter");
        }
        kernel.trace("{} announces {}", process.host, address.getHostAddress());
        process.host.announced(address);
        kernel.announce(link, address);
    }

    @Override
    public void probe(InetAddress address) throws IOException {
        act(SimFault.Call.PROBE);
        failIf(SimFault.Call.PROBE);
        requireUp("sendto(AF_PACKET)");
        probed.add(address);
        kernel.trace("{} asks who has {}", process.host, address.getHostAddress());
        kernel.probe(link, address);
    }

    @Override
    public void watch(Collection<InetAddress> addresses) throws IOException {
        act(SimFault.Call.OTHER);
        watched = Set.copyOf(addresses);
    }

    boolean watches(InetAddress address) {
        return watched.contains(address) || probed.contains(address);
    }

    // Packet filter

    @Override
    public Fence fence(FenceSpec fenceSpec) throws IOException {
        act(SimFault.Call.FENCE);
        SimFault fault = kernel.fault(SimFault.Call.FENCE);
        if (fault != null) {
            return new NoFence(fault.message());
        }
        if (!kernel.packetFilter) {
            return new NoFence("this kernel has no packet filter");
        }
        if (!fenceSpec.packetFilter()) {
            return new NoFence("the packet filter may not be used");
        }
        return new KernelFence(kernel.rule(link, fenceSpec));
    }

    /** Puts back the rules that someone flushed, if the kernel lets it; whether there were any. */
    boolean mendFences() {
        boolean any = false;
        for (FenceRule rule : kernel.rules) {
            if (rule.link == link && rule.flushed) {
                SimFault fault = kernel.fault(SimFault.Call.FENCE_REPAIR);
                rule.flushed = fault != null;
                rule.lost = fault == null ? "" : fault.message();
                any = true;
            }
        }
        return any;
    }

    @Override
    public void refuseTraffic(Collection<InetAddress> addresses) throws IOException {
        act(SimFault.Call.OTHER);
        refused = Set.copyOf(addresses);
    }

    boolean refuses(InetAddress address) {
        return refused.contains(address);
    }

    @Override
    public void close() {
        if (process.alive()) {
            process.closed(this);
        }
    }

    @Override
    public String toString() {
        return spec.toString();
    }

    private void act(SimFault.Call call) throws IOException {
        process.host.act(call);
        if (!process.alive()) {
            throw new IOException("this process of " + process.host + " was killed");
        }
    }

    private void failIf(SimFault.Call call) throws IOException {
        SimFault fault = kernel.fault(call);
        if (fault != null) {
            throw new IOException(fault.message());
        }
    }

    private void requireUp(String call) throws IOException {
        if (!link.exists()) {
            throw new IOException(call + " on " + link.name + ": ENXIO (6), the interface is gone");
        }
        if (!link.up()) {
            throw new IOException(call + " on " + link.name + ": ENETDOWN (100)");
        }
    }

    private final class KernelFence implements Fence {
        private final FenceRule rule;

        KernelFence(FenceRule rule) {
            this.rule = rule;
        }

        @Override
        public void open() throws IOException {
            act(SimFault.Call.FENCE_OPEN);
            SimFault fault = kernel.fault(SimFault.Call.FENCE_OPEN);
            if (fault != null) {
                rule.lost = fault.message();
                throw new IOException(fault.message());
            }
            rule.open();
            kernel.trace("{} opens fence {}", process.host, rule.spec.virtualRouterId());
        }

        @Override
        public void openFor(long nanos) throws IOException {
            open();
            rule.openFor(nanos);
        }

        @Override
        public void closeAfter(long nanos) {
            rule.closeAfter(nanos);
        }

        @Override
        public void shut() throws IOException {
            act(SimFault.Call.FENCE_SHUT);
            failIf(SimFault.Call.FENCE_SHUT);
            rule.shut();
        }

        @Override
        public State state() {
            return rule.lost.isEmpty() ? new State(true, "") : State.none(rule.lost);
        }

        @Override
        public void close() {
            if (process.alive()) {
                kernel.rules.remove(rule);
            }
        }
    }

    private static final class NoFence implements Fence {
        private final String reason;

        NoFence(String reason) {
            this.reason = reason;
        }

        @Override
        public void open() {
            // Nothing guards.
        }

        @Override
        public void openFor(long nanos) {
            // Nothing guards.
        }

        @Override
        public void closeAfter(long nanos) {
            // Nothing guards.
        }

        @Override
        public void shut() {
            // Nothing guards.
        }

        @Override
        public State state() {
            return State.none(reason);
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
