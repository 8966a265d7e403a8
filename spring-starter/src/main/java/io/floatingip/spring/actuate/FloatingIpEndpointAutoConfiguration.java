package io.floatingip.spring.actuate;

import io.floatingip.FloatingIp;
import io.floatingip.spring.FloatingIpAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The actuator endpoint, where it is exposed over HTTP or JMX. */
@AutoConfiguration(after = FloatingIpAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(FloatingIpEndpoint.class)
@ConditionalOnBean(FloatingIp.class)
public class FloatingIpEndpointAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    FloatingIpEndpoint floatingIpEndpoint(ObjectProvider<FloatingIp> floatingIps, RoleHistory history) {
        return new FloatingIpEndpoint(floatingIps, history);
    }

    @Bean
    RoleHistory floatingIpRoleHistory(ObjectProvider<FloatingIp> floatingIps) {
        return new RoleHistory(floatingIps);
    }
}
