package io.floatingip.simulation;

import io.floatingip.Role;
import io.floatingip.RoleChange;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold of a {@link Cluster} after everything that happens, whatever goes wrong. Nothing is proven by the names of states: who answers
 * for the address is asked of the kernels.
 */
final class Invariants implements Observer {
    private final Cluster cluster;
    private final SimLan lan;
    private final long intervalNanos;
    private final long inFlightNanos;
    private final long exchangeNanos;
    private final long silenceNanos;
    private boolean lossless = true;
    private long disturbedAt;
    // When an advert left that its host was stopped in the midst of sending, with the claim it belonged to.
    private long lateClaimAt = Long.MIN_VALUE / 2;
    private Node overlapFirst;
    private Node overlapSecond;
    private long overlapSince = -1;
    private boolean overlapBeganRunning;
    private long mastersOddSince = -1;
    /** The longest time for which two running hosts answered, for reports. */
    long overlapNanosMax;

    private Invariants(Cluster cluster) {
        this.cluster = cluster;
        lan = cluster.lan;
        intervalNanos = cluster.interval.toNanos();
        inFlightNanos =
                cluster.delayMax.plus(cluster.latenessMax.multipliedBy(2)).toNanos();
        // A master learns of another from its next advert, and lingers up to 50 ms for the sake of a smooth handover.
        exchangeNanos = intervalNanos + 2 * inFlightNanos + 50_000_000L;
        silenceNanos =
                cluster.masterDown().plus(cluster.interval.multipliedBy(3)).toNanos()
                        + Duration.ofSeconds(1).toNanos();
    }

    static Invariants watch(Cluster cluster) {
        Invariants watching = new Invariants(cluster);
        cluster.lan.observer = watching;
        cluster.lan.afterEveryStep(watching::check);
        return watching;
    }

    /** Packets may be lost, damaged or cut off from now on: what depends on adverts that arrive is not demanded. */
    Invariants lossy() {
        lossless = false;
        return this;
    }

    /** Something goes wrong or right: what must settle has time from now on. */
    void disturb() {
        disturbedAt = lan.timeline.now();
    }

    // What leaves the hosts

    @Override
    public void sent(SimHost host, Flight flight) {
        for (Node node : cluster.nodes) {
            if (node.host == host) {
                sent(node, flight);
            }
        }
    }

    private void sent(Node node, Flight flight) {
        if (flight.priority() == 0) {
            node.sentZeroThisStep = true;
            node.resigned = true;
            return;
        }
        check(!node.released, "S5: %s advertises after it was released", node);
        long now = lan.timeline.now();
        if (!node.masterBeforeStep && !node.sentThisStep) {
            node.claimedAt = now;
        }
        if (node.advertAt < node.openedAt() && now - node.openedAt() > inFlightNanos) {
            lateClaimAt = now;
        }
        node.advertAt = now;
        node.resigned = false;
        node.suspendedAtAdvert = node.host.kernel().ticker.suspendedNanos();
        node.sentThisStep = true;
    }

    @Override
    public void announced(SimHost host, InetAddress address) {
        for (Node node : cluster.nodes) {
            if (node.host == host) {
                node.announcedThisStep = true;
                check(
                        host.kernel().holder(address) != null
                                || node.impaired()
                                || !host.process().knowsRemovals(),
                        "S12: %s announces %s without having it",
                        node,
                        address.getHostAddress());
            }
        }
    }

    // After every step

    private void check() {
        for (int i = 0; i < cluster.nodes.size(); i++) {
            check(cluster.nodes.get(i));
        }
        checkOverlap();
        if (lossless) {
            checkMasters();
        }
    }

    private void check(Node node) {
        if (node.host.stops() != node.stopsBeforeStep) {
            node.stopsBeforeStep = node.host.stops();
            node.stoppedAt = lan.timeline.now();
            disturb();
        }
        if (node.host.kernel().suspended()) {
            node.suspendedAt = lan.timeline.now();
        }
        boolean master = node.master();
        if (node.sentThisStep && !node.sentZeroThisStep && lan.pausedInside != node.host && node.joined()) {
            // Stopped in the midst of a claim, it decides anew whether to become master.
            check(master || node.masterBeforeStep || node.stoppedThisStep, "S6: %s advertises and is no master", node);
        }
        if (master && !node.masterBeforeStep && !node.impaired() && lan.pausedInside != node.host) {
            // Unless its fence fell shut in the midst of the claim: then nothing leaves, and it finds out next.
            boolean told = node.announcedThisStep || node.host.kernel().hidden(cluster.vip());
            check(told, "S12: %s became master and announced nothing", node);
        }
        if (lan.pausedInside == node.host) {
            node.stoppedThisStep = true;
        } else {
            node.stoppedThisStep = false;
            node.sentThisStep = false;
            node.sentZeroThisStep = false;
            node.announcedThisStep = false;
            node.masterBeforeStep = master;
        }
        checkHolding(node, master);
    }

    private void checkHolding(Node node, boolean master) {
        SimKernel kernel = node.host.kernel();
        SimInterface holder = kernel.holder(cluster.vip());
        SimInterface.Held held = holder == null ? null : holder.held(cluster.vip());
        if (held == null || !held.ours || node.impaired()) {
            return;
        }
        if (node.joined() && node.running() && lan.turning == null && lan.pausedInside != node.host) {
            // In the turn after a claim that it was stopped in, it decides anew.
            boolean deciding = lan.timeline.now() - node.stoppedAt <= inFlightNanos;
            check(
                    master || deciding,
                    "S2: %s holds the address as %s",
                    node,
                    node.handle().role());
        }
        boolean answers = kernel.packetFilter && kernel.answers(cluster.vip()) && !node.suspendedSinceAdvert();
        if (answers) {
            long silent = lan.timeline.now() - Math.max(node.advertAt, node.openedAt());
            check(
                    silent <= cluster.lease().toNanos() + intervalNanos / 100 || !node.fenced(),
                    "S4: %s still answers %d ms after its last advert",
                    node,
                    silent / 1_000_000);
        }
    }

