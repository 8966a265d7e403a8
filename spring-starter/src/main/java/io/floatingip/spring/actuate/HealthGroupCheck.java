package io.floatingip.spring.actuate;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.UnhealthyException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Whether a health group, or contributor, is up. Asks it when the application has all its beans and not before: what it asks may need them, and
 * until then no floating IP takes part anyway.
 */
final class HealthGroupCheck implements HealthCheck, SmartInitializingSingleton {
    static final String NAME = "health-group";
    static final String PROPERTY = "floatingip.health-group";

    /** Those that a load balancer's probe takes for a success. */
    private static final Set<String> HEALTHY = Set.of("UP", "UNKNOWN");

    private final String path;
    private final ObjectProvider<HealthGroups> groups;
    private volatile Optional<HealthGroups> started = Optional.empty();

    HealthGroupCheck(String path, ObjectProvider<HealthGroups> groups) {
        this.path = path;
        this.groups = groups;
    }

    @Override
    public void afterSingletonsInstantiated() {
        HealthGroups all = groups.getIfAvailable();
        if (all == null) {
            throw refused(
                    "it takes Spring Boot's actuator with its health endpoint, which this application does not have");
        }
        HealthGroups.Answer answer = all.ask(path.split("/"))
                .orElseThrow(
                        () -> refused("there is no health group or contributor of this name, or no health endpoint"));
        String own = FloatingIpHealthAutoConfiguration.CONTRIBUTOR;
        if (List.of(path.split("/")).contains(own) || answer.components().containsKey(own)) {
            // Down with the floating IP, it would keep the floating IP down for ever.
            throw refused("it includes the floating IP's own health, which follows from this check; name a group"
                    + " without it, as by management.endpoint.health.group.NAME.exclude=" + own);
        }
        started = Optional.of(all);
    }

    private InvalidConfigurationPropertyValueException refused(String why) {
        return new InvalidConfigurationPropertyValueException(PROPERTY, path, why);
    }

    @Override
    public boolean check() throws UnhealthyException {
        HealthGroups.Answer answer = started.orElseThrow(() -> new UnhealthyException("the application is starting"))
                .ask(path.split("/"))
                .orElseThrow(() -> new UnhealthyException(path + " is gone"));
        if (HEALTHY.contains(answer.code())) {
            return true;
        }
        throw new UnhealthyException(path + " is " + answer.code() + culprits(answer.components()));
    }

    private static String culprits(Map<String, String> components) {
        String culprits = components.entrySet().stream()
                .filter(component -> !HEALTHY.contains(component.getValue()))
                .map(component -> component.getKey() + " is " + component.getValue())
                .sorted()
                .collect(Collectors.joining(", "));
        return culprits.isEmpty() ? "" : ": " + culprits;
    }
}
