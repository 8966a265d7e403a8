package io.floatingip.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.health.HealthEffect;
import io.floatingip.health.HealthEffect.Release;
import io.floatingip.health.HealthEffect.Weight;
import io.floatingip.health.HealthState;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthVerdictTest {
    @ParameterizedTest
    @CsvSource({
        "100,  10, false, PENDING,   100",
        "100,  10, false, HEALTHY,   110",
        "100,  10, false, UNHEALTHY, 100",
        "100, -10, false, PENDING,   100",
        "100, -10, false, HEALTHY,   100",
        "100, -10, false, UNHEALTHY,  90",
        "100,  10, true,  HEALTHY,    90",
        "100,  10, true,  UNHEALTHY, 100",
        "100, -10, true,  HEALTHY,   100",
        "100, -10, true,  UNHEALTHY, 110",
        "200, 100, false, HEALTHY,   254",
        " 50,-100, false, UNHEALTHY,   1",
        "255, -10, false, UNHEALTHY, 255",
    })
    void addsOneWeight(int base, int weight, boolean reversed, HealthState state, int advertised) {
        assertThat(EffectivePriority.of(base, weighted(weight, reversed, state).weight()))
                .isEqualTo(advertised);
    }

    @Test
    void keepsTheSumInBoundsNotTheParts() {
        HealthVerdict verdict = HealthVerdict.of(List.of(
                check("a", new Weight(254, false), HealthState.HEALTHY, OptionalInt.empty()),
                check("b", new Weight(-253, false), HealthState.UNHEALTHY, OptionalInt.empty())));
        assertThat(EffectivePriority.of(200, verdict.weight())).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({
        "  5,   2, false,  10",
        "  5,   2, true,  -10",
        " -5,   2, false, -10",
        "300,   1, false, 253",
        "2147483647, 254, false, 253",
        "-253,  1, false, -253",
    })
    void multipliesANumberByItsWeight(int number, int weight, boolean reversed, long part) {
        Tracked check = check("file", new Weight(weight, reversed), HealthState.UNHEALTHY, OptionalInt.of(number));
        assertThat(HealthVerdict.of(List.of(check))).isEqualTo(new HealthVerdict(part, List.of(), true));
    }

    @Test
    void aNumberThatTakesEverythingReleases() {
        Tracked check = check("file", new Weight(1, false), HealthState.UNHEALTHY, OptionalInt.of(-254));
        assertThat(HealthVerdict.of(List.of(check))).isEqualTo(new HealthVerdict(0, List.of("file: detail"), false));
    }

    @Test
    void releasesWhatIsUnhealthyOrUnknown() {
        Release release = new Release(false, false);
        assertThat(HealthVerdict.of(List.of(
                        check("a", release, HealthState.HEALTHY, OptionalInt.empty()),
                        check("b", release, HealthState.UNHEALTHY, OptionalInt.empty()),
                        check("c", release, HealthState.PENDING, OptionalInt.empty()))))
                .isEqualTo(new HealthVerdict(0, List.of("b: detail", "c: waiting for the first result"), false));
    }

    @Test
    void reversedReleaseIsForTheHealthy() {
        Release release = new Release(false, true);
        assertThat(HealthVerdict.of(List.of(check("a", release, HealthState.UNHEALTHY, OptionalInt.empty())))
                        .reasons())
                .isEmpty();
        assertThat(HealthVerdict.of(List.of(check("a", release, HealthState.HEALTHY, OptionalInt.empty())))
                        .reasons())
                .containsExactly("a: is healthy, and that is to release the address");
    }

    @Test
    void breaksAtOnceIfOneReasonSaysSo() {
        Tracked patient = check("a", new Release(true, false), HealthState.UNHEALTHY, OptionalInt.empty());
        Tracked hasty = check("b", new Release(false, false), HealthState.UNHEALTHY, OptionalInt.empty());
        assertThat(HealthVerdict.of(List.of(patient)).makeBeforeBreak()).isTrue();
        assertThat(HealthVerdict.of(List.of(patient, hasty)).makeBeforeBreak()).isFalse();
    }

    private static HealthVerdict weighted(int weight, boolean reversed, HealthState state) {
        return HealthVerdict.of(List.of(check("check", new Weight(weight, reversed), state, OptionalInt.empty())));
    }

    private static Tracked check(String name, HealthEffect effect, HealthState state, OptionalInt number) {
        return new Tracked(name, effect, state, number, "detail");
    }
}
