package io.floatingip.simulation;

import io.floatingip.FloatingIpConfig;
import io.floatingip.VirtualAddress;
import io.floatingip.VrrpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Some nodes that want the same floating IP, and a client on the same LAN. Everything random about them follows from the seed. */
final class Cluster {
    private static final String VIP = "10.0.0.10";
    private static final String VIP_IPV6 = "fe80::10";

    final SimLan lan;
    final SplittableRandom random;
    final List<Node> nodes = new ArrayList<>();
    final SimHost client;
    final VirtualAddress address;
    final VrrpVersion version;
    final Duration interval;
    final boolean preempt;
    final boolean ipv6;
    /** Whether someone gave the address away and leaves it to whoever took it. */
    boolean handedOver;
    /** Longest delay of a packet and of a turn. */
    final Duration delayMax = Duration.ofMillis(4);

    final Duration latenessMax = Duration.ofMillis(2);

    /** Two to four nodes of different priorities, version, family and interval by chance. */
    Cluster(long seed, boolean preempt) {
        this.preempt = preempt;
        random = new SplittableRandom(seed);
        lan = SimLan.withSeed(seed).keepTrace(1500);
        lan.delay(Duration.ofNanos(50_000), delayMax).schedulingDelay(latenessMax);
        ipv6 = random.nextInt(4) == 0;
        version = !ipv6 && random.nextInt(4) == 0 ? VrrpVersion.V2 : VrrpVersion.V3;
        interval = version == VrrpVersion.V2 || random.nextInt(4) != 0 ? Duration.ofSeconds(1) : Duration.ofMillis(200);
        address = VirtualAddress.parse(ipv6 ? VIP_IPV6 : VIP);
        client = lan.host("10.0.0.99", "fe80::99").named("client");
        int count = 2 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            SimHost host = lan.host("10.0.0." + (i + 1), "fe80::" + (i + 1)).named(String.valueOf((char) ('a' + i)));
            nodes.add(new Node(this, host, 100 + 20 * i + random.nextInt(20)));
        }
    }

    FloatingIpConfig.Builder config(Node node) {
        return FloatingIpConfig.builder()
                .name(node.host.toString())
                .networkInterface("eth0")
                .virtualRouterId(7)
                .version(version)
                .priority(node.priority)
                .advertInterval(interval)
                .preempt(preempt)
                .address(address);
    }

    Cluster joinAll() {
        nodes.forEach(Node::join);
        return this;
    }

    InetAddress vip() {
        return address.address();
    }

    String vipText() {
        return ipv6 ? VIP_IPV6 : VIP;
    }

    /** The longest a backup of this cluster waits for a silent master. */
    Duration masterDown() {
        return interval.multipliedBy(4);
    }

    /** How long a fence stays open after the last advert. */
    Duration lease() {
        return interval.multipliedBy(11).dividedBy(4);
    }

    /** The node whose priority is the highest of those that have joined. */
    Node best() {
        Node best = null;
        for (Node node : nodes) {
            if (node.joined() && (best == null || node.priority > best.priority)) {
                best = node;
            }
        }
        if (best == null) {
            throw new AssertionError("nobody has joined");
        }
        return best;
    }

    List<Node> masters() {
        List<Node> masters = new ArrayList<>();
        for (Node node : nodes) {
            if (node.master()) {
                masters.add(node);
            }
        }
        return masters;
    }

    void run(Duration duration) {
        lan.runFor(duration);
    }
}
