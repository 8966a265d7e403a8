package io.floatingip.simulation;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** What goes wrong with a {@link Cluster}, and when: by chance, from its seed, and all of it healed at the end. */
final class FaultPlan {
    private static final SimFault[] FAULTS = SimFault.values();

    private final Cluster cluster;
    private final Invariants invariants;
    private final SplittableRandom random;
    private final List<Kind> kinds;
    private final Set<Node> withoutInterface = new HashSet<>();
    private int removals;

    /** What can happen, one of {@link FaultPlan}'s methods each. */
    enum Kind {
        CUT,
        CUT_ONE_WAY,
        SPLIT,
        HEAL,
        PAUSE,
        PAUSE_AT_SEND,
        PAUSE_AT_CALL,
        SUSPEND,
        KILL,
        KILL_IN_PAUSE,
        RESTART,
        LEAVE,
        HAND_OVER,
        STAND_DOWN,
        PRIORITY,
        WALL_CLOCK,
        REFUSE,
        OVERRUN,
        FLUSH,
        LINK_DOWN,
        LINK_UP,
        REMOVE_INTERFACE,
        REMOVE_ADDRESS,
        ADD_ADDRESS,
        GARBAGE
    }

    static final EnumSet<Kind> PARTITIONS = EnumSet.range(Kind.CUT, Kind.HEAL);
    static final EnumSet<Kind> PAUSES = EnumSet.range(Kind.PAUSE, Kind.WALL_CLOCK);
    static final EnumSet<Kind> ALL = EnumSet.allOf(Kind.class);

    FaultPlan(Cluster cluster, Invariants invariants, EnumSet<Kind> kinds) {
        this.cluster = cluster;
        this.invariants = invariants;
        this.kinds = List.copyOf(kinds);
        random = cluster.random.split();
    }

    /** Lets things go wrong for so long. */
    void run(Duration duration) {
        Duration end = cluster.lan.now().plus(duration);
        while (cluster.lan.now().compareTo(end) < 0) {
            cluster.run(upTo(Duration.ofSeconds(random.nextInt(3) == 0 ? 1 : 6)));
            happen(kinds.get(random.nextInt(kinds.size())), node());
            invariants.disturb();
        }
    }

    /** Puts everything right that does not come right by itself, and waits until it can have. */
    void heal() {
        SimLan lan = cluster.lan;
        lan.heal().loss(0).duplication(0).bitFlips(0);
        for (Node node : cluster.nodes) {
            node.host.kernel().succeedAgain();
            node.host.pauseAtNextSend(Duration.ZERO);
            node.host.pauseAfterCalls(0, Duration.ZERO);
            if (withoutInterface.contains(node)) {
                recreateInterface(node);
            }
            node.host.linkUp();
            SimInterface holder = node.host.kernel().holder(cluster.vip());
            if (holder != null && !node.master()) {
                node.host.removeAddress(cluster.vipText());
            }
        }
        // The longest pause; or the time after which a node tries again that had its address taken away or refused, and
        // how long it then leaves the master alone.
        cluster.run(Duration.ofSeconds(kinds.contains(Kind.REMOVE_ADDRESS) ? 100 : 12));
        for (Node node : cluster.nodes) {
            if (!node.joined()) {
                node.host.restart();
                node.join();
            }
        }
        invariants.disturb();
        cluster.run(cluster.masterDown().multipliedBy(2).plus(Duration.ofSeconds(10)));
    }

