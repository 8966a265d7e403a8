package io.floatingip.internal.health;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.UnhealthyException;

/** A check that yields a number, for a weight to multiply. */
@FunctionalInterface
interface NumberCheck extends HealthCheck {
    int number() throws Exception;

    @Override
    default boolean check() throws Exception {
        int number = number();
        if (number != 0) {
            throw new UnhealthyException("is " + number);
        }
        return true;
    }
}
