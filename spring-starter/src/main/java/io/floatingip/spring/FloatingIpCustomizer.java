package io.floatingip.spring;

import io.floatingip.FloatingIpConfig;

/**
 * Beans of this type have the last word on the configuration of each floating IP before it is joined: for what no property says, such as a
 * recovery action of a check. Called in the order of {@code @Order}, by the thread that refreshes the context.
 */
@FunctionalInterface
public interface FloatingIpCustomizer {
    /**
     * @param name of the floating IP
     * @param builder holds what the properties say; what it refuses fails the start
     */
    void customize(String name, FloatingIpConfig.Builder builder);
}
