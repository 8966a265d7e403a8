package io.floatingip.internal.vrrp;

import static io.floatingip.internal.vrrp.Given.HIGHER;
import static io.floatingip.internal.vrrp.Given.LOWER;
import static io.floatingip.internal.vrrp.Given.NOW;
import static io.floatingip.internal.vrrp.Given.SECOND;
import static io.floatingip.internal.vrrp.Given.heard;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Reason;
import io.floatingip.VrrpVersion;
import org.junit.jupiter.api.Test;

/** RFC 9568 section 6.4.2. */
class BackupTest {
    @Test
    void anOwnerAcceptsAnotherOwner() {
        RouterParams p = Given.usual().priority(255).params();
        Backup backup = new Backup(NOW - SECOND, SECOND, null, 0, false, false, false, 0, false);
        assertThat(backup.onAdvert(p, heard(255, LOWER, NOW), NOW))
                .isEqualTo(Step.to(new Backup(NOW, SECOND, LOWER, 255, false, false, false, 0, false)));
    }

    @Test
    void anOwnerTakesTheAddressFromAnyoneElseWhateverItsMode() {
        RouterParams p = Given.usual().priority(255).preempt(false).params();
        Backup backup = new Backup(NOW - SECOND, SECOND, HIGHER, 254, false, true, false, 0, false);
        assertThat(backup.onAdvert(p, heard(254, HIGHER, NOW), NOW)).isEqualTo(backup.stay());
    }

    @Test
    void aLoserDoesNotBecomeMasterWhileABetterOneLives() {
        RouterParams p = Given.usual().params();
        Backup backup = new Backup(NOW - SECOND, SECOND, HIGHER, 200, false, false, false, 0, false);
        assertThat(backup.onAdvert(p, heard(50, LOWER, NOW), NOW)).isEqualTo(backup.stay());
        assertThat(backup.onAdvert(p, heard(0, LOWER, NOW), NOW)).isEqualTo(backup.stay());
    }

    @Test
    void waitsForAGroupOnlyAsLongAsItIsInOne() {
        Backup ready = new Backup(NOW - 9 * SECOND, SECOND, null, 0, false, false, false, 0, true);
        assertThat(ready.nanosUntilDue(Given.usual().grouped().params(), NOW)).isEqualTo(Long.MAX_VALUE);
        assertThat(ready.nanosUntilDue(Given.usual().params(), NOW)).isZero();
    }

    @Test
    void whoLeavesIsNamedEvenIfItWasNotHeardBefore() {
        RouterParams p = Given.usual().params();
        Backup backup = new Backup(NOW - SECOND, SECOND, null, 0, false, false, false, 0, false);
        assertThat(backup.onAdvert(p, heard(0, LOWER, NOW), NOW))
                .isEqualTo(Step.to(new Backup(NOW, SECOND, LOWER, 0, true, false, false, 0, false)));
    }

    @Test
    void goodByeEndsADelayedPreemption() {
        RouterParams p = Given.usual().preemptDelayNanos(30 * SECOND).params();
        Backup holding = new Backup(NOW - SECOND, SECOND, LOWER, 50, false, false, true, NOW + 9 * SECOND, false);
        assertThat(holding.onAdvert(p, heard(0, LOWER, NOW), NOW))
                .isEqualTo(Step.to(new Backup(NOW, SECOND, LOWER, 0, true, false, false, 0, false)));
    }

    @Test
    void whatKillsAMasterDuringTheDelayIsItsSilence() {
        RouterParams p = Given.usual().preemptDelayNanos(30 * SECOND).params();
        Backup holding = new Backup(NOW - 4 * SECOND, SECOND, LOWER, 50, false, false, true, NOW + 9 * SECOND, false);
        assertThat(holding.onTick(p, NOW))
                .isEqualTo(Master.claim(p, Reason.MASTER_SILENT, "no advert from 10.0.0.7 for 4.000 s", NOW));
    }

    @Test
    void aNewIntervalCountsFromNowOnUnlessItWasLearned() {
        RouterParams before = Given.usual().params();
        RouterParams slower = Given.usual().adverNanos(2 * SECOND).params();
        Backup alone = new Backup(NOW - SECOND, SECOND, null, 0, false, false, false, 0, false);
        assertThat(alone.onParamsChanged(slower, before, NOW))
                .isEqualTo(Step.to(new Backup(NOW - SECOND, 2 * SECOND, null, 0, false, false, false, 0, false)));

        Backup following = new Backup(NOW - SECOND, SECOND, HIGHER, 200, false, false, false, 0, false);
        assertThat(following.onParamsChanged(slower, before, NOW)).isEqualTo(following.stay());

        RouterParams v2 =
                Given.usual().version(VrrpVersion.V2).adverNanos(2 * SECOND).params();
        assertThat(following.onParamsChanged(v2, before, NOW))
                .isEqualTo(Step.to(new Backup(NOW - SECOND, 2 * SECOND, HIGHER, 200, false, false, false, 0, false)));
    }

    @Test
    void theShortPathIsNotTakenWhileAnotherIntervalIsRemembered() {
        RouterParams v2 =
                Given.usual().version(VrrpVersion.V2).adverNanos(2 * SECOND).params();
        Backup stale = new Backup(NOW - SECOND, SECOND, HIGHER, 200, false, false, false, 0, false);
        assertThat(stale.follows(v2, heard(200, 2 * SECOND, HIGHER, NOW).advert(), HIGHER))
                .isFalse();
    }

    @Test
    void afterAFailureAMasterThatWorksIsLeftAloneForAWhile() {
        RouterParams p = Given.usual().params();
        Backup retrying = Backup.listening(p, NOW, false).held(NOW + 60 * SECOND);
        Backup holding = new Backup(NOW + SECOND, SECOND, LOWER, 50, false, false, true, NOW + 60 * SECOND, false);
        assertThat(retrying.onAdvert(p, heard(50, LOWER, NOW + SECOND), NOW + SECOND))
                .isEqualTo(Step.to(holding));
        long later = NOW + 61 * SECOND;
        assertThat(holding.onAdvert(p, heard(50, LOWER, later), later)).isEqualTo(holding.stay());
        assertThat(retrying.nanosUntilDue(p, NOW)).isEqualTo(3_414_062_500L);
    }
}
