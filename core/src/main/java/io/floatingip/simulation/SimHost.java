package io.floatingip.simulation;

import io.floatingip.VirtualAddress;
import io.floatingip.spi.DrivenNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * A machine on a {@link SimLan}: a kernel with clocks, interfaces and addresses, and on it at most one process, whose floating IPs are joined
 * on {@link #network()}. A host that never joins one is an ordinary neighbour, which can {@linkplain #ask ask} who holds an address or
 * {@linkplain #addAddress hold one} that it should not.
 *
 * <p>Three things can be stopped, and they differ in what goes on without them:
 *
 * <table>
 * <caption>What goes on</caption>
 * <tr><th></th><th>process</th><th>kernel: addresses, fence, {@code nanoTime}</th><th>packets sent to it</th></tr>
 * <tr><td>{@link #pause} (garbage collection, SIGSTOP)</td><td>stands still</td><td>goes on</td><td>wait in the socket</td></tr>
 * <tr><td>{@link #suspend} (the whole machine)</td><td>stands still</td><td>stands still</td><td>are lost</td></tr>
 * <tr><td>{@link #kill} (SIGKILL)</td><td>is gone</td><td>goes on</td><td>are not read</td></tr>
 * </table>
 *
 * <p>Used by the thread of its LAN alone. Unless said otherwise nothing throws, and what is done takes effect at once.
 */
public final class SimHost {
    private static final String FIRST_INTERFACE = "eth0";

    private final SimLan lan;
    private final int number;
    private final SimKernel kernel;
    private SimNetwork process;
    private String name;
    private boolean hearsItself;
    private long callbackDelayNanos;

    private long pausedUntil;
    private long pauseNextSendNanos;
    private long pauseLaterNanos;
    private int callsUntilPause;
    private int stops;

    SimHost(SimLan lan, int number, String name, SplittableRandom random) {
        this.lan = lan;
        this.number = number;
        this.name = name;
        kernel = new SimKernel(this, lan, random);
        process = new SimNetwork(this, kernel, lan);
    }

    // Set up

    /** Gives it a name for the trace; without one, hosts are called a, b, c and so on. */
    public SimHost named(String newName) {
        name = newName;
        return this;
    }

    /**
     * Adds an interface, up and with a cable. Interfaces of equal name are on one segment of the LAN, those of different names never hear each
     * other. Every host has {@code eth0}.
     *
     * @param addresses such as {@code 10.0.0.1}, {@code 10.0.0.1/24} or {@code fe80::1}
     */
    public SimHost withInterface(String interfaceName, String... addresses) {
        if (!kernel.interfaces.containsKey(interfaceName)) {
            kernel.plug(interfaceName);
        }
        for (String address : addresses) {
            place(link(interfaceName), VirtualAddress.parse(address));
        }
        return this;
    }

    /** Gives it a kernel without a packet filter: only the lifetimes of addresses guard against a stopped process. */
    public SimHost withoutPacketFilter() {
        kernel.packetFilter = false;
        return this;
    }

    /** Whether its multicast packets come back to itself, as on some wireless bridges. Default false. */
    public SimHost hearsItself(boolean value) {
        hearsItself = value;
        return this;
    }

    /** Lets each call of a listener begin so much later than it could, as on a busy machine. Default 0. */
    public SimHost callbackDelay(Duration delay) {
        callbackDelayNanos = nanos(delay);
        return this;
    }

    // The process

    /**
     * What its process joins floating IPs on: pass it to the configuration. After {@link #kill} and {@link #restart} it is another one, and
     * handles from before are as dead as the process they were in.
     *
     * @throws IllegalStateException if the process was killed and not restarted
     */
    public DrivenNetwork network() {
        if (!process.alive()) {
            throw new IllegalStateException("the process on " + name + " was killed; restart() starts another");
        }
        return process;
    }

    /** Whether it has a process: not between {@link #kill} and {@link #restart}. */
    public boolean alive() {
        return process.alive();
    }

    /** Whether its process is stopped now, alone or with the machine. */
    public boolean paused() {
        return process.alive() && !running();
    }

    /**
     * Stops the process for so long, as a long garbage collection or SIGSTOP does. The kernel goes on: it answers for its addresses until
     * their lifetimes or the fence end that, and keeps what arrives until the socket is full.
     */
    public void pause(Duration duration) {
        stops++;
        pausedUntil = Math.max(pausedUntil, lan.timeline.later(nanos(duration)));
        kernel.trace("{} pauses for {}", this, SimTrace.seconds(nanos(duration)));
        lan.timeline.after(nanos(duration), this::resume);
    }

    /**
     * Lets a pause begin when its loop sends the next time: everything is decided, the packet leaves after the pause. Time passes inside that
     * call, so that a run which was to end earlier ends with the pause. If another host is in such a pause already, this one waits for the
     * first send after that. Zero: not any more.
     */
    public void pauseAtNextSend(Duration duration) {
        pauseNextSendNanos = nanos(duration);
    }

    /**
     * Like {@link #pauseAtNextSend}, for any call: the loop makes so many calls to the kernel (read, send, add or remove an address, announce,
     * open the fence ...) and is paused before the next one takes effect.
     *
     * @param calls 0 or more
     */
    public void pauseAfterCalls(int calls, Duration duration) {
        if (calls < 0) {
            throw new IllegalArgumentException("calls must be 0 or more, got " + calls);
        }
        callsUntilPause = calls;
        pauseLaterNanos = nanos(duration);
    }

    /**
     * Stops the whole machine for so long: its {@code nanoTime} does not advance, {@code suspendedNanos} does, lifetimes and leases stand
     * still, packets to it are lost. The wall clock is right afterwards.
     */
    public void suspend(Duration duration) {
        kernel.trace("{} is suspended for {}", this, SimTrace.seconds(nanos(duration)));
        stops++;
        kernel.suspend(nanos(duration));
        lan.timeline.after(nanos(duration), () -> {
            if (kernel.resume()) {
                resume();
            }
        });
    }

    /** SIGKILL: the process is gone, in the midst of whatever it was doing; no callback is called any more. Its addresses stay. */
    public void kill() {
        if (process.alive()) {
            kernel.trace("{} is killed", this);
            process.die();
        }
    }

    /**
     * Starts a new process on the same kernel, which may still have the addresses of the last one, marked as this library's. Kills the last
     * one if need be. It has joined nothing yet: do that with the new {@link #network()}.
     */
    public SimHost restart() {
        kill();
        pausedUntil = 0;
        pauseNextSendNanos = 0;
        pauseLaterNanos = 0;
        process = new SimNetwork(this, kernel, lan);
        kernel.trace("{} restarts", this);
        return this;
    }

    /** Sets the wall clock forward or, negative, back. Nothing but time stamps may change. */
    public void stepWallClock(Duration step) {
        kernel.ticker.stepWallClock(step.toNanos());
    }

    // The kernel

    /** Lets the next calls of the process to its kernel fail so, each kind in the order given. */
    public void failNext(SimFault... faults) {
        for (SimFault fault : faults) {
            kernel.failNext(fault);
        }
    }

    /** Loses what the kernel was about to tell its process about interfaces and addresses; the process reads everything anew. */
    public void overrunNetlink() {
        kernel.trace("{} loses netlink notifications", this);
        process.overrun();
    }

    /** Flushes the packet filter, as a reloaded firewall does; the process puts its rules back when it runs. */
    public void flushPacketFilter() {
        kernel.trace("{}'s packet filter is flushed", this);
        for (FenceRule rule : kernel.rules) {
            rule.flushed = true;
            process.notice(new Notice.Disturbed(rule.link));
        }
    }

    /** Adds an address to {@code eth0} as an administrator would: without the mark of this library. No effect if it has it. */
    public void addAddress(String address) {
        addAddress(FIRST_INTERFACE, address);
    }

    /** Adds an address to an interface as an administrator would: without the mark of this library. No effect if it has it. */
    public void addAddress(String interfaceName, String address) {
        VirtualAddress added = VirtualAddress.parse(address);
        SimInterface link = link(interfaceName);
        if (link.held(added.address()) == null) {
            kernel.trace("someone adds {} to {}", added, this);
            place(link, added);
        }
    }

    private void place(SimInterface link, VirtualAddress address) {
        try {
            kernel.add(link, address, false, 0);
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Takes an address off whatever interface it is on, as an administrator would, whoever put it there. */
    public void removeAddress(String address) {
        InetAddress removed = VirtualAddress.parse(address).address();
        SimInterface link = kernel.holder(removed);
        if (link != null) {
            kernel.trace("someone removes {} from {}", address, this);
            kernel.remove(link, removed);
        }
    }

    /** Sends a gratuitous ARP or neighbour advertisement for an address from {@code eth0}, rightly or not, without the process. */
    public void announce(String address) {
        kernel.trace("someone on {} announces {}", this, address);
        kernel.announce(link(FIRST_INTERFACE), VirtualAddress.parse(address).address());
    }

    /** Takes the carrier from {@code eth0}. Its global IPv6 addresses are gone with it, as in Linux. */
    public void linkDown() {
        linkDown(FIRST_INTERFACE);
    }

    /** Takes the carrier from an interface. Its global IPv6 addresses are gone with it, as in Linux. */
    public void linkDown(String interfaceName) {
        kernel.trace("{}'s {} goes down", this, interfaceName);
        kernel.carrier(link(interfaceName), false);
    }

    /** Gives {@code eth0} its carrier back. */
    public void linkUp() {
        linkUp(FIRST_INTERFACE);
    }

    /** Gives an interface its carrier back. */
    public void linkUp(String interfaceName) {
        kernel.trace("{}'s {} goes up", this, interfaceName);
        kernel.carrier(link(interfaceName), true);
    }

    /** Removes an interface with all of its addresses. */
    public void removeInterface(String interfaceName) {
        kernel.trace("{}'s {} is removed", this, interfaceName);
        kernel.remove(link(interfaceName));
    }

    /** Creates an interface again that was {@linkplain #removeInterface removed}: another index, and only these addresses. */
    public void recreateInterface(String interfaceName, String... addresses) {
        kernel.trace("{}'s {} is created again", this, interfaceName);
        kernel.recreate(link(interfaceName));
        for (String address : addresses) {
            place(link(interfaceName), VirtualAddress.parse(address));
        }
    }

    // What holds

    /** Whether its kernel has the address on some interface, whoever put it there. */
    public boolean holds(String address) {
        return kernel.holder(VirtualAddress.parse(address).address()) != null;
    }

    /** Everything its kernel has on {@code eth0}, in the order of adding. */
    public List<VirtualAddress> addresses() {
        List<VirtualAddress> all = new ArrayList<>();
        for (SimInterface.Held held : link(FIRST_INTERFACE).addresses) {
            all.add(held.spec);
        }
        return all;
    }

    /**
     * Which host answers now if this one sends something to the address. It goes where this host believes the address to be, and that is
     * found out by asking only if it does not know, or if nobody has answered there for 8 seconds; an announcement corrects it. Takes no time.
     */
    public Optional<SimHost> ask(String address) {
        return Optional.ofNullable(kernel.ask(VirtualAddress.parse(address).address()));
    }

    /** Where this host believes the address to be, if it has ever asked. */
    public Optional<SimHost> neighbor(String address) {
        return Optional.ofNullable(kernel.neighbor(VirtualAddress.parse(address).address()));
    }

    /** Its name. */
    @Override
    public String toString() {
        return name;
    }

    // For the other classes

    int number() {
        return number;
    }

    SimKernel kernel() {
        return kernel;
    }

    SimNetwork process() {
        return process;
    }

    boolean hearsItself() {
        return hearsItself;
    }

    long callbackDelayNanos() {
        return callbackDelayNanos;
    }

    /** How often it was stopped and went on. */
    int stops() {
        return stops;
    }

    boolean running() {
        return process.alive() && pausedUntil <= lan.timeline.now() && !kernel.suspended();
    }

    private void resume() {
        if (running()) {
            stops++;
            kernel.trace("{} resumes", this);
            process.resume();
        }
    }

    /** The loop makes a call to its kernel: where a pause may begin. */
    void act(SimFault.Call call) {
        if (pauseNextSendNanos == 0 && pauseLaterNanos == 0) {
            return;
        }
        if (lan.turning != process || lan.pausedInside != null) {
            return;
        }
        if (pauseNextSendNanos != 0 && call == SimFault.Call.SEND) {
            long nanos = pauseNextSendNanos;
            pauseNextSendNanos = 0;
            pauseInside(nanos);
        } else if (pauseLaterNanos != 0 && callsUntilPause-- == 0) {
            long nanos = pauseLaterNanos;
            pauseLaterNanos = 0;
            pauseInside(nanos);
        }
    }

    private void pauseInside(long nanos) {
        SimNetwork mine = process;
        pause(Duration.ofNanos(nanos));
        lan.pausedInside = this;
        lan.turning = null;
        try {
            while (mine.alive() && !running()) {
                lan.insideTurn(() -> lan.passUntil(() -> !mine.alive() || running(), Long.MAX_VALUE));
            }
        } finally {
            lan.turning = mine;
            lan.pausedInside = null;
        }
    }

    void sent(Flight flight) {
        if (lan.observer != null) {
            Observer observer = lan.observer;
            lan.insideTurn(() -> observer.sent(this, flight));
        }
    }

    void announced(InetAddress address) {
        if (lan.observer != null) {
            Observer observer = lan.observer;
            lan.insideTurn(() -> observer.announced(this, address));
        }
    }

    private SimInterface link(String interfaceName) {
        SimInterface link = kernel.interfaces.get(interfaceName);
        if (link == null) {
            throw new IllegalArgumentException("there is no interface " + interfaceName + " on " + name + ", only "
                    + new TreeSet<>(kernel.interfaces.keySet()));
        }
        return link;
    }

    static long nanos(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("a duration must not be negative, got " + duration);
        }
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
