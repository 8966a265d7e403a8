package io.floatingip.spring.actuate;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpStatus;
import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.health.HealthState;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the health contributor says of one floating IP, for both health packages of Spring Boot.
 *
 * @param code of the health status: UP for master and backup alike, DOWN in a fault, OUT_OF_SERVICE when it takes no part on purpose
 * @param details what an operator asks first, in that order
 */
record HealthDetails(String code, Map<String, Object> details) {
    static HealthDetails of(FloatingIp floatingIp) {
        FloatingIpStatus status = floatingIp.status();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("role", status.role().name());
        details.put("since", status.since().toString());
        status.lastChange().map(RoleChange::detail).ifPresent(why -> details.put("why", why));
        details.put("heldBy", holder(status));
        details.put("priority", status.effectivePriority());
        details.put("fence", fence(status));
        putUnlessEmpty(details, "faults", status.faults());
        putUnlessEmpty(details, "warnings", status.warnings());
        putUnlessEmpty(
                details,
                "unhealthy",
                status.health().stream()
                        .filter(check -> check.state() == HealthState.UNHEALTHY)
                        .map(check -> check.detail().isEmpty() ? check.name() : check.name() + ": " + check.detail())
                        .toList());
        return new HealthDetails(code(status), details);
    }

    private static String code(FloatingIpStatus status) {
        return switch (status.role()) {
            case MASTER, BACKUP -> "UP";
            case FAULT -> meant(status) ? "OUT_OF_SERVICE" : "DOWN";
            case RELEASED -> "OUT_OF_SERVICE";
        };
    }

    /** Whether it takes no part because somebody wants it so. */
    private static boolean meant(FloatingIpStatus status) {
        return status.lastChange()
                .map(RoleChange::reason)
                .map(reason -> reason == Reason.NOT_READY || reason == Reason.STOOD_DOWN)
                .orElse(false);
    }

    private static String holder(FloatingIpStatus status) {
        String address = status.master().map(InetAddress::getHostAddress).orElse("");
        if (status.role() == Role.MASTER) {
            return "this node" + (address.isEmpty() ? "" : ", " + address);
        }
        if (address.isEmpty()) {
            return "nobody that this node has heard";
        }
        return address
                + (status.masterPriority().isPresent()
                        ? ", priority " + status.masterPriority().getAsInt()
                        : "");
    }

    private static String fence(FloatingIpStatus status) {
        String reason = status.fence().reason();
        return (status.fence().closesInTime() ? "closes in time" : "does not close in time")
                + (reason.isEmpty() ? "" : ": " + reason);
    }

    private static void putUnlessEmpty(Map<String, Object> details, String name, List<String> values) {
        if (!values.isEmpty()) {
            details.put(name, values);
        }
    }
}
