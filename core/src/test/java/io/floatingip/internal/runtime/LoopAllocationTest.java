package io.floatingip.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.floatingip.Announcements;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import io.floatingip.VirtualAddress;
import io.floatingip.spi.Channel;
import io.floatingip.spi.DrivenNetwork;
import io.floatingip.spi.Fence;
import io.floatingip.spi.FenceSpec;
import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.HeldAddress;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkInfo;
import io.floatingip.spi.LinkSpec;
import io.floatingip.spi.NetworkListener;
import io.floatingip.spi.Outgoing;
import io.floatingip.spi.Packet;
import io.floatingip.spi.Ticker;
import java.lang.management.ManagementFactory;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole turn of the loop makes no garbage while nothing changes, whatever is joined: measured as bytes allocated by this thread. */
class LoopAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long INTERVAL = 100_000_000L;
    private static final int TURNS = 2000;

    /** Hands over what this host is to hear, and keeps what it says. */
    private final Recording network = new Recording();

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.66/24", "10.0.0.66/24 2001:db8::66/64"})
    void aMasterAdvertises(String addresses) {
        FloatingIp master = join(150, "10.0.0.1", addresses.split(" "));
        masterFrom(master);

        assertThat(allocatedByATurn(network::pass)).isZero();
        assertThat(network.sent).isGreaterThan(TURNS);
        assertThat(master.status().role()).isEqualTo(Role.MASTER);
    }

    @Test
    void aBackupHearsItsMaster() {
        FloatingIp better = join(200, "10.0.0.99", "10.0.0.66/24");
        masterFrom(better);
        ByteBuffer advert = ByteBuffer.wrap(network.lastSent.clone(), 0, network.lastSentLength);
        better.close();

        FloatingIp backup = join(150, "10.0.0.1", "10.0.0.66/24");
        network.heard = advert;
        network.pass();
        long sentBefore = network.sent;
        assertThat(allocatedByATurn(network::pass)).isZero();
        assertThat(backup.status().role()).isEqualTo(Role.BACKUP);
        assertThat(backup.status().master()).map(InetAddress::getHostAddress).contains("10.0.0.99");
        assertThat(network.sent).isEqualTo(sentBefore);
    }

    private FloatingIp join(int priority, String source, String... addresses) {
        FloatingIpConfig.Builder config = FloatingIpConfig.builder()
                .network(network)
                .networkInterface("eth0")
                .virtualRouterId(52)
                .priority(priority)
                .source(Recording.ip(source))
                .announcements(Announcements.defaults().refresh(Duration.ZERO))
                .advertInterval(Duration.ofNanos(INTERVAL));
        for (String address : addresses) {
            config.address(address);
        }
        return FloatingIp.join(config.build());
    }

    /** Until the announcements after its claim are over. */
    private void masterFrom(FloatingIp floatingIp) {
        for (int i = 0; i < 100; i++) {
            network.pass();
        }
        assertThat(floatingIp.status().role()).isEqualTo(Role.MASTER);
    }

    /** The least of a few rounds: the JVM itself may allocate in one, for a compiled method or a resolved call. */
    private static long allocatedByATurn(Runnable turn) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < TURNS; i++) {
                turn.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    /** One interface and nobody else; each turn is an interval later. */
    private static final class Recording implements DrivenNetwork, Link, Fence {
        private static final Set<InetAddress> OWN = Set.of(ip("10.0.0.1"), ip("10.0.0.99"));

        private final Packet view = new Packet();
        private final Set<InetAddress> addresses = new LinkedHashSet<>();
        private final byte[] lastSent = new byte[2048];
        private final LinkInfo info = new LinkInfo(
                "eth0",
                1,
                true,
                1500,
                HardwareAddress.NONE,
                List.of((Inet4Address) ip("10.0.0.1")),
                List.of((Inet6Address) ip("fe80::1")));
        private final Ticker ticker = this::now;
        private final Fence.State state = new Fence.State(true, "");
        private Loop loop;
        private ByteBuffer heard;
        private int lastSentLength;
        private long now;
        private long due;
        private long sent;

        private long now() {
            return now;
        }

        void pass() {
            now += Math.min(due, INTERVAL);
            due = loop.turn();
        }

        @Override
        public boolean drain(NetworkListener listener) {
            if (heard != null) {
                listener.packet(this, view.setIpv4(heard, now));
            }
            return false;
        }

        @Override
        public Outgoing outgoing(Channel channel, InetAddress source, InetAddress destination, int hopLimit) {
            return new Outgoing() {
                @Override
                public void send(ByteBuffer packet) {
                    lastSentLength = packet.remaining();
                    packet.get(packet.position(), lastSent, 0, lastSentLength);
                    sent++;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void attach(Loop newLoop) {
            loop = newLoop;
            due = 0;
        }

        @Override
        public Optional<Loop> attached() {
            return Optional.ofNullable(loop);
        }

        @Override
        public void detach() {
            loop = null;
        }

        @Override
        public boolean runUntil(BooleanSupplier condition, Duration limit) {
            long end = now + limit.toNanos();
            while (!condition.getAsBoolean() && now - end < 0) {
                pass();
            }
            return condition.getAsBoolean();
        }

        @Override
        public Executor callbacks() {
            return Runnable::run;
        }

        @Override
        public Ticker ticker() {
            return ticker;
        }

        @Override
        public Link open(LinkSpec spec) {
            return this;
        }

        @Override
        public Optional<HeldAddress> holder(InetAddress address) {
            return OWN.contains(address) ? Optional.of(new HeldAddress("eth0", 24, false)) : Optional.empty();
        }

        @Override
        public void addAddress(VirtualAddress address, int lifetimeSeconds) {
            addresses.add(address.address());
        }

        @Override
        public void removeAddress(VirtualAddress address) {
            addresses.remove(address.address());
        }

        @Override
        public List<InetAddress> addresses() {
            return List.copyOf(addresses);
        }

        @Override
        public List<VirtualAddress> markedAddresses() {
            return List.of();
        }

        @Override
        public LinkInfo info() {
            return info;
        }

        @Override
        public Fence fence(FenceSpec spec) {
            return this;
        }

        @Override
        public Fence.State state() {
            return state;
        }

        // Nothing to do, nothing to give back.

        @Override
        public void open() {}

        @Override
        public void openFor(long nanos) {}

        @Override
        public void closeAfter(long nanos) {}

        @Override
        public void shut() {}

        @Override
        public void await(long nanos) {}

        @Override
        public void wakeup() {}

        @Override
        public void listen(Channel channel) {}

        @Override
        public void ignore(Channel channel) {}

        @Override
        public void announce(InetAddress address) {}

        @Override
        public void probe(InetAddress address) {}

        @Override
        public void watch(Collection<InetAddress> watched) {}

        @Override
        public void refuseTraffic(Collection<InetAddress> refused) {}

        @Override
        public void close() {}

        private static InetAddress ip(String literal) {
            try {
                return InetAddress.getByName(literal);
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        }
    }
}
