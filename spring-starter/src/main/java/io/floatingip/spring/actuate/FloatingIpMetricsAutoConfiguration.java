package io.floatingip.spring.actuate;

import io.floatingip.FloatingIp;
import io.floatingip.spring.FloatingIpAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Meters, where Micrometer has a registry; in Spring Boot 3 and 4 that comes from packages of different names. */
@AutoConfiguration(
        after = FloatingIpAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({FloatingIp.class, MeterRegistry.class})
public class FloatingIpMetricsAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    FloatingIpMetrics floatingIpMetrics(ObjectProvider<FloatingIp> floatingIps) {
        return new FloatingIpMetrics(floatingIps);
    }
}
