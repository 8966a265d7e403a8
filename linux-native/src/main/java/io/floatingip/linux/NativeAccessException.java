package io.floatingip.linux;

import java.io.IOException;

/** The native bindings could not be loaded; the message says which setting of the JVM or of the machine allows it. */
public final class NativeAccessException extends IOException {
    private static final long serialVersionUID = 1;

    NativeAccessException(String message, Throwable cause) {
        super(message, cause);
    }
}
