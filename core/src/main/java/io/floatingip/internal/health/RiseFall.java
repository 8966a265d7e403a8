package io.floatingip.internal.health;

import io.floatingip.health.HealthPolicy;
import io.floatingip.health.HealthState;

/**
 * How many results in a row it takes, as keepalived counts. One counter from 0 to rise + fall - 1: success below rise counts up, reaching rise jumps
 * to the top; failure counts down, falling below rise drops to 0. The first result decides at once;
 * if UNHEALTHY was assumed, only a failure does, or as many successes as after an outage.
 */
record RiseFall(int rise, int fall, int count, boolean decided) {
    static RiseFall of(HealthPolicy policy) {
        return of(policy.rise(), policy.fall(), policy.initial());
    }

    static RiseFall of(int rise, int fall, HealthState initial) {
        return switch (initial) {
            case PENDING -> new RiseFall(rise, fall, rise - 1, false);
            case UNHEALTHY -> new RiseFall(rise, fall, 0, false);
            case HEALTHY -> new RiseFall(rise, fall, rise + fall - 1, true);
        };
    }

    HealthState state() {
        if (!decided) {
            return HealthState.PENDING;
        }
        return count >= rise ? HealthState.HEALTHY : HealthState.UNHEALTHY;
    }

    RiseFall next(boolean success) {
        if (success) {
            boolean rising = count < rise - 1;
            return new RiseFall(rise, fall, rising ? count + 1 : rise + fall - 1, decided || !rising);
        }
        return new RiseFall(rise, fall, count > rise ? count - 1 : 0, true);
    }
}
