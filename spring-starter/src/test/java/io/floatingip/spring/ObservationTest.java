package io.floatingip.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.Role;
import io.floatingip.RoleListener;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ObservationTest {
    private final BlockingQueue<String> observed = new LinkedBlockingQueue<>();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    FloatingIpAutoConfiguration.class, FloatingIpObservationAutoConfiguration.class))
            .withPropertyValues(
                    "floatingip.network=simulated",
                    "floatingip.name=web",
                    "floatingip.interface=eth0",
                    "floatingip.virtual-router-id=52",
                    "floatingip.addresses=10.0.0.10/24",
                    "floatingip.advert-interval=10ms");

    @Test
    void callsOfListenersAndAnnotatedMethodsAreObserved() {
        runner.withBean(ObservationRegistry.class, this::registry)
                .withBean(Listener.class)
                .withBean(Methods.class)
                .run(context -> {
                    AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
                    assertThat(context.getBean(FloatingIp.class).awaitRole(Role.MASTER, Duration.ofSeconds(20)))
                            .isTrue();
                    String bean = "floatingip.listener web " + Listener.class.getName();
                    assertThat(next()).isEqualTo(bean + " fault");
                    assertThat(next()).isEqualTo(bean + " backup");
                    assertThat(next()).isEqualTo(bean + " master");
                    assertThat(next())
                            .isEqualTo("floatingip.listener web " + Methods.class.getName()
                                    + ".serve master: java.lang.IllegalStateException: no");
                });
    }

    @Test
    void isNotThereWithoutARegistryOrWithoutFloatingIps() {
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ListenerCalls.class));
        runner.withBean(ObservationRegistry.class, this::registry)
                .withPropertyValues("floatingip.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(ListenerCalls.class));
    }

    private String next() throws InterruptedException {
        return observed.poll(20, TimeUnit.SECONDS);
    }

    private ObservationRegistry registry() {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {
            @Override
            public void onStop(Observation.Context context) {
                observed.add(context.getName()
                        + context.getLowCardinalityKeyValues().stream()
                                .sorted((a, b) -> order(a) - order(b))
                                .map(key -> " " + key.getValue())
                                .collect(Collectors.joining())
                        + (context.getError() == null ? "" : ": " + context.getError()));
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        return registry;
    }

    private static int order(KeyValue key) {
        return switch (key.getKey()) {
            case "floatingip.name" -> 0;
            case "floatingip.listener" -> 1;
            default -> 2;
        };
    }

    static class Listener implements RoleListener {}

    static class Methods {
        @OnMaster
        void serve() {
            throw new IllegalStateException("no");
        }
    }
}
