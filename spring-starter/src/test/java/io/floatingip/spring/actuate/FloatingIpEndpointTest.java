package io.floatingip.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.floatingip.FloatingIp;
import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.Takeovers;
import io.floatingip.spring.FloatingIpAutoConfiguration;
import io.floatingip.spring.SimulatedNodes;
import io.floatingip.spring.actuate.FloatingIpEndpoint.Action;
import io.floatingip.spring.actuate.FloatingIpEndpoint.Descriptor;
import io.floatingip.spring.actuate.FloatingIpEndpoint.Transition;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class FloatingIpEndpointTest {
    private static final String EXPOSED = "management.endpoints.web.exposure.include=floatingip";

    private final SimulatedNodes nodes = new SimulatedNodes();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    FloatingIpAutoConfiguration.class, FloatingIpEndpointAutoConfiguration.class));

    @Test
    void saysWhatAnOperatorAsks() {
        run((endpoint, web) -> {
            nodes.settle();
            FloatingIp other = nodes.joinThere("web", 1, 200);
            nodes.settle();

            Descriptor there = endpoint.floatingIp("web");
            assertThat(there.role()).isEqualTo(Role.BACKUP);
            assertThat(there.why()).contains("10.0.0.2", "200", "100");
            assertThat(there.effectivePriority()).isEqualTo(100);
            assertThat(there.master()).isEqualTo("10.0.0.2");
            assertThat(there.masterPriority()).isEqualTo(200);
            assertThat(there.fence().closesInTime()).isTrue();
            assertThat(there.counters()).containsEntry("transitions.toMaster", 1L);
            assertThat(there.takeovers()).isEqualTo(Takeovers.NONE);
            assertThat(there.lateness().turns()).isPositive();
            assertThat(there.transitions())
                    .extracting(Transition::to, Transition::reason)
                    .startsWith(tuple(Role.BACKUP, Reason.PREEMPTED), tuple(Role.MASTER, Reason.MASTER_SILENT));

            assertThat(endpoint.floatingIps().floatingIps()).containsOnlyKeys("web");
            assertThat(endpoint.floatingIp("mail")).isNull();
            assertThat(other.isMaster()).isTrue();
        });
    }

    @Test
    void keepsTheLastTwentyTransitions() {
        run((endpoint, web) -> {
            nodes.settle();
            for (int i = 0; i < 15; i++) {
                web.standDown(Duration.ofSeconds(1));
                nodes.settle();
            }
            assertThat(endpoint.floatingIp("web").transitions())
                    .hasSize(20)
                    .first()
                    .satisfies(newest -> assertThat(newest.to()).isEqualTo(Role.MASTER));
        });
    }

    @Test
    void handsOver() {
        run((endpoint, web) -> {
            nodes.settle();
            FloatingIp other = nodes.joinThere("web", 1, 50);
            nodes.settle();
            endpoint.act("web", Action.HAND_OVER, null, null);
            nodes.settle();
            assertThat(other.isMaster()).isTrue();
            assertThat(web.status().lastChange())
                    .hasValueSatisfying(change -> assertThat(change.reason()).isEqualTo(Reason.HANDED_OVER));
        });
    }

    @Test
    void standsDownForATimeAndUpAgain() {
        run((endpoint, web) -> {
            nodes.settle();
            endpoint.act("web", Action.STAND_DOWN, "30s", null);
            nodes.settle();
            assertThat(web.role()).isEqualTo(Role.FAULT);
            nodes.settle().settle().settle();
            assertThat(web.isMaster()).isTrue();

            endpoint.act("web", Action.STAND_DOWN, "PT1H", null);
            nodes.settle();
            assertThat(web.role()).isEqualTo(Role.FAULT);
            endpoint.act("web", Action.STAND_UP, null, null);
            nodes.settle();
            assertThat(web.isMaster()).isTrue();
        });
    }

    @Test
    void changesThePriority() {
        run((endpoint, web) -> {
            endpoint.act("web", Action.PRIORITY, null, 150);
            nodes.settle();
            assertThat(web.status().effectivePriority()).isEqualTo(150);
        });
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        run((endpoint, web) -> {
            nodes.settle();
            assertRefused(
                    "stand-down wants a duration, such as 10m",
                    () -> endpoint.act("web", Action.STAND_DOWN, null, null));
            assertRefused(
                    "duration must be like 30s, 10m or 2h, got soon",
                    () -> endpoint.act("web", Action.STAND_DOWN, "soon", null));
            assertRefused(
                    "duration must be longer than 0, got -1s",
                    () -> endpoint.act("web", Action.STAND_DOWN, "-1s", null));
            assertRefused("duration belongs to stand-down", () -> endpoint.act("web", Action.HAND_OVER, "1s", null));
            assertRefused(
                    "the action priority wants a priority, 1 to 254",
                    () -> endpoint.act("web", Action.PRIORITY, null, null));
            assertRefused("priority must be 1 to 254, got 255", () -> endpoint.act("web", Action.PRIORITY, null, 255));
            assertRefused(
                    "priority belongs to the action of that name", () -> endpoint.act("web", Action.STAND_UP, null, 7));
            nodes.settle();
            assertThat(web.isMaster()).isTrue();
            assertThat(web.status().effectivePriority()).isEqualTo(100);
            assertRefused(
                    "there is no floating IP mail, only [web]",
                    () -> endpoint.act("mail", Action.HAND_OVER, null, null));
        });
    }

    @Test
    void isThereOnlyWhereItIsExposed() {
        ApplicationContextRunner without = this.runner.withPropertyValues("floatingip.enabled=false");
        ApplicationContextRunner runner = this.runner.withBean("web", FloatingIp.class, () -> nodes.join("web", 1));
        runner.run(context -> assertThat(context).doesNotHaveBean(FloatingIpEndpoint.class));
        runner.withPropertyValues(EXPOSED).run(context -> assertThat(context).hasSingleBean(FloatingIpEndpoint.class));
        runner.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=floatingip")
                .run(context -> assertThat(context).hasSingleBean(FloatingIpEndpoint.class));
        runner.withPropertyValues(EXPOSED, "management.endpoint.floatingip.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(FloatingIpEndpoint.class));
        without.withPropertyValues(EXPOSED)
                .run(context -> assertThat(context).doesNotHaveBean(FloatingIpEndpoint.class));
    }

    @Test
    void givesWayToOneOfTheApplication() {
        runner.withPropertyValues(EXPOSED)
                .withBean("web", FloatingIp.class, () -> nodes.join("web", 1))
                .withBean("mine", FloatingIpEndpoint.class, () -> new FloatingIpEndpoint(null, new RoleHistory(null)))
                .run(context -> assertThat(context)
                        .hasSingleBean(FloatingIpEndpoint.class)
                        .hasBean("mine"));
    }

    private interface Act {
        void on(FloatingIpEndpoint endpoint, FloatingIp web);
    }

    private void run(Act act) {
        runner.withPropertyValues(EXPOSED)
                .withBean("web", FloatingIp.class, () -> nodes.join("web", 1))
                .run(context -> act.on(context.getBean(FloatingIpEndpoint.class), context.getBean(FloatingIp.class)));
    }

    private static void assertRefused(String why, Runnable act) {
        assertThatThrownBy(act::run).isInstanceOfSatisfying(InvalidEndpointRequestException.class, (Consumer<
                        InvalidEndpointRequestException>)
                e -> assertThat(e.getReason()).isEqualTo(why));
    }
}
