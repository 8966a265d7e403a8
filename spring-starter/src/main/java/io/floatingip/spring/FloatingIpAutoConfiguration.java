package io.floatingip.spring;

import io.floatingip.FloatingIp;
import io.floatingip.health.HealthCheck;
import io.floatingip.simulation.LiveLan;
import io.floatingip.simulation.SimHost;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Joins the floating IPs that are described by {@link FloatingIpProperties} and {@link InstanceProperties}; each is a bean of type {@link
 * FloatingIp}. Backs off where the application joins its own.
 */
@AutoConfiguration
@ConditionalOnProperty(name = "floatingip.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(FloatingIp.class)
@EnableConfigurationProperties({FloatingIpProperties.class, InstanceProperties.class})
@Import(FloatingIpRegistrar.class)
public class FloatingIpAutoConfiguration {
    @Bean
    FloatingIps floatingIps(
            Instances instances,
            ApplicationContext context,
            ObjectProvider<FloatingIpCustomizer> customizers,
            ObjectProvider<SimulatedMachine> simulated) {
        List<FloatingIpCustomizer> ordered = customizers.orderedStream().toList();
        return new FloatingIps(
                instances, context.getBeansOfType(HealthCheck.class), ordered, simulated.getIfAvailable());
    }

    @Bean
    FloatingIpListeners floatingIpListeners(
            FloatingIps floatingIps, ConfigurableApplicationContext context, ObjectProvider<ListenerCalls> calls) {
        return new FloatingIpListeners(floatingIps, context, calls.getIfAvailable(() -> ListenerCalls.PLAIN));
    }

    @Bean
    FloatingIpLifecycle floatingIpLifecycle(FloatingIps floatingIps, ConfigurableApplicationContext context) {
        return new FloatingIpLifecycle(floatingIps, context);
    }

    /** A LAN in this process. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "floatingip.network", havingValue = "simulated")
    static class Simulated {
        /** Add other nodes to it: {@code lan.network(lan.host("192.0.2.2", "fe80::2"))}. */
        @Bean
        @ConditionalOnMissingBean
        LiveLan floatingIpLan() {
            return new LiveLan();
        }

        /** The machine that this application runs on. */
        @Bean
        SimHost floatingIpHost(LiveLan floatingIpLan) {
            return floatingIpLan.host();
        }

        @Bean
        SimulatedMachine floatingIpMachine(LiveLan floatingIpLan, SimHost floatingIpHost) {
            return new SimulatedMachine(floatingIpLan, floatingIpHost);
        }
    }
}
