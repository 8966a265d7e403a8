package io.floatingip.keepalived;

/**
 * Something in a file that is understood in another way than keepalived does, or not at all.
 *
 * @param message what is meant by it here, or what to do instead
 */
public record Finding(Position at, Severity severity, String message) {
    /** {@code keepalived.conf:12:5: warning: ...}, as compilers write it. */
    @Override
    public String toString() {
        return at + ": " + severity + ": " + message;
    }
}
