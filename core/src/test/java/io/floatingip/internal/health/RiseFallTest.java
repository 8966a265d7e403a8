package io.floatingip.internal.health;

import static io.floatingip.health.HealthState.HEALTHY;
import static io.floatingip.health.HealthState.PENDING;
import static io.floatingip.health.HealthState.UNHEALTHY;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.health.HealthState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RiseFallTest {
    /** '+' is a success, '-' a failure; the states after each, and before the first. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, PENDING,   +-+,      PHUH",
        "3, 2, PENDING,   +,        PH",
        "3, 2, PENDING,   -,        PU",
        "3, 2, PENDING,   -+++,     PUUUH",
        "3, 2, PENDING,   +-+--,    PHHHHU",
        "3, 2, PENDING,   +--++-++, PHHUUUUUU",
        "3, 2, UNHEALTHY, +++,      PPPH",
        "3, 2, UNHEALTHY, -+++,     PUUUH",
        "1, 3, HEALTHY,   --+---,   HHHHHHU",
        "2, 3, UNHEALTHY, +-++,     PPUUH",
    })
    void countsAsKeepalivedDoes(int rise, int fall, HealthState initial, String results, String states) {
        RiseFall count = RiseFall.of(rise, fall, initial);
        List<HealthState> seen = new ArrayList<>(List.of(count.state()));
        for (char result : results.toCharArray()) {
            count = count.next(result == '+');
            seen.add(count.state());
        }
        assertThat(seen).isEqualTo(states.chars().mapToObj(RiseFallTest::state).toList());
    }

    private static HealthState state(int letter) {
        return letter == 'P' ? PENDING : letter == 'H' ? HEALTHY : UNHEALTHY;
    }
}
