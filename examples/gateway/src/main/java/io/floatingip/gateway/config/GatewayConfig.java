package io.floatingip.gateway.config;

import io.floatingip.FloatingIpConfig;
import io.floatingip.VirtualAddress;
import java.util.List;
import java.util.Optional;

/**
 * One gateway, as a file describes it: checked, complete, every default resolved. Immutable.
 *
 * @param memberships what to join; none makes it a plain proxy. Their drain time is that of the {@link Limits}
 * @param staticAddresses what this host has whatever the roles, each with its interface
 * @param listeners where clients connect; none and it only joins
 * @param services where their requests go; every {@link Listener#service} is the name of one
 * @param status where the status page is, if there is one
 */
public record GatewayConfig(
        List<Membership> memberships,
        List<VirtualAddress> staticAddresses,
        List<Listener> listeners,
        List<Service> services,
        Limits limits,
        Optional<StatusPage> status) {
    public GatewayConfig {
        memberships = List.copyOf(memberships);
        staticAddresses = List.copyOf(staticAddresses);
        listeners = List.copyOf(listeners);
        services = List.copyOf(services);
    }

    /** Every floating IP, those of groups included. */
    public List<FloatingIpConfig> floatingIps() {
        return memberships.stream()
                .flatMap(membership -> membership.members().stream())
                .map(Membership.Member::config)
                .toList();
    }

    /**
     * The service of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Service service(String name) {
        return services.stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no service " + name));
    }

    /** With a status page elsewhere. */
    public GatewayConfig status(Optional<StatusPage> value) {
        return new GatewayConfig(memberships, staticAddresses, listeners, services, limits, value);
    }

    /** With other listeners. */
    public GatewayConfig listeners(List<Listener> value) {
        return new GatewayConfig(memberships, staticAddresses, value, services, limits, status);
    }
}
