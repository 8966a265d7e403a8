package io.floatingip.internal.health;

import io.floatingip.health.HealthEffect;
import io.floatingip.health.HealthState;
import java.util.OptionalInt;

/**
 * The present result of one check.
 *
 * @param number what the check yields, if it yields a number; empty before the first result
 */
public record Tracked(String name, HealthEffect effect, HealthState state, OptionalInt number, String detail) {}
