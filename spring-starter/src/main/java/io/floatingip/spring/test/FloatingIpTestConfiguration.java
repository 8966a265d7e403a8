package io.floatingip.spring.test;

import io.floatingip.simulation.LiveLan;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** What {@link FloatingIpTest} adds to the application. */
@TestConfiguration(proxyBeanMethods = false)
class FloatingIpTestConfiguration {
    @Bean
    OtherNodes otherNodes(ObjectProvider<LiveLan> lan) {
        return new OtherNodes(lan);
    }
}
