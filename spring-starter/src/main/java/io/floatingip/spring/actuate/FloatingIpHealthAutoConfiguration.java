package io.floatingip.spring.actuate;

import io.floatingip.FloatingIp;
import io.floatingip.spring.FloatingIpAutoConfiguration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The health contributor {@code floatingIp}, where Spring Boot reports health. Its types moved to another package in Spring Boot 4: each half is
 * compiled against its own, and only the one whose types exist is ever loaded.
 */
@AutoConfiguration(after = FloatingIpAutoConfiguration.class)
@ConditionalOnBean(FloatingIp.class)
public class FloatingIpHealthAutoConfiguration {
    /** What Spring Boot calls the contributor; the name of its bean without the ending. */
    static final String CONTRIBUTOR = "floatingIp";

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = "org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator")
    @org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator("floatingip")
    static class Boot3 {
        @Bean
        @ConditionalOnMissingBean(name = {"floatingIpHealthContributor", "floatingIpHealthIndicator"})
        org.springframework.boot.actuate.health.HealthContributor floatingIpHealthContributor(
                Map<String, FloatingIp> floatingIps) {
            return org.springframework.boot.actuate.health.CompositeHealthContributor.fromMap(
                    byName(floatingIps), Boot3::indicator);
        }

        private static org.springframework.boot.actuate.health.HealthIndicator indicator(FloatingIp floatingIp) {
            return () -> {
                HealthDetails health = HealthDetails.of(floatingIp);
                return org.springframework.boot.actuate.health.Health.status(health.code())
                        .withDetails(health.details())
                        .build();
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator")
    @org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator("floatingip")
    static class Boot4 {
        @Bean
        @ConditionalOnMissingBean(name = {"floatingIpHealthContributor", "floatingIpHealthIndicator"})
        org.springframework.boot.health.contributor.HealthContributor floatingIpHealthContributor(
                Map<String, FloatingIp> floatingIps) {
            return org.springframework.boot.health.contributor.CompositeHealthContributor.fromMap(
                    byName(floatingIps), Boot4::indicator);
        }

        private static org.springframework.boot.health.contributor.HealthIndicator indicator(FloatingIp floatingIp) {
            return () -> {
                HealthDetails health = HealthDetails.of(floatingIp);
                return org.springframework.boot.health.contributor.Health.status(health.code())
                        .withDetails(health.details())
                        .build();
            };
        }
    }

    private static Map<String, FloatingIp> byName(Map<String, FloatingIp> beans) {
        return beans.values().stream()
                .collect(Collectors.toMap(floatingIp -> pathElement(floatingIp.name()), Function.identity()));
    }

    /** Contributors are named in paths. */
    private static String pathElement(String name) {
        return name.replace('/', '_');
    }
}
