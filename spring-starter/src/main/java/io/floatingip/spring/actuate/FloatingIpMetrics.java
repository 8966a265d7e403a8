package io.floatingip.spring.actuate;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpStatus;
import io.floatingip.Role;
import io.floatingip.health.HealthState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.springframework.beans.factory.ObjectProvider;

/** The meters of each floating IP, tagged with its name; docs/spring-metrics.md lists them. Each reads the status when it is asked. */
final class FloatingIpMetrics implements MeterBinder {
    /** The rules that refuse a packet. Each has its counter from the start, so that the first refusal is seen as an increase. */
    static final List<String> REJECTIONS = List.of(
            "TRUNCATED",
            "NOT_VRRP",
            "UNKNOWN_VERSION",
            "UNKNOWN_TYPE",
            "UNKNOWN_VRID",
            "CARP",
            "VERSION_MISMATCH",
            "AUTHENTICATION_HEADER_MISMATCH",
            "CHECKSUM",
            "HOP_LIMIT",
            "NO_ADDRESS",
            "LENGTH",
            "AUTHENTICATION_TYPE",
            "PASSWORD",
            "AUTHENTICATION_HEADER",
            "AUTHENTICATION_HEADER_REPLAY",
            "HMAC_MISSING",
            "HMAC_MALFORMED",
            "HMAC_UNKNOWN_KEY",
            "HMAC_STALE",
            "HMAC_REPLAY",
            "HMAC_FORGED",
            "ZERO_INTERVAL",
            "INTERVAL_MISMATCH",
            "FIRST_ADDRESS_NOT_LINK_LOCAL",
            "ADDRESS_LIST_MISMATCH",
            "OWN_PACKET",
            "UNKNOWN_PEER",
            "DESTINATION");

    private final ObjectProvider<FloatingIp> floatingIps;

    FloatingIpMetrics(ObjectProvider<FloatingIp> floatingIps) {
        this.floatingIps = floatingIps;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        floatingIps.forEach(floatingIp -> new Meters(registry, floatingIp).register());
    }

    private record Meters(MeterRegistry registry, FloatingIp floatingIp) {
        void register() {
            for (Role role : Role.values()) {
                gauge(
                        "role",
                        "1 for the role that the node has, 0 for the others",
                        status -> status.role() == role ? 1 : 0,
                        "role",
                        role.name().toLowerCase(Locale.ROOT));
            }
            gauge("priority", "The effective priority, 1 to 255", FloatingIpStatus::effectivePriority);
            gauge(
                    "master.known",
                    "Whether this node knows who is master",
                    s -> s.master().isPresent() ? 1 : 0);
            gauge(
                    "faults",
                    "Reasons why the node takes no part",
                    s -> s.faults().size());
            gauge(
                    "warnings",
                    "Things that an operator should mend",
                    s -> s.warnings().size());
            gauge("checks.unhealthy", "Health checks that are unhealthy", Meters::unhealthy);
            gauge(
                    "fence.closes.in.time",
                    "Whether this host certainly stops answering before another node may take over",
                    status -> status.fence().closesInTime() ? 1 : 0);

            for (String to : List.of("Master", "Backup", "Fault")) {
                counter("transitions", "Changes of role", "transitions.to" + to, "to", to.toLowerCase(Locale.ROOT));
            }
            counter("adverts.sent", "Adverts sent", "adverts.sent");
            counter("adverts.received", "Adverts received", "adverts.received");
            counter("adverts.failed", "Adverts that could not be sent", "adverts.sendFailures");
            counter("goodbyes.sent", "Adverts of priority 0 sent", "adverts.priorityZeroSent");
            counter("goodbyes.received", "Adverts of priority 0 received", "adverts.priorityZeroReceived");
            for (String reason : REJECTIONS) {
                counter(
                        "adverts.rejected",
                        "Packets refused, by the rule that refused them",
                        "rejected." + reason,
                        "reason",
                        reason.toLowerCase(Locale.ROOT));
            }
            counter("announcements.sent", "Gratuitous ARP and neighbour advertisements", "announcements.sent");
            counter("announcements.failed", "Announcements that could not be sent", "announcements.failures");
            counter("addresses.failed", "Addresses that could not be added or removed", "addresses.failures");
            counter("addresses.restored", "Addresses put back that others had removed", "addresses.restored");
            counter("addresses.conflicts", "Other hosts that answered for the address", "addresses.conflicts");
            counter("fence.disturbed", "Rules of the fence that others had removed", "fence.disturbances");
            counter("fence.failed", "Errors of the fence", "fence.failures");
            counter("listeners.failed", "Exceptions of listeners", "listeners.failures");
            counter("notifications.delivered", "Notifications delivered", "notifications.delivered");
            counter("notifications.undelivered", "Notifications given up", "notifications.undelivered");

            timer(
                    "pauses",
                    "How often and how long this process did not run when it should have",
                    s -> s.counter("pauses.count"),
                    s -> Duration.ofMillis(s.counter("pauses.totalMillis")));
            timer(
                    "lateness",
                    "How late the protocol's thread came to what was due",
                    s -> s.lateness().turns(),
                    s -> s.lateness().total());
            seconds(
                    "lateness.max",
                    "The latest that the protocol's thread came to what was due in the last one to two minutes",
                    status -> status.lateness().max());
            FunctionCounter.builder(
                            name("lateness.exceeded"),
                            floatingIp,
                            f -> f.status().lateness().exceeded())
                    .description("How often it was later than a quarter of the advert interval")
                    .tags(tags())
                    .register(registry);
            timer(
                    "takeovers",
                    "Takeovers, each from the last word of a master that fell silent or left to the announcement",
                    s -> s.takeovers().count(),
                    s -> s.takeovers().total());
            seconds(
                    "takeovers.last",
                    "How long the latest takeover took; 0 before",
                    status -> status.takeovers().last());
            seconds(
                    "takeovers.max",
                    "How long the longest takeover took",
                    status -> status.takeovers().max());
        }

        private void timer(
                String name,
                String description,
                ToLongFunction<FloatingIpStatus> count,
                Function<FloatingIpStatus, Duration> total) {
            FunctionTimer.builder(
                            name(name),
                            floatingIp,
                            f -> count.applyAsLong(f.status()),
                            f -> total.apply(f.status()).toNanos(),
                            TimeUnit.NANOSECONDS)
                    .description(description)
                    .tags(tags())
                    .register(registry);
        }

        private void seconds(String name, String description, Function<FloatingIpStatus, Duration> value) {
            TimeGauge.builder(
                            name(name),
                            floatingIp,
                            TimeUnit.NANOSECONDS,
                            f -> value.apply(f.status()).toNanos())
                    .description(description)
                    .tags(tags())
                    .register(registry);
        }

        private static double unhealthy(FloatingIpStatus status) {
            return status.health().stream()
                    .filter(check -> check.state() == HealthState.UNHEALTHY)
                    .count();
        }

        private void gauge(
                String name, String description, ToDoubleFunction<FloatingIpStatus> value, String... moreTags) {
            Gauge.builder(name(name), floatingIp, f -> value.applyAsDouble(f.status()))
                    .description(description)
                    .tags(tags(moreTags))
                    .register(registry);
        }

        private void counter(String name, String description, String counter, String... moreTags) {
            FunctionCounter.builder(name(name), floatingIp, f -> f.status().counter(counter))
                    .description(description)
                    .tags(tags(moreTags))
                    .register(registry);
        }

        private static String name(String name) {
            return "floatingip." + name;
        }

        private Tags tags(String... more) {
            return Tags.of("name", floatingIp.name()).and(more);
        }
    }
}
