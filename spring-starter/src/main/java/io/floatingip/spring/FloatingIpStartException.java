package io.floatingip.spring;

import io.floatingip.FloatingIpException;
import org.jspecify.annotations.Nullable;

/** The floating IPs of this application cannot be joined as configured; {@link FloatingIpFailureAnalyzer} turns it into words for people. */
final class FloatingIpStartException extends FloatingIpException {
    private static final long serialVersionUID = 1;

    private final String prefix;
    private final String action;

    /** @param prefix of the properties that this is about, without a dot at the end */
    FloatingIpStartException(String prefix, String description, String action, @Nullable Throwable cause) {
        super(description, cause);
        this.prefix = prefix;
        this.action = action;
    }

    String prefix() {
        return prefix;
    }

    /** What to do. */
    String action() {
        return action;
    }
}
