package io.floatingip.spring;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.RoleListener;
import io.floatingip.VrrpVersion;
import io.floatingip.simulation.SimHost;
import io.floatingip.simulation.SimLan;
import java.time.Duration;

/** Nodes on a simulated LAN in virtual time, for tests that need floating IPs in each role rather than the way they are configured. */
public final class SimulatedNodes {
    public final SimLan lan = SimLan.withSeed(1);
    private final SimHost here = lan.host("10.0.0.1");
    private final SimHost there = lan.host("10.0.0.2");

    /** A floating IP of this node, priority 100. */
    public FloatingIp join(String name, int virtualRouterId, RoleListener... listeners) {
        FloatingIpConfig.Builder config = config(name, virtualRouterId, 100).network(here.network());
        for (RoleListener listener : listeners) {
            config.listener(listener);
        }
        return FloatingIp.join(config.build());
    }

    /** The same floating IP on the other node. */
    public FloatingIp joinThere(String name, int virtualRouterId, int priority) {
        return FloatingIp.join(
                config(name, virtualRouterId, priority).network(there.network()).build());
    }

    /** The same floating IP on the other node, in VRRPv2, which this node refuses. */
    public FloatingIp joinThereWithVersion2(String name, int virtualRouterId) {
        return FloatingIp.join(config(name, virtualRouterId, 100)
                .version(VrrpVersion.V2)
                .network(there.network())
                .build());
    }

    private static FloatingIpConfig.Builder config(String name, int virtualRouterId, int priority) {
        return FloatingIpConfig.builder()
                .name(name)
                .networkInterface("eth0")
                .virtualRouterId(virtualRouterId)
                .priority(priority)
                .address("10.0.0." + (100 + virtualRouterId));
    }

    /** The process of this node does not run for a time. */
    public void pauseHere(Duration time) {
        here.pause(time);
    }

    /** Lets time pass until everyone has found their role. */
    public SimulatedNodes settle() {
        lan.runFor(Duration.ofSeconds(10));
        return this;
    }
}
