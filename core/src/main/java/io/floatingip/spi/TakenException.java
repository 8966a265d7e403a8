package io.floatingip.spi;

import java.io.IOException;

/** Another process of this machine has what was asked for; it may be about to give it back. */
public final class TakenException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param message who has it and what to do */
    public TakenException(String message) {
        super(message);
    }
}
