package io.floatingip.spring.test;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.simulation.LiveLan;
import io.floatingip.simulation.SimHost;
import io.floatingip.simulation.SimLan;
import io.floatingip.spring.FloatingIpCustomizer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;

/**
 * The other nodes on the simulated LAN of a {@link FloatingIpTest}, which join the floating IPs that the application has. May be used by any
 * thread.
 */
public final class OtherNodes implements FloatingIpCustomizer, Ordered, AutoCloseable {
    /** Addresses of other nodes begin here; the application's machine has the first ones, one for each interface. */
    private static final int FIRST_HOST = 101;

    private final ObjectProvider<LiveLan> lan;
    private final Map<String, FloatingIpConfig> configs = new ConcurrentHashMap<>();
    private final List<OtherNode> nodes = new CopyOnWriteArrayList<>();
    private final AtomicInteger hosts = new AtomicInteger();

    OtherNodes(ObjectProvider<LiveLan> lan) {
        this.lan = lan;
    }

    /** Notes how the application is configured; as the last one, it sees what the others have made of it. */
    @Override
    public void customize(String name, FloatingIpConfig.Builder builder) {
        configs.put(name, builder.build());
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    /**
     * Lets another node join the only floating IP of the application, configured as there.
     *
     * @param priority 1 to 254
     * @throws IllegalStateException if the application has none, or several
     */
    public OtherNode join(int priority) {
        if (configs.size() != 1) {
            throw new IllegalStateException(
                    "the application has " + (configs.isEmpty() ? "no floating IP" : configs.size() + " floating IPs")
                            + "; say which one with join(name, priority): " + configs.keySet());
        }
        return join(configs.keySet().iterator().next(), priority);
    }

    /**
     * Lets another node join a floating IP of the application, configured as there.
     *
     * @param name of the floating IP
     * @param priority 1 to 254
     * @throws IllegalArgumentException if the application has none of that name
     */
    public OtherNode join(String name, int priority) {
        FloatingIpConfig here = configs.get(name);
        if (here == null) {
            throw new IllegalArgumentException(
                    "the application has no floating IP \"" + name + "\", only " + configs.keySet());
        }
        if (!here.unicastPeers().isEmpty()) {
            throw new IllegalStateException(
                    "\"" + name + "\" has unicast peers; other nodes are played with multicast only");
        }
        OtherNode node = new OtherNode(lan.getObject(), there(here, priority), FIRST_HOST + hosts.getAndIncrement());
        nodes.add(node);
        return node;
    }

    /** What the nodes of a floating IP have in common; not what the application here looks at and listens to. */
    private static FloatingIpConfig.Builder there(FloatingIpConfig here, int priority) {
        FloatingIpConfig.Builder there = FloatingIpConfig.builder()
                .name(here.name() + " of another node")
                .networkInterface(here.networkInterface())
                .virtualRouterId(here.virtualRouterId())
                .version(here.version())
                .addresses(here.addresses())
                .excludedAddresses(here.excludedAddresses())
                .advertInterval(here.advertInterval())
                .downAfterAdverts(here.downAfterAdverts())
                .checksum(here.checksum())
                .authentication(here.authentication())
                .strict(here.strict())
                .priority(priority)
                .shutdownHook(false);
        here.multicastGroups().values().forEach(there::multicastGroup);
        return there;
    }

    /** All other nodes leave, and all cuts on the LAN are ended. The next one to join has the address of the first one again. */
    @Override
    public void close() {
        nodes.forEach(OtherNode::leave);
        nodes.clear();
        hosts.set(0);
        lan.ifAvailable(present -> present.perform(SimLan::heal));
    }

    /** Another node. */
    public static final class OtherNode {
        private final LiveLan lan;
        private final SimHost host;
        private final FloatingIp floatingIp;
        private boolean gone;

        private OtherNode(LiveLan lan, FloatingIpConfig.Builder config, int number) {
            this.lan = lan;
            String networkInterface = config.build().networkInterface();
            host = lan.ask(it -> it.host()
                    .named("other-" + number)
                    .withInterface(networkInterface, "192.0.2." + number, "fe80::" + number));
            floatingIp = FloatingIp.join(config.network(lan.network(host)).build());
        }

        /** Its side of the floating IP: its role, its priority, handing over. */
        public FloatingIp floatingIp() {
            return floatingIp;
        }

        /** Whether this node has the address: what a client on the LAN would find. */
        public boolean holds(String address) {
            return lan.ask(it -> it.answering(address)).contains(host);
        }

        /** Leaves in an orderly way: a backup takes over at once. Repeating it does nothing. */
        public synchronized void leave() {
            if (!gone) {
                gone = true;
                floatingIp.close();
            }
        }

        /** Is cut off from the LAN: silent for all others, and they for it. */
        public void cut() {
            lan.perform(it -> it.cut(host));
        }

        /** Ends all cuts on the LAN. */
        public void heal() {
            lan.perform(it -> it.heal());
        }

        /** Stands still, as in a long garbage collection. */
        public void pause(Duration length) {
            lan.perform(it -> host.pause(length));
        }
    }
}
