package io.floatingip.simulation;

import io.floatingip.spi.Channel;
import io.floatingip.spi.DrivenNetwork;
import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.HeldAddress;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkSpec;
import io.floatingip.spi.NetworkListener;
import io.floatingip.spi.Packet;
import io.floatingip.spi.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One process on a simulated machine: its sockets, its loop and its callbacks. All of it is gone when it is killed. */
final class SimNetwork implements DrivenNetwork {
    /** About what the default receive buffer of a Linux socket holds; what comes when it is full is dropped, the oldest stay. */
    private static final int PACKETS_WAITING_MAX = 256;

    private static final int NOTICES_PER_DRAIN_MAX = 1000;
    /** A loop that asks for the same instant so often will never get beyond it. */
    private static final int TURNS_PER_INSTANT_MAX = 10_000;

    final SimHost host;
    final SimKernel kernel;
    private final SimLan lan;
    private final Callbacks callbacks = new Callbacks();
    private final Packet view = new Packet();
    private final ArrayDeque<Notice> waiting = new ArrayDeque<>();
    // Copied when it changes: a listener may open and close links while it is being told.
    private List<SimLink> links = List.of();
    private int packetsWaiting;

    private @Nullable Loop loop;
    private boolean alive = true;
    private boolean turning;
    private volatile boolean woken;
    private long turnAt = Long.MAX_VALUE;
    private long lastTurnAt = -1;
    private int turnsThisInstant;

    SimNetwork(SimHost host, SimKernel kernel, SimLan lan) {
        this.host = host;
        this.kernel = kernel;
        this.lan = lan;
    }

    // The loop

    @Override
    public void attach(Loop newLoop) {
        if (loop != null) {
            throw new IllegalStateException("the network of " + host + " drives a loop already");
        }
        requireAlive();
        loop = newLoop;
        ready();
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
        // Nothing will ever change for a process that was killed.
        return alive ? lan.runUntil(condition, limit) : condition.getAsBoolean();
    }

    @Override
    public Executor callbacks() {
        return callbacks;
    }

    /** The loop has something to do now. */
    void ready() {
        turnAfter(0);
    }

    private void turnAfter(long nanos) {
        if (loop == null) {
            return;
        }
        long late = lan.schedulingDelay();
        long at = lan.timeline.later(nanos + late < 0 ? Long.MAX_VALUE : nanos + late);
        if (at >= turnAt) {
            return;
        }
        turnAt = at;
        lan.timeline.after(at - lan.timeline.now(), () -> {
            // Not so if the loop was turned since: it has asked anew then.
            if (turnAt == at) {
                turn();
            }
        });
    }

    private void turn() {
        turnAt = Long.MAX_VALUE;
        if (loop == null || turning || !host.running()) {
            return;
        }
        countTurn();
        woken = false;
        turning = true;
        SimNetwork outer = lan.turning;
        lan.turning = this;
        long next;
        try {
            next = loop.turn();
        } finally {
            lan.turning = outer;
            turning = false;
        }
        lan.throwWhatFailedInside();
        if (!waiting.isEmpty() || woken) {
            ready();
        } else if (next != Long.MAX_VALUE) {
            turnAfter(next);
        }
    }

    private void countTurn() {
        turnsThisInstant = lastTurnAt == lan.timeline.now() ? turnsThisInstant + 1 : 0;
        lastTurnAt = lan.timeline.now();
        if (turnsThisInstant > TURNS_PER_INSTANT_MAX) {
            throw new IllegalStateException("the loop of " + host + " was turned " + TURNS_PER_INSTANT_MAX
                    + " times at +" + SimTrace.seconds(lastTurnAt) + " and still asks for now");
        }
    }

    @Override
    public void wakeup() {
        woken = true;
        lan.woken = true;
    }

    void turnIfWoken() {
        if (woken) {
            ready();
        }
    }

    /** The process runs on after a pause. */
    void resume() {
        ready();
        callbacks.schedule();
    }

    // What arrives

    void arrive(SimInterface link, Flight flight) {
        if (!link.up() || kernel.suspended() || !receives(link, flight.channel)) {
            return;
        }
        if (packetsWaiting == PACKETS_WAITING_MAX) {
            kernel.trace("{}'s socket is full: {} is lost", host, flight);
            return;
        }
        packetsWaiting++;
        waiting.add(new Notice.Arrived(link, flight, kernel.now()));
        ready();
    }

    void notice(Notice notice) {
        if (!links.isEmpty()) {
            waiting.add(notice);
            ready();
        }
    }

    /** Notifications were lost on the way; the process reads everything anew. */
    void overrun() {
        waiting.removeIf(notice -> notice instanceof Notice.Changed || notice instanceof Notice.Removed);
        for (SimInterface link : kernel.interfaces.values()) {
            notice(new Notice.Changed(link, link.info()));
            notice(new Notice.Removed(link));
        }
    }

    /** Whether something has arrived that was not read yet. */
    boolean hasNews() {
        return !waiting.isEmpty();
    }

