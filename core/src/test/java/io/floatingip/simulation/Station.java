package io.floatingip.simulation;

import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import io.floatingip.spi.Channel;
import io.floatingip.spi.DrivenNetwork;
import io.floatingip.spi.Fence;
import io.floatingip.spi.FenceSpec;
import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkSpec;
import io.floatingip.spi.NetworkListener;
import io.floatingip.spi.Outgoing;
import io.floatingip.spi.Packet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The least a process can do on a simulated host: listen, write down what it hears, and advertise if told to. */
final class Station implements DrivenNetwork.Loop, NetworkListener {
    static final InetAddress GROUP = address("224.0.0.18");
    static final VirtualAddress VIP = VirtualAddress.parse("10.0.0.10/32");
    static final long SECOND = 1_000_000_000L;
    private static final int VRID = 7;

    final List<String> heard = new ArrayList<>();
    final DrivenNetwork network;
    final Link link;
    final Fence fence;
    private final SimLan lan;
    private final InetAddress source;
    private final Outgoing out;
    private long interval = Long.MAX_VALUE;
    private long nextAt;
    private int priority = 100;

    Station(SimLan lan, SimHost host, String source) {
        this(lan, host, address(source), new Channel(IpFamily.IPV4, GROUP, false), GROUP);
    }

    Station(SimLan lan, SimHost host, InetAddress source, Channel channel, InetAddress destination) {
        this.lan = lan;
        this.source = source;
        network = host.network();
        try {
            link = network.open(new LinkSpec.Interface("eth0"));
            link.listen(channel);
            out = link.outgoing(channel, source, destination, 255);
            fence = link.fence(
                    new FenceSpec(channel, VRID, source, List.of(VIP.address()), 2_750_000_000L, 1_100_000_000L, true));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        network.attach(this);
    }

    /** Takes the address and advertises at this interval from now on. */
    Station serving(long newInterval) {
        run(() -> {
            fence.open();
            link.addAddress(VIP, 0);
        });
        return advertising(newInterval);
    }

    Station advertising(long newInterval) {
        interval = newInterval;
        nextAt = network.ticker().nanoTime();
        network.wakeup();
        return this;
    }

    @Override
    public long turn() {
        run(() -> network.drain(this));
        if (interval == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long now = network.ticker().nanoTime();
        if (now - nextAt >= 0) {
            run(() -> out.send(packet()));
            nextAt = network.ticker().nanoTime() + interval;
        }
        return Math.max(0, nextAt - network.ticker().nanoTime());
    }

    private ByteBuffer packet() {
        ByteBuffer packet = ByteBuffer.allocate(64);
        if (source.getAddress().length == 4) {
            packet.putInt(0x45c0_0000)
                    .putInt(0)
                    .putInt(0xff70_0000)
                    .put(source.getAddress())
                    .put(GROUP.getAddress());
        }
        packet.put((byte) 0x31)
                .put((byte) VRID)
                .put((byte) priority)
                .put((byte) 1)
                .putInt(0x0064_0000);
        return packet.put(VIP.address().getAddress()).flip();
    }

    void priority(int newPriority) {
        priority = newPriority;
    }

    @Override
    public void packet(Link from, Packet packet) {
        long waited = network.ticker().nanoTime() - packet.receivedAt();
        write("advert of " + packet.source().getHostAddress() + " ttl " + packet.hopLimit()
                + (waited == 0 ? "" : " after " + waited / 1_000_000 + " ms in the socket"));
    }

    @Override
    public void linkChanged(Link changed) {
        write("link " + (changed.info().up() ? "up " : "down ") + changed.info().ipv4());
    }

    @Override
    public void addressesRemoved(Link from) {
        run(() -> write("left " + from.addresses()));
    }

    @Override
    public void neighborClaims(Link at, InetAddress claimed, HardwareAddress claimant) {
        write(claimed.getHostAddress() + " is claimed");
    }

    @Override
    public void fenceDisturbed(Link at) {
        write("fence disturbed");
    }

    private void write(String line) {
        heard.add("+" + SimTrace.seconds(lan.now().toNanos()) + " " + line);
    }

    /** What the kernel refuses is written down as well. */
    void run(Request request) {
        try {
            request.make();
        } catch (IOException e) {
            write(String.valueOf(e.getMessage()));
        }
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    interface Request {
        void make() throws IOException;
    }
}
