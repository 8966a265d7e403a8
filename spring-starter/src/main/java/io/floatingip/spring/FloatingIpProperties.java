package io.floatingip.spring;

import org.springframework.boot.context.properties.ConfigurationProperties;

/** The properties that begin with {@code floatingip}. */
@ConfigurationProperties(prefix = "floatingip", ignoreUnknownFields = false)
public class FloatingIpProperties {
    /** Whether this application takes part in floating IPs at all. */
    private boolean enabled = true;

    /**
     * Whether to publish Spring Integration's OnGrantedEvent and OnRevokedEvent, with the name of the floating IP as the role and its master as
     * the leader. Takes spring-integration-core.
     */
    private boolean leaderEvents;

    /**
     * Health group or contributor of the application that becomes a check of its floating IPs, named health-group: unhealthy, it releases the
     * address, or does what the properties of checks.health-group say.
     */
    private String healthGroup = "";

    public String getHealthGroup() {
        return healthGroup;
    }

    public void setHealthGroup(String healthGroup) {
        this.healthGroup = healthGroup;
    }

    public boolean isLeaderEvents() {
        return leaderEvents;
    }

    public void setLeaderEvents(boolean leaderEvents) {
        this.leaderEvents = leaderEvents;
    }

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }
}
