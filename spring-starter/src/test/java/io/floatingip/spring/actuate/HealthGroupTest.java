package io.floatingip.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.Role;
import io.floatingip.spring.FloatingIpAutoConfiguration;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

class HealthGroupTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final String[] SIMULATED = {
        "floatingip.network=simulated",
        "floatingip.interface=eth0",
        "floatingip.virtual-router-id=52",
        "floatingip.addresses=10.0.0.10/24",
        "floatingip.advert-interval=10ms",
        "floatingip.checks.health-group.interval=10ms",
        "floatingip.checks.health-group.timeout=20s"
    };

    private volatile String database = "UP";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(Application.class)
            .withPropertyValues(SIMULATED);
    private final ApplicationContextRunner withDatabase = withDatabase(healthPackage() + ".HealthIndicator");

    @Test
    void anUnhealthyGroupReleasesTheAddressAndItComesBack() {
        withDatabase.withPropertyValues("floatingip.health-group=web").run(context -> {
            FloatingIp vip = context.getBean(FloatingIp.class);
            AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
            assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();

            database = "DOWN";
            assertThat(vip.awaitRole(Role.FAULT, SOON)).isTrue();
            assertThat(vip.status().faults()).containsExactly("health-group: web is DOWN: database is DOWN");

            database = "UP";
            assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
        });
    }

    @Test
    void aContributorMayCarryAWeight() {
        database = "OUT_OF_SERVICE";
        withDatabase
                .withPropertyValues("floatingip.health-group=database", "floatingip.checks.health-group.weight=-30")
                .run(context -> {
                    FloatingIp vip = context.getBean(FloatingIp.class);
                    AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
                    assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
                    assertThat(vip.status().effectivePriority()).isEqualTo(70);
                });
    }

    @Test
    void refusesAGroupThatIsNotThere() {
        assertRefused(
                withDatabase.withPropertyValues("floatingip.health-group=wbe"),
                "there is no health group or contributor of this name, or no health endpoint");
    }

    @Test
    void refusesAGroupWithTheFloatingIpsOwnHealth() {
        assertRefused(
                withDatabase.withPropertyValues(
                        "floatingip.health-group=all", "management.endpoint.health.group.all.include=*"),
                "it includes the floating IP's own health, which follows from this check; name a group"
                        + " without it, as by management.endpoint.health.group.NAME.exclude=floatingIp");
        assertRefused(
                withDatabase.withPropertyValues(
                        "floatingip.health-group=all/floatingIp", "management.endpoint.health.group.all.include=*"),
                "it includes the floating IP's own health, which follows from this check");
        assertRefused(
                withDatabase.withPropertyValues(
                        "floatingip.health-group=part",
                        "management.endpoint.health.group.part.include=database,floatingIp/eth0-52"),
                "it includes the floating IP's own health, which follows from this check");
    }

    @Test
    void refusesToStartWithoutAnythingToAsk() {
        assertRefused(
                new ApplicationContextRunner()
                        .withConfiguration(AutoConfigurations.of(
                                HealthGroupAutoConfiguration.class, FloatingIpAutoConfiguration.class))
                        .withPropertyValues(SIMULATED)
                        .withPropertyValues("floatingip.health-group=web")
                        .withClassLoader(new FilteredClassLoader(
                                "org.springframework.boot.actuate", "org.springframework.boot.health")),
                "it takes Spring Boot's actuator with its health endpoint, which this application does not have");
        assertRefused(
                withDatabase.withPropertyValues(
                        "floatingip.health-group=database", "management.endpoint.health.access=NONE"),
                "there is no health group or contributor of this name, or no health endpoint");
    }

    @Test
    void isNotThereUnlessAsked() {
        runner.withPropertyValues("floatingip.checks.health-group.tcp=127.0.0.1:1")
                .run(context -> assertThat(context).doesNotHaveBean(HealthGroupCheck.class));
        withDatabase
                .withPropertyValues("floatingip.health-group=web", "floatingip.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthGroupCheck.class));
    }

    private static void assertRefused(ApplicationContextRunner runner, String why) {
        runner.run(context -> assertThat(context)
                .getFailure()
                .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, failure -> {
                    assertThat(failure.getName()).isEqualTo("floatingip.health-group");
                    assertThat(failure.getReason()).startsWith(why);
                }));
    }

    private static String healthPackage() {
        return ClassUtils.isPresent("org.springframework.boot.actuate.health.Health", null)
                ? "org.springframework.boot.actuate.health"
                : "org.springframework.boot.health.contributor";
    }

    private ApplicationContextRunner withDatabase(String type) {
        try {
            return withDatabase(Class.forName(type));
        } catch (ClassNotFoundException e) {
            throw new AssertionError("no health on the class path", e);
        }
    }

    /** A contributor of whichever Spring Boot the tests run on. */
    private <T> ApplicationContextRunner withDatabase(Class<T> indicator) {
        T contributor = indicator.cast(Proxy.newProxyInstance(
                indicator.getClassLoader(),
                new Class<?>[] {indicator},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "health", "getHealth" -> {
                        Object builder = Class.forName(healthPackage() + ".Health")
                                .getMethod("status", String.class)
                                .invoke(null, database);
                        yield builder.getClass().getMethod("build").invoke(builder);
                    }
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> 1;
                    default -> "database";
                }));
        return runner.withBean("databaseHealthIndicator", indicator, () -> contributor)
                .withPropertyValues("management.endpoint.health.group.web.include=database,ping");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
