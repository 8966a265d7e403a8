package io.floatingip.health;

/**
 * Looks whether something works. {@link HealthChecks} has the usual ones; any lambda will do:
 *
 * <pre>{@code
 * .check("database", () -> connection.isValid(1), HealthPolicy.weight(-50))
 * }</pre>
 *
 * <p>Called on a thread of the health checks, never on the one that runs the protocol and never again before the last call has returned. It may
 * block: at its timeout the check counts as failed and its thread is interrupted. Whoever ignores the interrupt keeps that one thread, and the
 * check stays failed, until it returns.
 */
@FunctionalInterface
public interface HealthCheck {
    /**
     * Whether it works.
     *
     * @throws Exception if it does not; the message becomes the reason, {@link UnhealthyException}'s without the name of its class
     */
    boolean check() throws Exception;
}
