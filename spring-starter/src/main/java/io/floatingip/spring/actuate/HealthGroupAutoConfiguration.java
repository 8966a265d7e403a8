package io.floatingip.spring.actuate;

import io.floatingip.spring.FloatingIpAutoConfiguration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Makes a health group, or contributor, of the application a check of its floating IPs, named {@code health-group}. Each half is for its own
 * line of Spring Boot, as in {@link FloatingIpHealthAutoConfiguration}; without either the check is there and refuses to start.
 */
@AutoConfiguration(before = FloatingIpAutoConfiguration.class)
@ConditionalOnProperty(name = "floatingip.enabled", matchIfMissing = true)
@ConditionalOnProperty(name = HealthGroupCheck.PROPERTY)
public class HealthGroupAutoConfiguration {
    @Bean(HealthGroupCheck.NAME)
    HealthGroupCheck healthGroupCheck(Environment environment, ObjectProvider<HealthGroups> groups) {
        return new HealthGroupCheck(environment.getRequiredProperty(HealthGroupCheck.PROPERTY), groups);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthEndpoint")
    static class Boot3 {
        @Bean
        HealthGroups floatingIpHealthGroups(
                ObjectProvider<org.springframework.boot.actuate.health.HealthEndpoint> endpoint) {
            return path -> Optional.ofNullable(endpoint.getIfAvailable())
                    .map(found -> found.healthForPath(path))
                    .map(Boot3::answer);
        }

        private static HealthGroups.Answer answer(org.springframework.boot.actuate.health.HealthComponent health) {
            Map<String, String> components = new TreeMap<>();
            if (health instanceof org.springframework.boot.actuate.health.CompositeHealth composite) {
                composite
                        .getComponents()
                        .forEach((name, component) ->
                                components.put(name, component.getStatus().getCode()));
            }
            return new HealthGroups.Answer(health.getStatus().getCode(), components);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.boot.health.actuate.endpoint.HealthEndpoint",
                "org.springframework.boot.actuate.endpoint.annotation.Endpoint"
            })
    static class Boot4 {
        @Bean
        HealthGroups floatingIpHealthGroups(
                ObjectProvider<org.springframework.boot.health.actuate.endpoint.HealthEndpoint> endpoint) {
            return path -> Optional.ofNullable(endpoint.getIfAvailable())
                    .map(found -> found.healthForPath(path))
                    .map(Boot4::answer);
        }

        private static HealthGroups.Answer answer(
                org.springframework.boot.health.actuate.endpoint.HealthDescriptor health) {
            Map<String, String> components = new TreeMap<>();
            if (health
                    instanceof org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor composite) {
                composite
                        .getComponents()
                        .forEach((name, component) ->
                                components.put(name, component.getStatus().getCode()));
            }
            return new HealthGroups.Answer(health.getStatus().getCode(), components);
        }
    }
}