    /** Whether it has been told of every address that was taken away. */
    boolean knowsRemovals() {
        return waiting.stream().noneMatch(notice -> notice instanceof Notice.Removed);
    }

    boolean receives(SimInterface link, Channel channel) {
        for (int i = 0; i < links.size(); i++) {
            if (links.get(i).link == link && links.get(i).listensTo(channel)) {
                return true;
            }
        }
        return false;
    }

    boolean refuses(InetAddress address) {
        return links.stream().anyMatch(link -> link.refuses(address));
    }

    @Override
    public void await(long nanos) {
        // Allowed to return early, and nobody else's time may pass inside a turn.
    }

    @Override
    public boolean drain(NetworkListener listener) throws IOException {
        host.act(SimFault.Call.OTHER);
        SimFault fault = kernel.fault(SimFault.Call.READ);
        if (fault != null) {
            throw new IOException(fault.message());
        }
        for (int i = 0; i < NOTICES_PER_DRAIN_MAX; i++) {
            Notice notice = waiting.poll();
            if (notice == null) {
                return false;
            }
            if (notice instanceof Notice.Arrived) {
                packetsWaiting--;
            }
            for (SimLink link : links) {
                if (link.link == notice.link() && notice.concerns(link)) {
                    notice.deliver(link, listener, view);
                }
            }
        }
        return !waiting.isEmpty();
    }

    // The machine

    @Override
    public Ticker ticker() {
        return kernel.ticker;
    }

    @Override
    public Link open(LinkSpec spec) throws IOException {
        requireAlive();
        SimLink opened = new SimLink(this, interfaceFor(spec), spec);
        List<SimLink> more = new ArrayList<>(links);
        more.add(opened);
        links = more;
        return opened;
    }

    private SimInterface interfaceFor(LinkSpec spec) throws IOException {
        if (spec instanceof LinkSpec.VirtualMac mac) {
            SimInterface base = existing(mac.base());
            SimInterface left = kernel.interfaces.get(mac.name());
            return left != null ? left : kernel.addInterface(mac.name(), mac.hardwareAddress(), base, false);
        }
        if (spec instanceof LinkSpec.ProcessBound bound) {
            return kernel.addInterface(bound.name(), HardwareAddress.NONE, null, true);
        }
        return existing(((LinkSpec.Interface) spec).name());
    }

    private SimInterface existing(String name) throws IOException {
        SimInterface found = kernel.interfaces.get(name);
        if (found == null || !found.exists()) {
            throw new IOException("there is no interface " + name + " on the simulated host " + host + ", only "
                    + kernel.interfaces.keySet() + "; SimHost.withInterface adds one");
        }
        return found;
    }

    void closed(SimLink link) {
        List<SimLink> fewer = new ArrayList<>(links);
        fewer.remove(link);
        links = fewer;
        boolean virtual = link.link.base != null || link.link.processBound;
        if (virtual && fewer.stream().noneMatch(other -> other.link == link.link)) {
            kernel.dropInterface(link.link);
        }
    }

    @Override
    public Optional<HeldAddress> holder(InetAddress address) throws IOException {
        host.act(SimFault.Call.LIST);
        SimFault fault = kernel.fault(SimFault.Call.LIST);
        if (fault != null) {
            throw new IOException(fault.message());
        }
        SimInterface link = kernel.holder(address);
        if (link == null) {
            return Optional.empty();
        }
        SimInterface.Held held = link.held(address);
        return Optional.ofNullable(held).map(it -> new HeldAddress(link.name, it.spec.prefixLength(), it.ours));
    }

    @Override
    public void close() {
        for (SimLink link : links) {
            link.close();
        }
    }

    // Life and death

    boolean alive() {
        return alive;
    }

    void die() {
        alive = false;
        loop = null;
        links = List.of();
        waiting.clear();
        packetsWaiting = 0;
        callbacks.tasks.clear();
        for (SimInterface link : List.copyOf(kernel.interfaces.values())) {
            if (link.processBound) {
                kernel.dropInterface(link);
            }
        }
    }

    private void requireAlive() {
        if (!alive) {
            throw new IllegalStateException("this process of " + host + " was killed; SimHost.restart() starts another,"
                    + " whose network SimHost.network() returns");
        }
    }

    /** Calls listeners one after the other, never while the process is stopped. One that lets time pass holds up those behind it. */
    private final class Callbacks implements Executor {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private boolean calling;

        @Override
        public void execute(Runnable task) {
            if (alive) {
                tasks.add(task);
                schedule();
            }
        }

        void schedule() {
            if (!tasks.isEmpty() && !calling) {
                lan.timeline.after(host.callbackDelayNanos(), this::call);
            }
        }

        private void call() {
            if (calling || tasks.isEmpty() || !host.running()) {
                return;
            }
            calling = true;
            try {
                tasks.remove().run();
            } finally {
                calling = false;
            }
            schedule();
        }
    }
}
