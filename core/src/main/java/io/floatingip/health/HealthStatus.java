package io.floatingip.health;

import java.time.Instant;

/**
 * What is known of one check, or of the application's own word.
 *
 * @param name of the check; {@code application} for {@link io.floatingip.FloatingIp#health()}
 * @param detail why, in words; empty if there is nothing to say
 * @param since when it took that state, by the wall clock
 * @param runs how many results there have been, retries and recoveries not counted
 * @param failures how many of them were failures
 */
public record HealthStatus(String name, HealthState state, String detail, Instant since, long runs, long failures) {}
