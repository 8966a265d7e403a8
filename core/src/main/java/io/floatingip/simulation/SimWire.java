package io.floatingip.simulation;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What connects the interfaces of equal name, and everything that can happen to a packet between them. */
final class SimWire {
    private final SimLan lan;
    private final SplittableRandom random;
    private final Map<String, List<SimInterface>> segments = new HashMap<>();
    /** By number of sender and receiver. */
    private boolean[][] blocked = new boolean[0][0];

    long delayNanosMin = 100_000;
    long delayNanosMax = 100_000;
    double loss;
    double duplication;
    double bitFlips;

    SimWire(SimLan lan, SplittableRandom random) {
        this.lan = lan;
        this.random = random;
    }

    void connect(SimInterface link) {
        if (!link.processBound) {
            segments.computeIfAbsent(link.segment, name -> new ArrayList<>()).add(link);
        }
    }

    void disconnect(SimInterface link) {
        List<SimInterface> segment = segments.get(link.segment);
        if (segment != null) {
            segment.remove(link);
        }
    }

    // Cuts

    void grow(int hosts) {
        boolean[][] wider = new boolean[hosts][hosts];
        for (int i = 0; i < blocked.length; i++) {
            System.arraycopy(blocked[i], 0, wider[i], 0, blocked.length);
        }
        blocked = wider;
    }

    void block(SimHost from, SimHost to) {
        blocked[from.number()][to.number()] = true;
    }

    void split(List<? extends Collection<SimHost>> sides, Collection<SimHost> all) {
        for (SimHost from : all) {
            for (SimHost to : all) {
                blocked[from.number()][to.number()] = from != to && side(sides, from) != side(sides, to);
            }
        }
    }

    /** Those nobody names are on a side of their own together. */
    private static int side(List<? extends Collection<SimHost>> sides, SimHost host) {
        for (int i = 0; i < sides.size(); i++) {
            if (sides.get(i).contains(host)) {
                return i;
            }
        }
        return -1;
    }

    void heal() {
        blocked = new boolean[blocked.length][blocked.length];
    }

    /** Whether packets from one can get to the other. */
    boolean reaches(SimHost from, SimHost to) {
        return !blocked[from.number()][to.number()];
    }

    // Packets

    /** The switch has the packet: copies go to all it is for. */
    void carry(SimInterface from, Flight flight) {
        boolean multicast = flight.channel.multicast();
        for (SimInterface to : segment(from)) {
            if (isOwn(from, to) || !to.up()) {
                continue;
            }
            if (multicast || to.kernel.answers(flight.destination())) {
                carry(from, to, flight);
            }
        }
    }

    private static boolean isOwn(SimInterface from, SimInterface to) {
        return from.kernel == to.kernel && !(from == to && from.kernel.host.hearsItself());
    }

    private void carry(SimInterface from, SimInterface to, Flight flight) {
        SimHost sender = from.kernel.host;
        SimHost receiver = to.kernel.host;
        if (!receiver.process().receives(to, flight.channel)) {
            return;
        }
        if (!reaches(sender, receiver) || lost()) {
            to.kernel.trace("{} of {} to {} is lost", flight, sender, receiver);
            return;
        }
        arriveLater(to, flight);
        if (duplication > 0 && random.nextDouble() < duplication) {
            arriveLater(to, flight);
        }
    }

    private void arriveLater(SimInterface to, Flight flight) {
        Flight arriving = flight;
        if (bitFlips > 0 && random.nextDouble() < bitFlips) {
            arriving = flight.flipped(random.nextInt(flight.bits()));
            to.kernel.trace("{} to {} is damaged", flight, to.kernel.host);
        }
        if (arriving != null) {
            Flight whole = arriving;
            lan.timeline.after(delay(), () -> to.kernel.host.process().arrive(to, whole));
        }
    }

    void announce(SimInterface from, InetAddress address) {
        forAllOthers(from, to -> to.kernel.hearAnnouncement(from, address));
    }

    /** Asks everyone; whoever holds the address says so to the one who asks. */
    void probe(SimInterface from, InetAddress address) {
        forAllOthers(from, to -> answer(to, from, address));
    }

    private void answer(SimInterface answering, SimInterface asking, InetAddress address) {
        // Every machine answers once, not once for each of its interfaces on the segment.
        boolean first = firstOn(answering) == answering;
        boolean back = reaches(answering.kernel.host, asking.kernel.host) && !lost();
        if (first && back && answering.kernel.answers(address)) {
            SimInterface holder = answering.kernel.holder(address);
            if (holder != null) {
                lan.timeline.after(delay(), () -> asking.kernel.hearClaim(answering, address));
            }
        }
    }

    private @Nullable SimInterface firstOn(SimInterface link) {
        for (SimInterface each : segment(link)) {
            if (each.kernel == link.kernel && each.up()) {
                return each;
            }
        }
        return null;
    }

    private void forAllOthers(SimInterface from, Consumer<SimInterface> what) {
        for (SimInterface to : segment(from)) {
            if (to.kernel == from.kernel || !to.up() || !reaches(from.kernel.host, to.kernel.host) || lost()) {
                continue;
            }
            lan.timeline.after(delay(), () -> what.accept(to));
        }
    }

    /** Whether one machine, asking another for the address now, would be answered. */
    boolean answersTo(SimKernel asking, SimKernel answering, InetAddress address) {
        return reaches(asking.host, answering.host)
                && reaches(answering.host, asking.host)
                && shareSegment(asking, answering)
                && answering.answers(address)
                && !answering.host.process().refuses(address);
    }

    private static boolean shareSegment(SimKernel a, SimKernel b) {
        for (SimInterface mine : a.interfaces.values()) {
            for (SimInterface other : b.interfaces.values()) {
                if (mine.up() && other.up() && mine.segment.equals(other.segment)) {
                    return true;
                }
            }
        }
        return false;
    }

    private List<SimInterface> segment(SimInterface link) {
        return segments.getOrDefault(link.segment, List.of());
    }

    private boolean lost() {
        return loss > 0 && random.nextDouble() < loss;
    }

    private long delay() {
        return delayNanosMin == delayNanosMax ? delayNanosMin : random.nextLong(delayNanosMin, delayNanosMax + 1);
    }
}
