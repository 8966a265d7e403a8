package io.floatingip.simulation;

import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import io.floatingip.spi.Channel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A LAN in memory with a time of its own. Floating IPs that are joined on its {@linkplain SimHost hosts} run the real protocol, loop and codec
 * included; only kernel, network and clock are simulated. No root, no threads, no waiting: ten simulated minutes take milliseconds.
 *
 * <pre>{@code
 * SimLan lan = SimLan.withSeed(1);
 * SimHost a = lan.host("10.0.0.1");
 * SimHost b = lan.host("10.0.0.2");
 * List<String> log = new ArrayList<>();
 *
 * FloatingIp onA = FloatingIp.join(config(200).network(a.network()).build());
 * FloatingIp onB = FloatingIp.join(config(100)
 *         .network(b.network())
 *         .listener(RoleListener.onMaster(change -> log.add("b serves")))
 *         .build());
 *
 * lan.runFor(Duration.ofSeconds(10));
 * assertThat(lan.answering("10.0.0.10")).containsExactly(a);
 *
 * a.kill();
 * lan.runFor(Duration.ofSeconds(4));                    // 3 intervals and the skew of priority 100
 * assertThat(lan.answering("10.0.0.10")).containsExactly(b);
 * assertThat(log).containsExactly("b serves");
 * }</pre>
 *
 * <p><b>Time</b> passes only while someone lets it: in {@link #runFor}, in {@link #runUntil}, and in calls on a floating IP that wait, such as
 * {@code awaitRole} or {@code close}. Listeners are called then, one at a time for each host, and may themselves wait or let time pass: the
 * LAN goes on below, only the listeners of that host that come after have to wait.
 *
 * <p><b>Chance</b> comes from the seed alone. The same seed and the same calls give the same run to the nanosecond, so that a failure can be
 * looked at again; {@link #trace()} tells what happened.
 *
 * <p><b>Faults</b> of the network are set here and hold until they are set otherwise; those of a machine are on {@link SimHost}. Without any,
 * every packet arrives once, whole, after 0.1 ms.
 *
 * <p><b>Threads.</b> A LAN belongs to the thread that uses it; nothing here may be called by another.
 */
public final class SimLan {
    final Timeline timeline = new Timeline();
    final SimTrace trace = new SimTrace();
    final SimWire wire;
    /** Set by any thread that wakes a loop; looked at before everything that happens. */
    volatile boolean woken;
    /** The process whose loop is at work. */
    @Nullable
    SimNetwork turning;
    /** The host whose loop is stopped in the midst of a turn. */
    @Nullable
    SimHost pausedInside;

    private @Nullable Throwable failedInside;

    @Nullable
    Observer observer;

    private final SplittableRandom random;
    private final List<SimHost> hosts = new ArrayList<>();
    private final List<Runnable> checks = new ArrayList<>();
    private long schedulingDelayNanosMax;
    private @Nullable Thread driver;

    private SimLan(long seed) {
        random = new SplittableRandom(seed);
        wire = new SimWire(this, random.split());
    }

    /** A LAN without hosts. Everything random on it follows from the seed. */
    public static SimLan withSeed(long seed) {
        return new SimLan(seed);
    }

    /**
     * Adds a machine with these addresses on its interface {@code eth0}.
     *
     * @param addresses such as {@code 10.0.0.1} or {@code fe80::1}; the first IPv4 and the first link-local one are where adverts come from
     * @throws IllegalArgumentException if one is not an address
     */
    public SimHost host(String... addresses) {
        SimHost host = new SimHost(this, hosts.size(), nameOf(hosts.size()), random.split());
        hosts.add(host);
        wire.grow(hosts.size());
        return host.withInterface("eth0", addresses);
    }

    private static String nameOf(int number) {
        String last = String.valueOf((char) ('a' + number % 26));
        return number < 26 ? last : nameOf(number / 26 - 1) + last;
    }

    /** All machines, in the order they were added. */
    public List<SimHost> hosts() {
        return Collections.unmodifiableList(hosts);
    }

    // Time

    /** How much time has passed since this LAN was made. */
    public Duration now() {
        return Duration.ofNanos(timeline.now());
    }

    /** Does something inside a call of a loop, which must not take for its own what fails there: it is thrown again after the turn. */
    void insideTurn(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException | Error e) {
            failedInside = failedInside == null ? e : failedInside;
            throw e;
        }
    }

    void throwWhatFailedInside() {
        if (failedInside instanceof Error e) {
            throw e;
        } else if (failedInside != null) {
            throw (RuntimeException) failedInside;
        }
    }

    /** Lets so much time pass. */
    public void runFor(Duration duration) {
        runUntil(() -> false, duration);
    }

    /**
     * Lets time pass until the condition holds, at most so long; whether it holds. It is judged at the start, after everything that happens,
     * and at the end.
     *
     * @throws IllegalStateException in the midst of a turn of a loop, or while another thread lets time pass
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        return passUntil(condition, timeline.later(SimHost.nanos(limit)));
    }

    boolean passUntil(BooleanSupplier condition, long end) {
        if (turning != null) {
            throw new IllegalStateException(
                    "the loop of " + turning.host + " is at work: time cannot pass inside a turn of it");
        }
        Thread outer = driver;
        Thread me = Thread.currentThread();
        if (outer != null && outer != me) {
            throw new IllegalStateException(
                    "this LAN is driven by " + outer.getName() + " at present, not by " + me.getName());
        }
        driver = me;
        try {
            return pass(condition, end);
        } finally {
            driver = outer;
        }
    }

    private boolean pass(BooleanSupplier condition, long end) {
        while (!condition.getAsBoolean()) {
            if (woken) {
                woken = false;
                hosts.forEach(host -> host.process().turnIfWoken());
            }
            if (!timeline.step(end)) {
                return condition.getAsBoolean();
            }
            for (int i = 0; i < checks.size(); i++) {
                checks.get(i).run();
            }
        }
        return true;
    }

    /** Does something when so much time has passed: for plans of what goes wrong when. */
    public void after(Duration delay, Runnable what) {
        timeline.after(SimHost.nanos(delay), what);
    }

    /** Has something looked at after everything that happens, cheap and without letting time pass; what it throws ends the run. */
    public void afterEveryStep(Runnable check) {
        checks.add(check);
    }

    /** How late a loop may be turned after something arrived or became due, as on a busy machine: evenly from 0 to this. Default 0. */
    public SimLan schedulingDelay(Duration max) {
        schedulingDelayNanosMax = SimHost.nanos(max);
        return this;
    }

    long schedulingDelay() {
        return schedulingDelayNanosMax == 0 ? 0 : random.nextLong(schedulingDelayNanosMax + 1);
    }

    // The network's faults

    /**
     * How long a packet is on its way: evenly from min to max, each for itself, so that they overtake each other if sent closer together than
     * these differ. Default 0.1 ms.
     *
     * @throws IllegalArgumentException if negative, or min is more than max
     */
    public SimLan delay(Duration min, Duration max) {
        if (min.compareTo(max) > 0) {
            throw new IllegalArgumentException("min must not be more than max, got " + min + " and " + max);
        }
        wire.delayNanosMin = SimHost.nanos(min);
        wire.delayNanosMax = SimHost.nanos(max);
        return this;
    }

    /** How many of the packets do not arrive, each receiver counted for itself: 0 (default) to 1. */
    public SimLan loss(double share) {
        wire.loss = share(share);
        return this;
    }

    /** How many of the adverts arrive twice: 0 (default) to 1. */
    public SimLan duplication(double share) {
        wire.duplication = share(share);
        return this;
    }

    /** In how many of the adverts one bit is turned over on the way: 0 (default) to 1. In an IPv4 header the kernel notices and drops it. */
    public SimLan bitFlips(double share) {
        wire.bitFlips = share(share);
        return this;
    }

    private static double share(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share must be 0 to 1, got " + share);
        }
        return share;
    }

    /** Cuts the way between this host and all others, both ways; its interface stays up. */
    public SimLan cut(SimHost host) {
        trace("the cable of {} is cut", host);
        for (SimHost other : hosts) {
            if (other != host) {
                wire.block(host, other);
                wire.block(other, host);
            }
        }
        return this;
    }

    /** Cuts one direction: packets from one host to another are lost from now on. */
    public SimLan cutOneWay(SimHost from, SimHost to) {
        trace("the way from {} to {} is cut", from, to);
        wire.block(from, to);
        return this;
    }

    /** Divides the hosts: those of one set hear each other and nobody else. Those in none are a side of their own. Replaces all earlier cuts. */
    @SafeVarargs
    public final SimLan split(Set<SimHost> first, Set<SimHost>... others) {
        List<Set<SimHost>> sides = new ArrayList<>();
        sides.add(first);
        for (Set<SimHost> other : others) {
            sides.add(other);
        }
        trace("the LAN is split into {}", sides);
        wire.split(sides, hosts);
        return this;
    }

    /** Ends every cut and split. Loss, delay and the like stay as they are set. */
    public SimLan heal() {
        trace("the LAN heals");
        wire.heal();
        return this;
    }

    /** Whether packets from one host get to the other, loss aside. */
    public boolean connected(SimHost from, SimHost to) {
        return wire.reaches(from, to);
    }

    /**
     * Lets every host that listens there receive a packet of someone else's making, at once and as it is.
     *
     * @param source for IPv6; for IPv4 it is in the packet
     * @param destination a group or an address of a host
     * @param hopLimit for IPv6; for IPv4 it is in the packet
     * @param packet for IPv4 with its IP header, for IPv6 the message behind it
     */
    public void inject(InetAddress source, InetAddress destination, int hopLimit, byte[] packet) {
        IpFamily family = IpFamily.of(destination);
        boolean authenticated =
                family == IpFamily.IPV4 && packet.length > 9 && packet[9] == Flight.AUTHENTICATION_HEADER;
        Flight flight = Flight.foreign(new Channel(family, destination, authenticated), source, hopLimit, packet);
        trace("someone sends {} to {}", flight, destination.getHostAddress());
        for (SimHost host : hosts) {
            for (SimInterface link : host.kernel().interfaces.values()) {
                timeline.after(0, () -> host.process().arrive(link, flight));
            }
        }
    }

    // What holds

    /**
     * The hosts that would answer for the address now if each were asked directly, over its own hardware address: those that have it on an
     * interface that is up and whose fence does not hide it. This is the truth a floating IP is about, whoever the neighbours believe.
     */
    public Set<SimHost> answering(InetAddress address) {
        Set<SimHost> answering = new LinkedHashSet<>();
        for (SimHost host : hosts) {
            if (host.kernel().answers(address)) {
                answering.add(host);
            }
        }
        return answering;
    }

    /** {@link #answering(InetAddress)} for an address in words, such as {@code 10.0.0.10}. */
    public Set<SimHost> answering(String address) {
        return answering(VirtualAddress.parse(address).address());
    }

    /** What happened, a line each, oldest first: {@code +3.219s a sends advert 7 prio 200 to 224.0.0.18}. The newest 10,000 are kept. */
    public List<String> trace() {
        return trace.lines();
    }

    /** How many lines of the trace are kept; 0 for none. Default 10,000. */
    public SimLan keepTrace(int lines) {
        trace.keep(lines);
        return this;
    }

    /** Adds a line of your own to the trace. */
    public void note(String line) {
        trace("{}", line);
    }

    private void trace(String text, Object... things) {
        trace.add(timeline.now(), text, things);
    }
}
