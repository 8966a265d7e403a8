package io.floatingip.spring;

import io.floatingip.FloatingIpConfig;
import io.floatingip.IpFamily;
import io.floatingip.TrackedInterface;
import io.floatingip.VirtualAddress;
import io.floatingip.simulation.LiveLan;
import io.floatingip.simulation.SimHost;
import io.floatingip.spi.Network;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** This machine on a simulated LAN, with every interface that the configuration speaks of. */
final class SimulatedMachine {
    private final LiveLan lan;
    private final SimHost host;
    private final Set<String> interfaces = new LinkedHashSet<>();

    SimulatedMachine(LiveLan lan, SimHost host) {
        this.lan = lan;
        this.host = host;
    }

    /** Where to join, with what the configuration needs. */
    Network networkFor(FloatingIpConfig config) {
        Stream.of(
                        Stream.of(config.networkInterface()),
                        config.trackedInterfaces().stream().map(TrackedInterface::name),
                        Stream.concat(config.addresses().stream(), config.excludedAddresses().stream())
                                .map(VirtualAddress::device)
                                .flatMap(java.util.Optional::stream))
                .flatMap(names -> names)
                .forEach(name -> plug(name, config));
        return lan.network(host);
    }

    private void plug(String name, FloatingIpConfig config) {
        if (!interfaces.add(name)) {
            return;
        }
        int number = interfaces.size();
        List<String> addresses = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            boolean own =
                    name.equals(config.networkInterface()) && config.sources().containsKey(family);
            // Documentation's own network (RFC 5737): nobody floats an address of it by accident.
            addresses.add(
                    own
                            ? config.sources().get(family).getHostAddress()
                            : family == IpFamily.IPV4 ? "192.0.2." + number : "fe80::" + number);
        }
        lan.perform(it -> host.withInterface(name, addresses.toArray(String[]::new)));
    }
}
