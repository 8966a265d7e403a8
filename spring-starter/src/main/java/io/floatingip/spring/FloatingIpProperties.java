package io.floatingip.spring;

import org.springframework.boot.context.properties.ConfigurationProperties;

/** The properties that begin with {@code floatingip}. */
@ConfigurationProperties(prefix = "floatingip", ignoreUnknownFields = false)
public class FloatingIpProperties {
    /** Whether this application takes part in floating IPs at all. */
    private boolean enabled = true;

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }
}
