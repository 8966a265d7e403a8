package io.floatingip.kernel;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With adverts every 100 ms. */
@Tag("kernel")
@Tag("timing")
@Tag("once")
class FenceIT extends FenceScenario {
    @ParameterizedTest
    @EnumSource
    void noTwoHostsEverAnswerAndABackupTakesOverInTimeWhenTheMasterIs(End end) {
        assertNoTwoHostsEverAnswerAndABackupTakesOverInTimeWhenTheMasterIs(end, 100);
    }
}
