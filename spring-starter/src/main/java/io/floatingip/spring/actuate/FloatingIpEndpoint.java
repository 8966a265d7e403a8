package io.floatingip.spring.actuate;

import io.floatingip.FenceStatus;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpStatus;
import io.floatingip.Lateness;
import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.Takeovers;
import io.floatingip.health.HealthStatus;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.convert.DurationStyle;

/**
 * The actuator endpoint {@code floatingip}: what each floating IP does and why, and the hand on it. It may be read wherever it is exposed;
 * moving addresses wants {@code management.endpoint.floatingip.access=unrestricted} besides.
 */
@Endpoint(id = "floatingip", defaultAccess = Access.READ_ONLY)
public class FloatingIpEndpoint {
    private final ObjectProvider<FloatingIp> floatingIps;
    private final RoleHistory history;

    FloatingIpEndpoint(ObjectProvider<FloatingIp> floatingIps, RoleHistory history) {
        this.floatingIps = floatingIps;
        this.history = history;
    }

    /** All floating IPs of this application, by name. */
    @ReadOperation
    public AllDescriptor floatingIps() {
        SortedMap<String, Descriptor> all = new TreeMap<>();
        floatingIps.forEach(floatingIp -> all.put(floatingIp.name(), describe(floatingIp)));
        return new AllDescriptor(all);
    }

    /** One of them; null, which is answered as not found, if there is none of that name. */
    @ReadOperation
    public @Nullable Descriptor floatingIp(@Selector String name) {
        return named(name).map(this::describe).orElse(null);
    }

    /**
     * Does something with one of them. What follows of it is seen by reading: the answer comes before the role has changed.
     *
     * @param name of the floating IP
     * @param action what to do
     * @param duration how long to stand down, such as {@code 10m}
     * @param priority the new one, 1 to 254
     * @return what the floating IP does now
     */
    @WriteOperation
    public Descriptor act(
            @Selector String name,
            Action action,
            // Spring's own: it is the one by which Spring Boot 3 knows what may be left out.
            @org.springframework.lang.Nullable String duration,
            @org.springframework.lang.Nullable Integer priority) {
        FloatingIp floatingIp = named(name)
                .orElseThrow(() -> refused("there is no floating IP " + name + ", only "
                        + floatingIps.stream().map(FloatingIp::name).toList()));
        act(floatingIp, action, duration, priority);
        return describe(floatingIp);
    }

    private static void act(
            FloatingIp floatingIp, Action action, @Nullable String duration, @Nullable Integer priority) {
        if (action != Action.STAND_DOWN && duration != null) {
            throw refused("duration belongs to stand-down");
        }
        if (action != Action.PRIORITY && priority != null) {
            throw refused("priority belongs to the action of that name");
        }
        switch (action) {
            case HAND_OVER -> floatingIp.handOver();
            case STAND_DOWN -> floatingIp.standDown(durationOf(duration));
            case STAND_UP -> floatingIp.standUp();
            case PRIORITY -> setPriority(floatingIp, priority);
        }
    }

    private static Duration durationOf(@Nullable String text) {
        if (text == null) {
            throw refused("stand-down wants a duration, such as 10m");
        }
        Duration duration;
        try {
            duration = DurationStyle.detectAndParse(text);
        } catch (IllegalArgumentException e) {
            throw refused("duration must be like 30s, 10m or 2h, got " + text);
        }
        if (duration.isZero() || duration.isNegative()) {
            throw refused("duration must be longer than 0, got " + text);
        }
        return duration;
    }

    private static void setPriority(FloatingIp floatingIp, @Nullable Integer priority) {
        if (priority == null) {
            throw refused("the action priority wants a priority, 1 to 254");
        }
        try {
            floatingIp.setPriority(priority);
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private static InvalidEndpointRequestException refused(String why) {
        return new InvalidEndpointRequestException(why, why);
    }

    private Optional<FloatingIp> named(String name) {
        return floatingIps.stream()
                .filter(floatingIp -> floatingIp.name().equals(name))
                .findFirst();
    }

    private Descriptor describe(FloatingIp floatingIp) {
        FloatingIpStatus status = floatingIp.status();
        return new Descriptor(
                status.role(),
                status.since(),
                status.lastChange().map(RoleChange::detail).orElse(null),
                status.epoch(),
                status.effectivePriority(),
                status.master().map(InetAddress::getHostAddress).orElse(null),
                status.masterPriority().isPresent() ? status.masterPriority().getAsInt() : null,
                status.fence(),
                status.faults(),
                status.warnings(),
                status.health(),
                history.of(status.name()).stream().map(Transition::of).toList(),
                status.takeovers(),
                status.lateness(),
                new TreeMap<>(status.counters()));
    }

    /** What can be done with a floating IP. */
    public enum Action {
        /** Gives the address to the best other node; as {@link FloatingIp#handOver()}. */
        HAND_OVER,
        /** Does not compete for a time; as {@link FloatingIp#standDown}. */
        STAND_DOWN,
        /** Ends standing down; as {@link FloatingIp#standUp()}. */
        STAND_UP,
        /** Changes the priority until the application is started anew; as {@link FloatingIp#setPriority}. */
        PRIORITY
    }

    /** All floating IPs of this application. */
    public record AllDescriptor(Map<String, Descriptor> floatingIps) implements OperationResponseBody {}

    /**
     * One floating IP; see {@link FloatingIpStatus} for what is not explained here.
     *
     * @param why why it has its role, in words
     * @param master the address of the current master as far as this node knows
     * @param transitions the last changes of role, newest first
     */
    public record Descriptor(
            Role role,
            Instant since,
            @Nullable String why,
            long epoch,
            int effectivePriority,
            @Nullable String master,
            @Nullable Integer masterPriority,
            FenceStatus fence,
            List<String> faults,
            List<String> warnings,
            List<HealthStatus> health,
            List<Transition> transitions,
            Takeovers takeovers,
            Lateness lateness,
            Map<String, Long> counters)
            implements OperationResponseBody {}

    /** One change of role; see {@link RoleChange}. */
    public record Transition(Instant at, Role from, Role to, Reason reason, String detail, int priority, long epoch) {
        private static Transition of(RoleChange change) {
            return new Transition(
                    change.at(),
                    change.from(),
                    change.to(),
                    change.reason(),
                    change.detail(),
                    change.priority(),
                    change.epoch());
        }
    }
}
