package io.floatingip.health;

import java.util.Objects;

/**
 * A check as configured.
 *
 * @param name for logs and status; unique within a floating IP
 */
public record NamedCheck(String name, HealthCheck check, HealthPolicy policy) {
    public NamedCheck {
        Objects.requireNonNull(check, "check");
        Objects.requireNonNull(policy, "policy");
        if (name.isBlank()) {
            throw new IllegalArgumentException("a check needs a name");
        }
    }
}
