package io.floatingip.linux;

import static io.floatingip.linux.TwoHosts.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.IpFamily;
import io.floatingip.spi.Channel;
import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.Link;
import io.floatingip.spi.NetworkListener;
import io.floatingip.spi.Outgoing;
import io.floatingip.spi.Packet;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdvertsIT {
    private static final Channel IPV4 = new Channel(IpFamily.IPV4, address("224.0.0.18"), false);
    private static final Channel IPV6 = new Channel(IpFamily.IPV6, address("ff02::12"), false);
    private static final String ADVERT = "310a64010064c8d9c0000201";

    private TwoHosts hosts;
    private Link onA;
    private Link onB;

    @BeforeEach
    void openBoth() throws Exception {
        hosts = new TwoHosts();
        onA = hosts.a.open("eth0");
        onB = hosts.b.open("eth0");
    }

    @AfterEach
    void closeBoth() throws Exception {
        if (hosts != null) {
            hosts.close();
        }
    }

    @Test
    void ipv4GroupHearsTheAdvertWithItsHeaderAndTheSenderDoesNot() throws Exception {
        hosts.a.run(() -> onA.listen(IPV4));
        hosts.b.run(() -> onB.listen(IPV4));
        send(IPV4, "10.0.0.1", "224.0.0.18", ipv4("10.0.0.1", "224.0.0.18", 112));
        hosts.b.until(() -> !hosts.b.heard.packets.isEmpty());
        assertThat(hosts.b.heard.packets).containsExactly("10.0.0.1 > 224.0.0.18 protocol 112 hops 255 " + ADVERT);
        assertThat(hosts.b.heard.ages.get(0)).isBetween(0L, TimeUnit.SECONDS.toNanos(5));
        hosts.a.drain();
        assertThat(hosts.a.heard.packets).isEmpty();
    }

    @Test
    void ipv6GroupHearsTheAdvertWithAChecksumTheKernelFilled() throws Exception {
        hosts.b.run(() -> onB.listen(IPV6));
        send(
                IPV6,
                "fe80::a",
                "ff02::12",
                HexFormat.of().parseHex("310a640100640000" + "fe80" + "00".repeat(13) + "01"));
        hosts.b.until(() -> !hosts.b.heard.packets.isEmpty());
        assertThat(hosts.b.heard.packets)
                .singleElement()
                .asString()
                .startsWith("fe80:0:0:0:0:0:0:a > ff02:0:0:0:0:0:0:12 protocol 112 hops 255 310a64010064")
                .doesNotContain("0064" + "0000");
    }

    @Test
    void peersHearEachOtherWithoutGroups() throws Exception {
        Channel ipv4 = new Channel(IpFamily.IPV4, address("10.0.0.2"), false);
        Channel ipv6 = new Channel(IpFamily.IPV6, address("fe80::b"), false);
        hosts.b.run(() -> {
            onB.listen(ipv4);
            onB.listen(ipv6);
        });
        send(ipv4, "10.0.0.1", "10.0.0.2", ipv4("10.0.0.1", "10.0.0.2", 112));
        send(ipv6, "fe80::a", "fe80::b", HexFormat.of().parseHex("310a640100640000"));
        hosts.b.until(() -> hosts.b.heard.packets.size() == 2);
        assertThat(hosts.b.heard.packets)
                .anySatisfy(p -> assertThat(p).isEqualTo("10.0.0.1 > 10.0.0.2 protocol 112 hops 255 " + ADVERT))
                .anySatisfy(
                        p -> assertThat(p).startsWith("fe80:0:0:0:0:0:0:a > fe80:0:0:0:0:0:0:b protocol 112 hops 255"));
    }

    @Test
    void authenticationHeadersTravelOnASocketOfTheirOwn() throws Exception {
        Channel authenticated = new Channel(IpFamily.IPV4, address("224.0.0.18"), true);
        hosts.b.run(() -> {
            onB.listen(authenticated);
            onB.listen(IPV4);
        });
        send(authenticated, "10.0.0.1", "224.0.0.18", ipv4("10.0.0.1", "224.0.0.18", 51));
        hosts.b.until(() -> !hosts.b.heard.packets.isEmpty());
        assertThat(hosts.b.heard.packets).containsExactly("10.0.0.1 > 224.0.0.18 protocol 51 hops 255 " + ADVERT);
    }

    @Test
    void otherGroupsAndIgnoredChannelsAreNotHeard() throws Exception {
        Channel custom = new Channel(IpFamily.IPV4, address("239.1.2.3"), false);
        hosts.b.run(() -> {
            onB.listen(custom);
            onB.listen(IPV4);
            onB.ignore(IPV4);
        });
        send(IPV4, "10.0.0.1", "224.0.0.18", ipv4("10.0.0.1", "224.0.0.18", 112));
        send(custom, "10.0.0.1", "239.1.2.3", ipv4("10.0.0.1", "239.1.2.3", 112));
        hosts.b.until(() -> !hosts.b.heard.packets.isEmpty());
        hosts.b.drain();
        assertThat(hosts.b.heard.packets).containsExactly("10.0.0.1 > 239.1.2.3 protocol 112 hops 255 " + ADVERT);
    }

    @Test
    void everyLinkThatListensHearsThePacketThroughOneSocket() throws Exception {
        Link second = hosts.b.open("eth0");
        hosts.b.run(() -> {
            onB.listen(IPV4);
            second.listen(IPV4);
        });
        String sockets = hosts.b.sh("cat /proc/net/raw");
        assertThat(sockets.lines().filter(line -> line.contains("120000E0:0070")))
                .hasSize(1);
        send(IPV4, "10.0.0.1", "224.0.0.18", ipv4("10.0.0.1", "224.0.0.18", 112));
        hosts.b.until(() -> hosts.b.heard.packets.size() == 2);
        hosts.b.run(onB::close);
        send(IPV4, "10.0.0.1", "224.0.0.18", ipv4("10.0.0.1", "224.0.0.18", 112));
        hosts.b.until(() -> hosts.b.heard.packets.size() == 3);
        hosts.b.run(second::close);
        assertThat(hosts.b.sh("cat /proc/net/raw").lines().filter(line -> line.contains(":0070")))
                .isEmpty();
    }

    @Test
    void packetReadLateSaysWhenItArrived() throws Exception {
        hosts.b.run(() -> onB.listen(IPV4));
        // The kernel begins to stamp packets some milliseconds after the first socket has asked for it.
        long moment = TimeUnit.MILLISECONDS.toNanos(10);
        for (int attempt = 0; readAfter(moment) < moment; attempt++) {
            assertThat(attempt).isLessThan(200);
        }
        assertThat(readAfter(TimeUnit.MILLISECONDS.toNanos(300)))
                .isBetween(TimeUnit.MILLISECONDS.toNanos(300), TimeUnit.SECONDS.toNanos(5));
    }

    /** The age that a packet claims when the reader was busy elsewhere for some time. */
    private long readAfter(long nanos) throws Exception {
        hosts.b.heard.ages.clear();
        send(IPV4, "10.0.0.1", "224.0.0.18", ipv4("10.0.0.1", "224.0.0.18", 112));
        long sent = System.nanoTime();
        while (System.nanoTime() - sent < nanos) {
            Thread.onSpinWait();
        }
        hosts.b.drain();
        assertThat(hosts.b.heard.ages).hasSize(1);
        return hosts.b.heard.ages.get(0);
    }

    @Test
    void floodStopsTheDrainBeforeItsEnd() throws Exception {
        hosts.b.run(() -> onB.listen(IPV4));
        Outgoing out = hosts.a.call(() -> onA.outgoing(IPV4, address("10.0.0.1"), address("224.0.0.18"), 255));
        ByteBuffer packet = ByteBuffer.wrap(ipv4("10.0.0.1", "224.0.0.18", 112));
        hosts.a.run(() -> {
            for (int i = 0; i < 5000; i++) {
                out.send(packet);
            }
        });
        assertThat(hosts.b.<Boolean>call(() -> hosts.b.network().drain(hosts.b.heard)))
                .isTrue();
        assertThat(hosts.b.heard.packets).hasSizeBetween(3900, 4100);
        assertThat(hosts.b.<Boolean>call(() -> hosts.b.network().drain(hosts.b.heard)))
                .isFalse();
    }

    @Test
    void interfaceThatIsDownFailsTheSendWithTheKernelsReason() throws Exception {
        Outgoing out = hosts.a.call(() -> onA.outgoing(IPV4, address("10.0.0.1"), address("224.0.0.18"), 255));
        hosts.a.ip("link set eth0 down");
        ByteBuffer packet = ByteBuffer.wrap(ipv4("10.0.0.1", "224.0.0.18", 112));
        assertThatThrownBy(() -> hosts.a.run(() -> out.send(packet)))
                .isInstanceOfSatisfying(
                        NativeIoException.class, e -> assertThat(e.errnoName()).isIn("ENETDOWN", "ENETUNREACH"));
        hosts.a.ip("link set eth0 up");
        hosts.a.run(() -> out.send(packet));
    }

    @Test
    void packetsDroppedByTheQueueOfTheInterfaceFailTheSend() throws Exception {
        Outgoing out = hosts.a.call(() -> onA.outgoing(IPV4, address("10.0.0.1"), address("224.0.0.18"), 255));
        hosts.a.sh("tc qdisc add dev eth0 root tbf rate 8kbit burst 1540 limit 1540");
        ByteBuffer packet = ByteBuffer.wrap(ipv4("10.0.0.1", "224.0.0.18", 112));
        assertThatThrownBy(() -> hosts.a.run(() -> {
                    for (int i = 0; i < 1000; i++) {
                        out.send(packet);
                    }
                }))
                .isInstanceOfSatisfying(
                        NativeIoException.class, e -> assertThat(e.errnoName()).isEqualTo("ENOBUFS"));
    }

    @Test
    void deadPeerDoesNotCostAnotherPeersAdvert() throws Exception {
        Channel unicast = new Channel(IpFamily.IPV4, address("10.0.0.1"), false);
        Channel atB = new Channel(IpFamily.IPV4, address("10.0.0.2"), false);
        Outgoing dead = hosts.a.call(() -> onA.outgoing(unicast, address("10.0.0.1"), address("10.0.0.3"), 255));
        Outgoing alive = hosts.a.call(() -> onA.outgoing(unicast, address("10.0.0.1"), address("10.0.0.2"), 255));
        hosts.b.ip("addr add 10.0.0.3/24 dev eth0");
        hosts.b.run(() -> onB.listen(atB));
        for (int i = 1; i <= 20; i++) {
            int expected = i;
            // 10.0.0.3 answers with "protocol unreachable": nobody listens there.
            hosts.a.run(() -> {
                dead.send(ByteBuffer.wrap(ipv4("10.0.0.1", "10.0.0.3", 112)));
                alive.send(ByteBuffer.wrap(ipv4("10.0.0.1", "10.0.0.2", 112)));
            });
            hosts.b.until(() -> hosts.b.heard.packets.size() == expected);
        }
    }

    @Test
    void interfaceThatComesBackUnderItsNameIsUsedAgain() throws Exception {
        hosts.b.run(() -> {
            onB.listen(IPV4);
            onB.listen(IPV6);
        });
        Outgoing out = hosts.b.call(() -> onB.outgoing(IPV4, address("10.0.0.2"), address("224.0.0.18"), 255));
        hosts.b.ip("link del eth0");
        hosts.b.until(() -> onB.info().index() == 0);
        assertThat(onB.info().up()).isFalse();
        assertThat(hosts.b.heard.linkChanges).isPositive();
        assertThat(hosts.b.call(onB::addresses)).isEmpty();
        assertThatThrownBy(() -> hosts.b.run(() -> out.send(ByteBuffer.wrap(ipv4("10.0.0.2", "224.0.0.18", 112)))))
                .isInstanceOfSatisfying(
                        NativeIoException.class, e -> assertThat(e.errnoName()).isEqualTo("ENODEV"));
        hosts.a.until(() -> onA.info().index() == 0);

        // Another number on purpose.
        hosts.b.ip("link add spare type veth");
        TwoHosts.sh(
                "ip -n " + hosts.a.namespace + " link add eth0 type veth peer name eth0 netns " + hosts.b.namespace);
        hosts.a.ip("link set eth0 up");
        hosts.b.ip("link set eth0 up");
        hosts.a.ip("addr add 10.0.0.1/24 dev eth0");
        hosts.b.ip("addr add 10.0.0.2/24 dev eth0");
        hosts.a.until(() -> onA.info().up() && !onA.info().ipv4().isEmpty());
        hosts.b.until(() -> onB.info().up() && !onB.info().ipv4().isEmpty());
        hosts.a.run(() -> onA.listen(IPV4));
        hosts.b.run(() -> out.send(ByteBuffer.wrap(ipv4("10.0.0.2", "224.0.0.18", 112))));
        hosts.a.until(() -> !hosts.a.heard.packets.isEmpty());
        send(IPV4, "10.0.0.1", "224.0.0.18", ipv4("10.0.0.1", "224.0.0.18", 112));
        hosts.b.until(() -> !hosts.b.heard.packets.isEmpty());
    }

    @Test
    void sendingAndReceivingAllocateNothing() throws Exception {
        hosts.b.run(() -> onB.listen(IPV4));
        Outgoing out = hosts.a.call(() -> onA.outgoing(IPV4, address("10.0.0.1"), address("224.0.0.18"), 255));
        ByteBuffer packet = ByteBuffer.wrap(ipv4("10.0.0.1", "224.0.0.18", 112));
        Counting counting = new Counting();
        exchange(out, packet, counting, 20_000);
        counting.packets = 0;
        long[] bytes = exchange(out, packet, counting, 5_000);
        assertThat(counting.packets).isEqualTo(5_000);
        // The measurement itself and a compilation at the wrong moment may cost some hundred bytes; a packet must not.
        assertThat(bytes[0]).as("bytes of the sender").isLessThan(5_000);
        assertThat(bytes[1]).as("bytes of the receiver").isLessThan(5_000);
    }

    private long[] exchange(Outgoing out, ByteBuffer packet, Counting counting, int times) throws Exception {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sender = 0;
        long receiver = 0;
        long sendNanos = 0;
        long receiveNanos = 0;
        for (int round = 0; round < times / 500; round++) {
            long[] sent = hosts.a.call(() -> {
                long before = threads.getCurrentThreadAllocatedBytes();
                long start = System.nanoTime();
                for (int i = 0; i < 500; i++) {
                    out.send(packet);
                }
                long end = System.nanoTime();
                return new long[] {threads.getCurrentThreadAllocatedBytes() - before, end - start};
            });
            long[] received = hosts.b.call(() -> {
                long before = threads.getCurrentThreadAllocatedBytes();
                long start = System.nanoTime();
                hosts.b.network().await(0);
                hosts.b.network().drain(counting);
                long end = System.nanoTime();
                return new long[] {threads.getCurrentThreadAllocatedBytes() - before, end - start};
            });
            sender += sent[0];
            receiver += received[0];
            sendNanos += sent[1];
            receiveNanos += received[1];
        }
        System.out.println(times + " adverts: sent in " + sendNanos / times + " ns and " + (double) sender / times
                + " bytes each, received in " + receiveNanos / times + " ns and " + (double) receiver / times
                + " bytes");
        return new long[] {sender, receiver};
    }

    @Test
    void waitsForNanosecondsAndEndsWhenWoken() throws Exception {
        hosts.a.run(() -> {
            hosts.a.network().drain(hosts.a.heard);
            for (int i = 0; i < 50; i++) {
                long start = System.nanoTime();
                hosts.a.network().await(200_000);
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(200_000);
            }
        });
        hosts.a.network().wakeup();
        hosts.a.run(() -> hosts.a.network().await(Long.MAX_VALUE));
        Thread waker = new Thread(() -> hosts.a.network().wakeup());
        hosts.a.run(() -> {
            waker.start();
            hosts.a.network().await(Long.MAX_VALUE);
        });
        waker.join();
    }

    @Test
    void absentAndUnfitInterfacesAreRefusedWithTheReason() throws Exception {
        assertThatThrownBy(() -> hosts.a.open("eth9"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no interface eth9; this machine has lo, eth0");
        Link lo = hosts.a.open("lo");
        assertThatThrownBy(() -> hosts.a.run(() -> lo.listen(IPV4))).hasMessageContaining("loopback");
    }

    private void send(Channel channel, String source, String destination, byte[] packet) throws Exception {
        hosts.a.run(() -> {
            try (Outgoing out = onA.outgoing(channel, address(source), address(destination), 255)) {
                out.send(ByteBuffer.wrap(packet));
            }
        });
    }

    /** An IPv4 packet with an advert; the kernel fills header checksum and length. */
    private static byte[] ipv4(String source, String destination, int protocol) {
        byte[] advert = HexFormat.of().parseHex(ADVERT);
        ByteBuffer out = ByteBuffer.allocate(20 + advert.length);
        out.put((byte) 0x45)
                .put((byte) 0xc0)
                .putShort((short) out.capacity())
                .putShort((short) 1)
                .putShort((short) 0);
        out.put((byte) 255).put((byte) protocol).putShort((short) 0);
        out.put(address(source).getAddress())
                .put(address(destination).getAddress())
                .put(advert);
        return out.array();
    }

    private static final class Counting implements NetworkListener {
        int packets;
        long sum;

        @Override
        public void packet(Link link, Packet packet) {
            packets++;
            sum += packet.sourceLow() + packet.receivedAt();
        }

        @Override
        public void linkChanged(Link link) {}

        @Override
        public void addressesRemoved(Link link) {}

        @Override
        public void neighborClaims(Link link, InetAddress address, HardwareAddress claimant) {}

        @Override
        public void fenceDisturbed(Link link) {}
    }
}
