package io.floatingip.spring.integration;

import io.floatingip.FloatingIp;
import io.floatingip.spring.FloatingIpAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.integration.leader.event.DefaultLeaderEventPublisher;
import org.springframework.integration.leader.event.OnGrantedEvent;

/** Publishes Spring Integration's OnGrantedEvent and OnRevokedEvent, for those who ask for it. */
@AutoConfiguration(after = FloatingIpAutoConfiguration.class)
@ConditionalOnClass(OnGrantedEvent.class)
@ConditionalOnBean(FloatingIp.class)
@ConditionalOnProperty(name = "floatingip.leader-events")
public class LeaderEventsAutoConfiguration {
    @Bean
    LeaderEvents floatingIpLeaderEvents(ApplicationEventPublisher events, ObjectProvider<FloatingIp> floatingIps) {
        return new LeaderEvents(new DefaultLeaderEventPublisher(events), floatingIps);
    }
}
