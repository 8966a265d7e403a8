package io.floatingip.keepalived;

import java.util.Locale;

/** How much a {@link Finding} matters. */
public enum Severity {
    /** What the line asks for is done in another way, or has no meaning here; nothing to do. */
    INFO,
    /** Something that the line asks for is not done; the message says what to do instead. */
    WARNING,
    /** What the line means cannot be known, and to guess would be unsafe; what it belongs to is not configured. */
    ERROR;

    /** {@code warning}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
