package io.floatingip.spring.actuate;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpStatus;
import io.floatingip.internal.wire.Rejection;
import io.floatingip.spring.FloatingIpAutoConfiguration;
import io.floatingip.spring.SimulatedNodes;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class FloatingIpMetricsTest {
    private final SimulatedNodes nodes = new SimulatedNodes();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(FloatingIpAutoConfiguration.class, FloatingIpMetricsAutoConfiguration.class))
            .withBean(SimpleMeterRegistry.class)
            .withBean("web", FloatingIp.class, () -> nodes.join("web", 1));

    @Test
    void showsWhatHappened() {
        runner.run(context -> {
            MeterRegistry meters = bound(context.getBean(FloatingIpMetrics.class));
            nodes.settle();
            assertThat(role(meters, "master")).isEqualTo(1);
            assertThat(role(meters, "backup")).isZero();
            assertThat(count(meters, "transitions", "to", "master")).isEqualTo(1);
            double sent = count(meters, "adverts.sent");
            assertThat(sent).isPositive();

            FloatingIp other = nodes.joinThere("web", 1, 200);
            nodes.settle();
            assertThat(role(meters, "master")).isZero();
            assertThat(role(meters, "backup")).isEqualTo(1);
            assertThat(count(meters, "adverts.received")).isPositive();

            other.close();
            nodes.settle();
            assertThat(role(meters, "master")).isEqualTo(1);
            assertThat(count(meters, "goodbyes.received")).isPositive();
            assertThat(count(meters, "adverts.sent")).isGreaterThan(sent);
            assertThat(meters.get("floatingip.fence.closes.in.time").gauge().value())
                    .isEqualTo(1);
            assertThat(meters.get("floatingip.priority").gauge().value()).isEqualTo(100);
        });
    }

    @Test
    void showsHowLongTakeoversTook() {
        runner.run(context -> {
            MeterRegistry meters = bound(context.getBean(FloatingIpMetrics.class));
            FloatingIp other = nodes.joinThere("web", 1, 200);
            nodes.settle();
            assertThat(takeovers(meters).count()).isZero();
            assertThat(meters.get("floatingip.takeovers.last").timeGauge().value(SECONDS))
                    .isZero();

            other.close();
            nodes.settle();
            // The good-bye leaves the skew of priority 100 to wait.
            assertThat(takeovers(meters).count()).isEqualTo(1);
            assertThat(takeovers(meters).totalTime(SECONDS)).isCloseTo(0.609, within(0.01));
            assertThat(meters.get("floatingip.takeovers.last").timeGauge().value(SECONDS))
                    .isCloseTo(0.609, within(0.01));
            assertThat(meters.get("floatingip.takeovers.max").timeGauge().value(SECONDS))
                    .isCloseTo(0.609, within(0.01));
        });
    }

    private static FunctionTimer takeovers(MeterRegistry meters) {
        return meters.get("floatingip.takeovers").functionTimer();
    }

    @Test
    void showsHowLateTheLoopWas() {
        runner.run(context -> {
            MeterRegistry meters = bound(context.getBean(FloatingIpMetrics.class));
            nodes.settle();
            assertThat(meters.get("floatingip.lateness").functionTimer().count())
                    .isPositive();
            assertThat(count(meters, "lateness.exceeded")).isZero();

            nodes.pauseHere(Duration.ofSeconds(2));
            nodes.settle();
            assertThat(meters.get("floatingip.lateness").functionTimer().totalTime(SECONDS))
                    .isBetween(1.0, 2.0);
            assertThat(meters.get("floatingip.lateness.max").timeGauge().value(SECONDS))
                    .isBetween(1.0, 2.0);
            assertThat(count(meters, "lateness.exceeded")).isEqualTo(1);
        });
    }

    @Test
    void countsRefusalsByReason() {
        runner.run(context -> {
            MeterRegistry meters = bound(context.getBean(FloatingIpMetrics.class));
            nodes.settle();
            assertThat(count(meters, "adverts.rejected", "reason", "version_mismatch"))
                    .isZero();
            nodes.joinThereWithVersion2("web", 1);
            nodes.settle();
            assertThat(count(meters, "adverts.rejected", "reason", "version_mismatch"))
                    .isPositive();
        });
    }

    @Test
    void everyRefusalHasItsMeter() {
        assertThat(FloatingIpMetrics.REJECTIONS)
                .containsExactlyElementsOf(
                        Arrays.stream(Rejection.values()).map(Enum::name).toList());
    }

    @Test
    void everyCounterOfTheStatusHasItsMeter() {
        FloatingIpStatus real = nodes.join("web", 1).status();
        assertThat(real.counters()).isNotEmpty();
        for (String counter : real.counters().keySet()) {
            FloatingIp seven = withCounters(real, Map.of(counter, 7L));
            new ApplicationContextRunner()
                    .withBean(FloatingIp.class, () -> seven)
                    .run(context -> assertThat(
                                    values(bound(new FloatingIpMetrics(context.getBeanProvider(FloatingIp.class)))))
                            .as(counter)
                            .containsAnyOf(7.0, 0.007));
        }
    }

    private static List<Double> values(MeterRegistry meters) {
        return meters.getMeters().stream()
                .flatMap(meter -> StreamSupport.stream(meter.measure().spliterator(), false))
                .map(Measurement::getValue)
                .toList();
    }

    /** A floating IP that is a name and a status and nothing else. */
    private static FloatingIp withCounters(FloatingIpStatus status, Map<String, Long> counters) {
        FloatingIpStatus counted = new FloatingIpStatus(
                status.name(),
                status.role(),
                status.since(),
                status.epoch(),
                status.effectivePriority(),
                status.master(),
                status.masterPriority(),
                status.faults(),
                status.fence(),
                status.warnings(),
                status.health(),
                status.lastChange(),
                status.takeovers(),
                status.lateness(),
                counters);
        return (FloatingIp) Proxy.newProxyInstance(
                FloatingIp.class.getClassLoader(),
                new Class<?>[] {FloatingIp.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "name" -> counted.name();
                    case "status" -> counted;
                    case "hashCode" -> 1;
                    case "equals" -> proxy == arguments[0];
                    case "close" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void theDocumentListsEachMeterAndNoOther() {
        runner.run(context -> {
            Map<String, String> meters = new TreeMap<>();
            for (Meter meter : bound(context.getBean(FloatingIpMetrics.class)).getMeters()) {
                meters.merge(meter.getId().getName(), row(meter), (one, another) -> {
                    assertThat(another).isEqualTo(one);
                    return one;
                });
            }
            assertThat(documented()).containsExactlyElementsOf(new TreeSet<>(meters.values()));
        });
    }

    private static String row(Meter meter) {
        String tags = meter.getId().getTags().stream()
                .map(Tag::getKey)
                .filter(key -> !key.equals("name"))
                .map(key -> "`" + key + "`")
                .collect(Collectors.joining(", "));
        return "| `" + meter.getId().getName() + "` | "
                + meter.getId().getType().name().toLowerCase(Locale.ROOT) + " | " + tags
                + (tags.isEmpty() ? "| " : " | ")
                + meter.getId().getDescription() + " |";
    }

    private static List<String> documented() throws IOException {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/spring-metrics.md"))) {
            folder = folder.getParent();
        }
        return Files.readAllLines(folder.resolve("docs/spring-metrics.md")).stream()
                .filter(line -> line.startsWith("| `floatingip."))
                .toList();
    }

    @Test
    void backsOff() {
        runner.run(context -> assertThat(context).hasSingleBean(FloatingIpMetrics.class));
        runner.withBean("mine", FloatingIpMetrics.class, () -> new FloatingIpMetrics(null))
                .run(context -> assertThat(context)
                        .hasSingleBean(FloatingIpMetrics.class)
                        .hasBean("mine"));
        runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("floatingIpMetrics"));
        ApplicationContextRunner bare = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(FloatingIpMetricsAutoConfiguration.class));
        bare.withBean(SimpleMeterRegistry.class)
                .run(context -> assertThat(context).doesNotHaveBean(FloatingIpMetrics.class));
        bare.withBean("web", FloatingIp.class, () -> nodes.join("web", 1))
                .run(context -> assertThat(context).doesNotHaveBean(FloatingIpMetrics.class));
    }

    private static MeterRegistry bound(FloatingIpMetrics metrics) {
        MeterRegistry registry = new SimpleMeterRegistry();
        metrics.bindTo(registry);
        return registry;
    }

    private static double role(MeterRegistry meters, String role) {
        return meters.get("floatingip.role")
                .tags("name", "web", "role", role)
                .gauge()
                .value();
    }

    private static double count(MeterRegistry meters, String name, String... tags) {
        return meters.get("floatingip." + name)
                .tags("name", "web")
                .tags(tags)
                .functionCounter()
                .count();
    }
}
