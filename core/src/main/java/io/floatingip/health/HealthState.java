package io.floatingip.health;

/** What is known of a check, after its rise and fall counts. */
public enum HealthState {
    /** No result yet: a weight does not count, and an effect that releases keeps the node from taking part. */
    PENDING,
    HEALTHY,
    UNHEALTHY
}