    /** S3 and S4: at no time do two hosts that hear each other answer for longer than it takes them to find out. */
    private void checkOverlap() {
        long now = lan.timeline.now();
        Node first = null;
        Node second = null;
        for (Node node : cluster.nodes) {
            if (node.host.kernel().answers(cluster.vip())) {
                if (first == null) {
                    first = node;
                } else if (connected(first, node)) {
                    second = node;
                }
            }
        }
        if (first == null || second == null) {
            overlapSince = -1;
            return;
        }
        Node stopped = !first.running() ? first : !second.running() ? second : null;
        if (overlapSince < 0 || first != overlapFirst || second != overlapSecond) {
            overlapFirst = first;
            overlapSecond = second;
            overlapSince = now;
            overlapBeganRunning = stopped == null;
        }
        if (!lossless || first.impaired() || second.impaired()) {
            return;
        }
        Node other = stopped == first ? second : first;
        if (stopped == null) {
            overlapNanosMax = Math.max(overlapNanosMax, now - overlapSince);
            check(
                    now - Math.max(overlapSince, disturbedAt) <= exchangeNanos,
                    "S3: %s and %s both answer since %s",
                    first,
                    second,
                    SimTrace.seconds(overlapSince));
            return;
        }
        // Preemption does not wait for anyone; who gives the address away serves it until it has a successor; an advert
        // that was on its way was not heard, nor one that was about to be sent; a claim that was stopped while its
        // advert
        // was being sent, for less than a lease, goes on when it is no longer right, and unseats who came meanwhile;
        // two
        // who were settling it may be stopped before they have; and nothing in a suspended machine can tell how long it
        // was.
        boolean unavoidable = cluster.preempt
                || overlapBeganRunning
                || other.claimedAt - other.openedAt() > inFlightNanos
                || lateClaimAt - stopped.advertAt >= 0
                || !stopped.fenced()
                || stopped.resigned
                || stopped.openedAt() > stopped.advertAt
                || other.claimedAt - stopped.advertAt <= inFlightNanos
                || stopped.suspendedSinceAdvert()
                || other.suspendedSinceAdvert()
                || other.suspendedAt >= stopped.advertAt;
        check(unavoidable, "S4: %s answers while %s, which does not run, still does", other, stopped);
    }

    /** S1 and L1: of those that hear each other and can take part, exactly one is master; if not, it does not stay so for long. */
    private void checkMasters() {
        int odd = 1;
        Node around = null;
        for (Node node : cluster.nodes) {
            int masters = able(node) ? mastersAround(node) : 1;
            if (masters != 1) {
                odd = masters;
                around = node;
            }
        }
        long now = lan.timeline.now();
        if (odd == 1) {
            mastersOddSince = -1;
            return;
        }
        if (mastersOddSince < 0) {
            mastersOddSince = now;
        }
        check(
                now - Math.max(mastersOddSince, disturbedAt) <= (odd == 0 ? silenceNanos : exchangeNanos),
                "S1, L1: %d masters around %s since %s",
                odd,
                around,
                SimTrace.seconds(mastersOddSince));
    }

    private int mastersAround(Node node) {
        int masters = 0;
        for (Node other : cluster.nodes) {
            if (able(other) && other.master() && (other == node || connected(node, other))) {
                masters++;
            }
        }
        return masters;
    }

    private static boolean able(Node node) {
        return node.joined() && node.running() && node.handle().role() != Role.FAULT;
    }

    private boolean connected(Node a, Node b) {
        return lan.connected(a.host, b.host) && lan.connected(b.host, a.host);
    }

    /** At the end, when everything has healed and enough time has passed: the right one has it, alone, and everyone knows. */
    void checkHealed() {
        check(cluster.masters().size() == 1, "L1: masters at the end are %s", cluster.masters());
        Node master = cluster.masters().get(0);
        if (cluster.preempt && !cluster.handedOver) {
            check(
                    master.priority == cluster.best().priority,
                    "%s is master at the end, not %s",
                    master,
                    cluster.best());
        }
        check(
                lan.answering(cluster.vip()).equals(Set.of(master.host)),
                "%s answer at the end, the master is %s",
                lan.answering(cluster.vip()),
                master);
        check(
                cluster.client.ask(cluster.vipText()).equals(Optional.of(master.host)),
                "L3: the client asks %s, the master is %s",
                cluster.client.neighbor(cluster.vipText()),
                master);
        cluster.nodes.forEach(this::checkCallbacks);
    }

    /** S11: every change was told once and in order, and the last one is how things are. */
    private void checkCallbacks(Node node) {
        if (!node.joined()) {
            return;
        }
        Role role = Role.FAULT;
        long epoch = 0;
        for (RoleChange change : node.changes) {
            epoch += change.to() == Role.MASTER ? 1 : 0;
            check(
                    change.from() == role && change.epoch() == epoch,
                    "S11: %s was told %s when it was %s for the %dth time",
                    node,
                    change,
                    role,
                    epoch);
            role = change.to();
        }
        check(
                role == node.handle().role(),
                "S11: %s was told %s last and is %s",
                node,
                role,
                node.handle().role());
    }

    private void check(boolean holds, String message, Object... things) {
        if (!holds) {
            throw new AssertionError(
                    "at +" + SimTrace.seconds(lan.timeline.now()) + " " + String.format(message, things));
        }
    }
}
