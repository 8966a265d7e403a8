package io.floatingip.health;

/** Thrown by a {@link HealthCheck} to say why something does not work; an answer, not an accident, and so without a stack trace. */
public final class UnhealthyException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the reason as it is to appear in logs and status. */
    public UnhealthyException(String reason) {
        super(reason, null, false, false);
    }
}
