package io.floatingip.simulation;

import io.floatingip.spi.Network;
import io.floatingip.spi.Ticker;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A {@link SimLan} whose time is the machine's: for development machines, demonstrations and tests of whole applications, where nobody lets time
 * pass. Floating IPs that are joined on {@link #network} have threads of their own and may be used by any thread, as on a real network; a second
 * takes a second.
 *
 * <pre>{@code
 * LiveLan lan = new LiveLan();
 * SimHost other = lan.host("10.0.0.2");
 * FloatingIp peer = FloatingIp.join(config.network(lan.network(other)).build());
 * lan.perform(it -> it.cut(other));
 * }</pre>
 *
 * <p>Hosts and the LAN below are touched inside {@link #perform} and {@link #ask} only; all methods here may be called by any thread.
 */
public final class LiveLan {
    private final Ticker clock = Ticker.system();
    private final long startNanos = clock.nanoTime();
    private final SimLan lan = SimLan.withSeed(startNanos);
    private final Map<SimNetwork, LiveNetwork> networks = new IdentityHashMap<>();

    /** A LAN without hosts; its time begins now. */
    public LiveLan() {
        // Nothing but time.
    }

    /** Adds a machine with these addresses on its interface {@code eth0}; see {@link SimLan#host}. */
    public SimHost host(String... addresses) {
        return ask(it -> it.host(addresses));
    }

    /** What the process of a host joins floating IPs on; the same as long as the process lives. */
    public Network network(SimHost host) {
        return ask(it -> networks.computeIfAbsent(host.process(), process -> new LiveNetwork(this, process)));
    }

    /** Does something with the LAN or its hosts, without letting time pass. */
    public void perform(Consumer<SimLan> action) {
        ask(it -> {
            action.accept(it);
            return lan;
        });
    }

    /** Asks the LAN or its hosts something, without letting time pass. */
    public <T> T ask(Function<SimLan, T> question) {
        synchronized (lan) {
            catchUp();
            T answer = question.apply(lan);
            lan.notifyAll();
            return answer;
        }
    }

    /** The lock that everything on this LAN is done under; whoever waits on it is woken when something may have happened. */
    Object lock() {
        return lan;
    }

    /** How much time has passed. */
    long nowNanos() {
        return clock.nanoTime() - startNanos;
    }

    /** Where the LAN's own time has got to. Under the lock. */
    long reachedNanos() {
        return lan.timeline.now();
    }

    /** Does what has become due since it was last looked at. Under the lock. */
    void catchUp() {
        long before = lan.timeline.nextAt();
        long now = nowNanos();
        lan.passUntil(() -> false, now);
        if (before <= now) {
            lan.notifyAll();
        }
    }

    /** How long until something will be due; {@link Long#MAX_VALUE} for never. Under the lock. */
    long nextNanos() {
        long at = lan.timeline.nextAt();
        return at == Long.MAX_VALUE ? at : Math.max(0, at - nowNanos());
    }

    @Override
    public String toString() {
        return "simulated LAN, " + Duration.ofNanos(nowNanos()).toSeconds() + " s old";
    }
}
