package io.floatingip.spring;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the floating IPs of an application have in common. A single one is configured by {@link InstanceProperties} beside these, several below
 * {@code floatingip.instances}.
 *
 * @param enabled Whether this application takes part in floating IPs at all.
 * @param network Where floating IPs are joined: on the network of this machine, or on a simulated one that needs no privileges.
 * @param keepalivedConf A keepalived.conf to take all instances and groups from. Excludes the properties that describe instances.
 * @param instances Several floating IPs by name, each with the properties that a single one has directly below floatingip.
 * @param healthGroup Health group or contributor of the application that is a check of its floating IPs, named health-group. Unhealthy, it releases
 *     the address, unless checks.health-group says otherwise. Takes Spring Boot's actuator.
 * @param leaderEvents Whether to publish Spring Integration's OnGrantedEvent and OnRevokedEvent; the role is the name of the floating IP, the
 *     leader its master. Takes spring-integration-core.
 * @param groups Floating IPs that are master together or not at all, by the group's name.
 */
@ConfigurationProperties("floatingip")
public record FloatingIpProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("machine") Network network,
        @Nullable Path keepalivedConf,
        @Nullable String healthGroup,
        @DefaultValue("false") boolean leaderEvents,
        @DefaultValue Map<String, InstanceProperties> instances,
        @DefaultValue Map<String, Group> groups) {

    /** Where floating IPs are joined. */
    public enum Network {
        /** The network of this machine; needs Linux and two capabilities. */
        MACHINE,
        /** A simulated LAN in this process: for development and tests. No address is put on any interface. */
        SIMULATED
    }

    /**
     * A group.
     *
     * @param members Names of the instances that are master together or not at all.
     */
    public record Group(@DefaultValue List<String> members) {}
}
