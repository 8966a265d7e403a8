package io.floatingip.spring.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.spring.FloatingIpAutoConfiguration;
import io.floatingip.spring.SimulatedNodes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.EventListener;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.event.AbstractLeaderEvent;
import org.springframework.integration.leader.event.OnGrantedEvent;

class LeaderEventsTest {
    private final SimulatedNodes nodes = new SimulatedNodes();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(FloatingIpAutoConfiguration.class, LeaderEventsAutoConfiguration.class));

    @Test
    void theMasterIsTheLeaderOfARoleOfTheSameName() {
        runner.withPropertyValues("floatingip.leader-events=true")
                .withBean(Events.class)
                .withBean("web", FloatingIp.class, () -> nodes.join("web", 1))
                .run(context -> {
                    List<AbstractLeaderEvent> events = context.getBean(Events.class).events;
                    FloatingIp web = context.getBean(FloatingIp.class);
                    nodes.settle();
                    assertThat(events).singleElement().isInstanceOf(OnGrantedEvent.class);
                    Context leadership = events.get(0).getContext();
                    assertThat(events.get(0).getRole()).isEqualTo("web");
                    assertThat(leadership.getRole()).isEqualTo("web");
                    assertThat(leadership.isLeader()).isTrue();

                    FloatingIp other = nodes.joinThere("web", 1, 50);
                    nodes.settle();
                    leadership.yield();
                    nodes.settle();
                    assertThat(other.isMaster()).isTrue();
                    assertThat(leadership.isLeader()).isFalse();
                    assertThat(events)
                            .extracting(event -> event.getClass().getSimpleName() + " " + event.getRole())
                            .containsExactly("OnGrantedEvent web", "OnRevokedEvent web");
                });
    }

    @Test
    void publishesNothingUnlessAsked() {
        ApplicationContextRunner with = runner.withBean("web", FloatingIp.class, () -> nodes.join("web", 1));
        with.run(context -> assertThat(context).doesNotHaveBean(LeaderEvents.class));
        with.withPropertyValues("floatingip.leader-events=false")
                .run(context -> assertThat(context).doesNotHaveBean(LeaderEvents.class));
        with.withPropertyValues("floatingip.leader-events=true")
                .withClassLoader(new FilteredClassLoader("org.springframework.integration"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("floatingIpLeaderEvents"));
    }

    @Test
    void backsOffWithoutFloatingIps() {
        runner.withPropertyValues("floatingip.leader-events=true", "floatingip.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(LeaderEvents.class));
    }

    static class Events {
        private final List<AbstractLeaderEvent> events = new ArrayList<>();

        @EventListener
        void on(AbstractLeaderEvent event) {
            events.add(event);
        }
    }
}
