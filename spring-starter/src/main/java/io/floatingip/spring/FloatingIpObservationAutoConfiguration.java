package io.floatingip.spring;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Observes the calls of listeners, where Micrometer has a registry; in Spring Boot 3 and 4 that comes from packages of different names. */
@AutoConfiguration(
        after = FloatingIpAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
        })
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({FloatingIpAutoConfiguration.class, ObservationRegistry.class})
public class FloatingIpObservationAutoConfiguration {
    @Bean
    ListenerCalls floatingIpListenerCalls(ObservationRegistry registry) {
        return (floatingIp, what, listener, call) -> Observation.createNotStarted("floatingip.listener", registry)
                .contextualName("floatingip " + what)
                .lowCardinalityKeyValue("floatingip.name", floatingIp)
                .lowCardinalityKeyValue("floatingip.call", what)
                .lowCardinalityKeyValue("floatingip.listener", listener)
                .observe(call);
    }
}
