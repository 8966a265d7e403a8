package io.floatingip.kernel;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With the default interval; five runs of each with {@code floatingip.long}. */
@Tag("kernel")
@Tag("timing")
@Tag("once")
class FenceAtOneSecondIT extends FenceScenario {
    @ParameterizedTest
    @EnumSource
    void noTwoHostsEverAnswerAndABackupTakesOverInTimeWhenTheMasterIs(End end) {
        assertNoTwoHostsEverAnswerAndABackupTakesOverInTimeWhenTheMasterIs(end, 1000);
    }
}
