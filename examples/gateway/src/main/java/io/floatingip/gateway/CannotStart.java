package io.floatingip.gateway;

/** Something outside of the file is in the way; the message says what. */
public final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotStart(String message, Throwable cause) {
        super(message, cause);
    }
}
