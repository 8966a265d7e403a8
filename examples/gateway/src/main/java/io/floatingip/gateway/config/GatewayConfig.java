package io.floatingip.gateway.config;

import io.floatingip.FloatingIpConfig;
import io.floatingip.RoleListener;
import java.util.List;
import java.util.Optional;

/**
 * One gateway, as a file describes it: checked, complete, every default resolved. Immutable.
 *
 * @param floatingIps what to join; none makes it a plain proxy. Their drain time is that of the {@link Limits}
 * @param groups floating IPs that are held together or not at all
 * @param listeners where clients connect
 * @param services where their requests go; every {@link Listener#service} is the name of one
 * @param status where the status page is, if there is one
 */
public record GatewayConfig(
        List<FloatingIpConfig> floatingIps,
        List<Group> groups,
        List<Listener> listeners,
        List<Service> services,
        Limits limits,
        Optional<StatusPage> status) {
    public GatewayConfig {
        floatingIps = List.copyOf(floatingIps);
        groups = List.copyOf(groups);
        listeners = List.copyOf(listeners);
        services = List.copyOf(services);
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

    /**
     * Floating IPs that are held together or not at all.
     *
     * @param roleListeners are told about the group as a whole
     */
    public record Group(String name, List<FloatingIpConfig> members, List<RoleListener> roleListeners) {
        public Group {
            members = List.copyOf(members);
            roleListeners = List.copyOf(roleListeners);
        }
    }
}
