package io.floatingip.simulation;

import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.VrrpVersion;
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
    private final long leaseNanos;
    private final long openNanos;
    private final long successorNanos;
    private final long inFlightNanos;
    private final long exchangeNanos;
    private final long silenceNanos;
    private boolean lossless = true;
    private boolean whole = true;
    private long disturbedAt;
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
        leaseNanos = cluster.lease().toNanos();
        // The longest skew, the margin after it, and how much later than the loop the fence ends that.
        successorNanos = (cluster.version == VrrpVersion.V2 ? 1_000_000_000L : intervalNanos)
                + 50_000_000L
                + 25_000_000L
                + cluster.latenessMax.toNanos();
        // As long as a decision holds, and a tick of the kernel.
        openNanos = Math.max(intervalNanos / 4, 25_000_000L) + 10_000_000L;
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
        whole = false;
        return this;
    }

    /** The network may be cut from now on and loses nothing else: those that hear each other still settle who answers. */
    Invariants partitioned() {
        whole = false;
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
            node.resignedAt = lan.timeline.now();
            return;
        }
        check(!node.released, "S5: %s advertises after it was released", node);
        long now = lan.timeline.now();
        node.advertAt = now;
        node.advertPriority = flight.priority();
        node.preempted = false;
        for (Node other : cluster.nodes) {
            other.preempted |= cluster.preempt && other.advertPriority < node.advertPriority;
        }
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
        if (whole) {
            checkMasters();
        }
    }

    private void check(Node node) {
        noteOpening(node);
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
            // Unless it was stopped on the way to the wire, and no fence held that advert back because the kernel had
            // refused to open it.
            boolean refused = node.stoppedInStep && (node.impaired() || !node.fenced());
            check(master || node.masterBeforeStep || refused, "S6: %s advertises and is no master", node);
        }
        if (master && !node.masterBeforeStep && !node.impaired() && lan.pausedInside != node.host) {
            // Unless its fence fell shut in the midst of the claim: then nothing leaves, and it finds out next.
            boolean told = node.announcedThisStep || node.host.kernel().hidden(cluster.vip());
            check(told, "S12: %s became master and announced nothing", node);
        }
        // What was sent before a stop in the midst of a turn need not be right after it.
        node.sentThisStep = false;
        node.sentZeroThisStep = false;
        if (lan.pausedInside != node.host) {
            node.announcedThisStep = false;
            node.masterBeforeStep = master;
        }
        node.stoppedInStep = lan.pausedInside == node.host;
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
            long now = lan.timeline.now();
            boolean advertised = now - node.advertAt <= leaseNanos + intervalNanos / 100;
            check(
                    advertised || !node.fenced(),
                    "S4: %s still answers %d ms after its last advert",
                    node,
                    (now - node.advertAt) / 1_000_000);
            // Priority 0 starts the others' skew, which is a second at most.
            long gone = now - node.resignedAt;
            check(
                    !node.resigned || gone <= successorNanos || !node.fenced(),
                    "S4: %s still answers %d ms after its good-bye",
                    node,
                    gone / 1_000_000);
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
        check(unavoidable(stopped, other), "S4: %s answers while %s, which does not run, still does", other, stopped);
    }

    /** Whether two answer, one of which was stopped meanwhile, for one of the reasons that nobody can do anything about. */
    private boolean unavoidable(Node stopped, Node other) {
        Node late = stopped.openedSeen >= other.openedSeen ? stopped : other;
        Node early = late == stopped ? other : stopped;
        // Who preempts does not wait for the adverts of a lesser one, nor learns that they have ended; nor does the one
        // to whom it gives the address next.
        boolean preempted = early.preempted || cluster.preempt && late.advertPriority > early.advertPriority;
        // Who gives the address away serves it until it has a successor; its fence closes soon after that (S4 above).
        boolean leaving = early.resigned;
        // Two that had claimed at once were settling it (S3 bounds that), and one was stopped before they had.
        boolean contended = overlapBeganRunning;
        return preempted || leaving || contended || unheard(late, early) || missedInSuspension(late, early);
    }

    /**
     * Whether the later of two claims was decided when nothing could be known of the earlier master: its last advert until then was on its way,
     * or left after the decision, which may be a quarter of the interval old when it is carried out.
     */
    private boolean unheard(Node late, Node early) {
        long heardOf = Math.max(late.advertsAtOpening[cluster.nodes.indexOf(early)], early.openedSeen);
        return late.openedSeen - heardOf <= inFlightNanos + openNanos;
    }

    /** Nothing in a suspended machine can tell how long that was: its lease stands still, and what was sent to it is lost. */
    private boolean missedInSuspension(Node late, Node early) {
        return late.suspendedSinceAdvert()
                || early.suspendedSinceAdvert()
                || late.suspendedAt >= late.advertsAtOpening[cluster.nodes.indexOf(early)];
    }

    private void noteOpening(Node node) {
        long openedAt = node.openedAt();
        if (openedAt != node.openedSeen) {
            node.openedSeen = openedAt;
            for (int i = 0; i < node.cluster.nodes.size(); i++) {
                node.advertsAtOpening[i] = cluster.nodes.get(i).advertAt;
            }
        }
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
