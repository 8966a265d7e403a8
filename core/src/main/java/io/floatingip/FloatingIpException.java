package io.floatingip;

import org.jspecify.annotations.Nullable;

/** A floating IP cannot be joined or changed as asked. The message says what was wanted, what was found and what to do about it. */
public class FloatingIpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FloatingIpException(String message) {
        super(message);
    }

    public FloatingIpException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