    private void happen(Kind kind, Node node) {
        SimHost host = node.host;
        switch (kind) {
            case CUT -> cluster.lan.cut(host);
            case CUT_ONE_WAY -> cluster.lan.cutOneWay(host, node().host);
            case SPLIT -> split();
            case HEAL -> cluster.lan.heal();
            case PAUSE -> host.pause(pause());
            case PAUSE_AT_SEND -> host.pauseAtNextSend(pauseInCall());
            case PAUSE_AT_CALL -> host.pauseAfterCalls(random.nextInt(30), pauseInCall());
            case SUSPEND -> host.suspend(pause());
            case KILL -> host.kill();
            case KILL_IN_PAUSE -> {
                Duration pause = pauseInCall();
                host.pauseAfterCalls(random.nextInt(30), pause);
                SimNetwork process = host.process();
                cluster.lan.after(upTo(pause), () -> {
                    if (host.process() == process) {
                        host.kill();
                    }
                });
            }
            case RESTART -> restart(node);
            case LEAVE -> leave(node);
            case HAND_OVER -> {
                if (node.joined()) {
                    cluster.handedOver = true;
                    node.handle().handOver();
                }
            }
            case STAND_DOWN -> {
                if (node.joined()) {
                    cluster.handedOver = true;
                    node.handle().standDown(Duration.ofMillis(1 + random.nextInt(10_000)));
                }
            }
            case PRIORITY -> {
                if (node.joined()) {
                    node.priority = 1 + random.nextInt(254);
                    node.handle().setPriority(node.priority);
                }
            }
            case WALL_CLOCK -> host.stepWallClock(Duration.ofSeconds(random.nextInt(-100_000, 100_000)));
            case REFUSE -> {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    host.failNext(FAULTS[random.nextInt(FAULTS.length)]);
                }
            }
            case OVERRUN -> host.overrunNetlink();
            case FLUSH -> host.flushPacketFilter();
            case LINK_DOWN -> host.linkDown();
            case LINK_UP -> host.linkUp();
            case REMOVE_INTERFACE -> removeOrRecreateInterface(node);
            case REMOVE_ADDRESS -> removeAddress(node);
            case ADD_ADDRESS -> addAddress(node);
            case GARBAGE -> garbage();
        }
    }

    private void split() {
        Set<SimHost> side = new HashSet<>();
        for (Node node : cluster.nodes) {
            if (random.nextBoolean()) {
                side.add(node.host);
            }
        }
        if (random.nextBoolean()) {
            side.add(cluster.client);
        }
        cluster.lan.split(side);
    }

    private void restart(Node node) {
        node.host.restart();
        node.join();
    }

    private void leave(Node node) {
        if (node.joined()) {
            node.handle().close();
            node.left();
        } else {
            restart(node);
        }
    }

    private void removeOrRecreateInterface(Node node) {
        if (withoutInterface.contains(node)) {
            recreateInterface(node);
        } else {
            withoutInterface.add(node);
            node.host.removeInterface("eth0");
        }
    }

    private void recreateInterface(Node node) {
        withoutInterface.remove(node);
        int number = cluster.nodes.indexOf(node) + 1;
        node.host.recreateInterface("eth0", "10.0.0." + number, "fe80::" + number);
    }

    private void removeAddress(Node node) {
        // More often within a minute is a fault of its own.
        if (removals++ < 5) {
            node.host.removeAddress(cluster.vipText());
        }
    }

    private void addAddress(Node node) {
        SimInterface link = node.host.kernel().interfaces.get("eth0");
        if (link.exists() && link.held(cluster.vip()) == null) {
            node.host.addAddress(cluster.vipText());
            cluster.lan.after(upTo(Duration.ofSeconds(4)), () -> {
                SimInterface.Held held = link.held(cluster.vip());
                if (held != null && !held.ours) {
                    node.host.removeAddress(cluster.vipText());
                }
            });
        }
    }

    /** Something that looks a little like an advert of this virtual router. */
    private void garbage() {
        byte[] message = new byte[random.nextInt(40)];
        random.nextBytes(message);
        if (message.length > 2 && random.nextBoolean()) {
            message[0] = 0x31;
            message[1] = 7;
        }
        InetAddress source = Station.address(cluster.ipv6 ? "fe80::66" : "10.0.0.66");
        InetAddress group = Station.address(cluster.ipv6 ? "ff02::12" : "224.0.0.18");
        if (cluster.ipv6) {
            cluster.lan.inject(source, group, 255 - random.nextInt(2), message);
            return;
        }
        byte[] header = {0x45, 0, 0, 0, 0, 0, 0, 0, (byte) (255 - random.nextInt(2)), 112, 0, 0};
        byte[] packet = ByteBuffer.allocate(20 + message.length)
                .put(header)
                .put(source.getAddress())
                .put(group.getAddress())
                .put(message)
                .array();
        cluster.lan.inject(source, group, 255, packet);
    }

    private Node node() {
        return cluster.nodes.get(random.nextInt(cluster.nodes.size()));
    }

    private Duration pause() {
        return upTo(cluster.interval.multipliedBy(random.nextInt(3) == 0 ? 2 : 10));
    }

    // A process that is stopped for much longer in the very call that adds its address adds it when its fence does not
    // guard any more: the one thing the fence cannot help.
    private Duration pauseInCall() {
        return upTo(cluster.lease().plusSeconds(2));
    }

    private Duration upTo(Duration max) {
        return Duration.ofNanos(1 + random.nextLong(max.toNanos()));
    }
}
