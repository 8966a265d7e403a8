package io.floatingip.internal.vrrp;

import static io.floatingip.internal.vrrp.Given.HIGHER;
import static io.floatingip.internal.vrrp.Given.LOWER;
import static io.floatingip.internal.vrrp.Given.MILLI;
import static io.floatingip.internal.vrrp.Given.NOW;
import static io.floatingip.internal.vrrp.Given.SECOND;
import static io.floatingip.internal.vrrp.Given.heard;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.VrrpVersion;
import io.floatingip.internal.vrrp.Action.AddAddresses;
import io.floatingip.internal.vrrp.Action.Announce;
import io.floatingip.internal.vrrp.Action.Notify;
import io.floatingip.internal.vrrp.Action.OpenFence;
import io.floatingip.internal.vrrp.Action.SendAdvert;
import org.junit.jupiter.api.Test;

/** RFC 9568 section 6.4.2. */
class BackupTest {
    private static final RouterParams P = Given.usual().params();

    private final Backup listening = new Backup(NOW - SECOND, SECOND, null, 0, false, false, false, 0, false);
    private final Backup following = new Backup(NOW - SECOND, SECOND, HIGHER, 200, false, false, false, 0, false);

    @Test
    void followsAMasterOfHigherPriorityAndLearnsItsInterval() {
        assertThat(listening.onAdvert(P, heard(200, 2 * SECOND, LOWER, NOW - 5), NOW))
                .isEqualTo(Step.to(new Backup(NOW - 5, 2 * SECOND, LOWER, 200, false, false, false, 0, false)));
    }

    @Test
    void followsAMasterOfEqualPriorityWhateverItsAddress() {
        assertThat(listening.onAdvert(P, heard(150, LOWER, NOW), NOW))
                .isEqualTo(Step.to(new Backup(NOW, SECOND, LOWER, 150, false, false, false, 0, false)));
        assertThat(listening.onAdvert(P, heard(150, HIGHER, NOW), NOW))
                .isEqualTo(Step.to(new Backup(NOW, SECOND, HIGHER, 150, false, false, false, 0, false)));
    }

    @Test
    void followsAnyMasterIfItDoesNotPreempt() {
        RouterParams p = Given.usual().preempt(false).params();
        assertThat(listening.onAdvert(p, heard(1, LOWER, NOW), NOW))
                .isEqualTo(Step.to(new Backup(NOW, SECOND, LOWER, 1, false, false, false, 0, false)));
    }

    @Test
    void leavesItsSuccessorAloneAfterAHandOver() {
        Backup deferring = listening.deferringToSuccessor();
        assertThat(deferring.onAdvert(P, heard(1, LOWER, NOW), NOW))
                .isEqualTo(Step.to(new Backup(NOW, SECOND, LOWER, 1, false, true, false, 0, false)));
    }

    @Test
    void inVrrp2TheIntervalIsOurOwn() {
        RouterParams v2 =
                Given.usual().version(VrrpVersion.V2).adverNanos(2 * SECOND).params();
        assertThat(listening.onAdvert(v2, heard(200, 9 * SECOND, HIGHER, NOW), NOW))
                .isEqualTo(Step.to(new Backup(NOW, 2 * SECOND, HIGHER, 200, false, false, false, 0, false)));
    }

    @Test
    void aLosingAdvertLeavesTheTimerUntouched() {
        Backup noticed = new Backup(NOW - SECOND, SECOND, HIGHER, 149, false, false, false, 0, false).discarding(NOW);
        assertThat(listening.onAdvert(P, heard(149, HIGHER, NOW), NOW)).isEqualTo(Step.to(noticed));
        assertThat(noticed.nanosUntilDue(P, NOW)).isEqualTo(listening.nanosUntilDue(P, NOW));
        assertThat(noticed.onAdvert(P, heard(149, HIGHER, NOW), NOW)).isEqualTo(noticed.stay());
    }

    @Test
    void aLosingAdvertDoesNotProlongTheWaitAfterAGoodBye() {
        Backup left = new Backup(NOW - 5, SECOND, HIGHER, 0, true, false, false, 0, false);
        assertThat(left.onAdvert(P, heard(149, LOWER, NOW), NOW))
                .isEqualTo(
                        Step.to(new Backup(NOW - 5, SECOND, LOWER, 149, true, false, false, 0, false).discarding(NOW)));
    }

    @Test
    void onlyTheSkewSeparatesTheBackupsAfterAGoodByeOfTheMaster() {
        Backup left = new Backup(NOW, SECOND, HIGHER, 0, true, false, false, 0, false);
        assertThat(following.onAdvert(P, heard(0, HIGHER, NOW), NOW)).isEqualTo(Step.to(left));
        assertThat(left.nanosUntilDue(P, NOW)).isEqualTo(414_062_500L);
        assertThat(left.nanosUntilDue(Given.usual().version(VrrpVersion.V2).params(), NOW))
                .isEqualTo(414_062_500L);
    }

    @Test
    void theSkewIsThatOfTheLearnedInterval() {
        Backup slow = new Backup(NOW - 5, 4 * SECOND, HIGHER, 200, false, false, false, 0, false);
        assertThat(slow.nanosUntilDue(P, NOW)).isEqualTo(13_656_250_000L - 5);
        Step left = slow.onAdvert(P, heard(0, HIGHER, NOW), NOW);
        assertThat(left.next().nanosUntilDue(P, NOW)).isEqualTo(1_656_250_000L);
    }

    @Test
    void theGoodByeOfSomebodyElseMeansNothing() {
        assertThat(following.onAdvert(P, heard(0, LOWER, NOW), NOW)).isEqualTo(following.stay());
    }

    @Test
    void aBetterMasterStopsTheWaitAfterAGoodBye() {
        Backup left = new Backup(NOW - 5, SECOND, HIGHER, 0, true, false, false, 0, false);
        assertThat(left.onAdvert(P, heard(160, LOWER, NOW), NOW))
                .isEqualTo(Step.to(new Backup(NOW, SECOND, LOWER, 160, false, false, false, 0, false)));
    }

    @Test
    void preemptionIsDelayedFromTheFirstLosingAdvert() {
        RouterParams p = Given.usual().preemptDelayNanos(30 * SECOND).params();
        Backup holding = new Backup(NOW, SECOND, LOWER, 50, false, false, true, NOW + 30 * SECOND, false);
        assertThat(listening.onAdvert(p, heard(50, LOWER, NOW), NOW)).isEqualTo(Step.to(holding));

        long next = NOW + SECOND;
        assertThat(holding.onAdvert(p, heard(50, LOWER, next), next))
                .isEqualTo(Step.to(new Backup(next, SECOND, LOWER, 50, false, false, true, NOW + 30 * SECOND, false)));

        long over = NOW + 30 * SECOND;
        assertThat(holding.onAdvert(p, heard(50, LOWER, over), over)).isEqualTo(Step.to(holding.discarding(over)));
    }

    @Test
    void aBetterMasterEndsADelayedPreemption() {
        RouterParams p = Given.usual().preemptDelayNanos(30 * SECOND).params();
        Backup holding = new Backup(NOW - SECOND, SECOND, LOWER, 50, false, false, true, NOW + 9 * SECOND, false);
        assertThat(holding.onAdvert(p, heard(150, HIGHER, NOW), NOW))
                .isEqualTo(Step.to(new Backup(NOW, SECOND, HIGHER, 150, false, false, false, 0, false)));
    }

    @Test
    void whoIsReadyAndHearsABetterMasterIsNotReadyAnyMore() {
        RouterParams p = Given.usual().grouped().params();
        Backup ready = new Backup(NOW - 9 * SECOND, SECOND, null, 0, false, false, false, 0, true);
        assertThat(ready.onAdvert(p, heard(200, HIGHER, NOW), NOW))
                .isEqualTo(Step.to(new Backup(NOW, SECOND, HIGHER, 200, false, false, false, 0, false)));
        assertThat(ready.onAdvert(p, heard(50, LOWER, NOW), NOW))
                .isEqualTo(Step.to(
                        new Backup(NOW - 9 * SECOND, SECOND, LOWER, 50, false, false, false, 0, true).discarding(NOW)));
    }

    @Test
    void doesNothingBeforeItsTimeIsOver() {
        long due = NOW - SECOND + 3_414_062_500L;
        assertThat(following.nanosUntilDue(P, NOW)).isEqualTo(2_414_062_500L);
        assertThat(following.onTick(P, due - 1)).isEqualTo(following.stay());
        assertThat(following.nanosUntilDue(P, due)).isZero();
    }

    @Test
    void claimsTheAddressWhenTheMasterIsSilent() {
        long due = NOW - SECOND + 3_414_062_500L;
        assertThat(following.onTick(P, due))
                .isEqualTo(Step.to(
                        new Master(due + SECOND, due, true, true, due + 5 * SECOND, false, 0, true),
                        new OpenFence(),
                        new SendAdvert(150),
                        new AddAddresses(),
                        new Announce(5),
                        new Notify(Role.MASTER, Reason.MASTER_SILENT, "no advert from 10.0.0.200 for 3.414 s")));
    }

    @Test
    void advertisesAtItsOwnIntervalAfterFollowingAnother() {
        RouterParams p = Given.usual().announcements(2, 0, 0).params();
        Backup slow = new Backup(NOW - 14 * SECOND, 4 * SECOND, HIGHER, 200, false, false, false, 0, false);
        assertThat(slow.onTick(p, NOW).next())
                .isEqualTo(new Master(NOW + SECOND, NOW, false, false, NOW, false, 0, true));
    }

    @Test
    void saysWhyItClaimsTheAddress() {
        long longAgo = NOW - 4 * SECOND;
        assertThat(new Backup(longAgo, SECOND, null, 0, false, false, false, 0, false).onTick(P, NOW))
                .isEqualTo(Master.claim(P, Reason.MASTER_SILENT, "no advert from any node for 4.000 s", NOW));
        assertThat(new Backup(longAgo, SECOND, HIGHER, 0, true, false, false, 0, false).onTick(P, NOW))
                .isEqualTo(Master.claim(P, Reason.MASTER_LEFT, "10.0.0.200 leaves (priority 0)", NOW));
        assertThat(new Backup(longAgo, SECOND, LOWER, 50, false, false, false, 0, false).onTick(P, NOW))
                .isEqualTo(Master.preempt(P, Reason.PREEMPTING, "10.0.0.7 has priority 50, ours is 150", NOW));
        assertThat(new Backup(longAgo, SECOND, LOWER, 50, false, true, false, 0, false).onTick(P, NOW))
                .isEqualTo(Master.claim(P, Reason.MASTER_SILENT, "no advert from 10.0.0.7 for 4.000 s", NOW));
        RouterParams owner = Given.usual().priority(255).params();
        assertThat(new Backup(longAgo, SECOND, LOWER, 50, false, false, false, 0, false).onTick(owner, NOW))
                .isEqualTo(Master.claim(owner, Reason.ADDRESS_OWNER, "owner of the address, priority 255", NOW));
    }

    @Test
    void inAGroupItWaitsForConsent() {
        RouterParams p = Given.usual().grouped().params();
        Backup due = new Backup(NOW - 4 * SECOND, SECOND, HIGHER, 200, false, false, false, 0, false);
        Backup ready = new Backup(NOW - 4 * SECOND, SECOND, HIGHER, 200, false, false, false, 0, true);
        assertThat(due.onClaim(p, NOW)).isEqualTo(due.stay());
        assertThat(due.onTick(p, NOW)).isEqualTo(Step.to(ready));
        assertThat(ready.onTick(p, NOW)).isEqualTo(ready.stay());
        assertThat(ready.onClaim(p, NOW))
                .isEqualTo(Master.claim(p, Reason.MASTER_SILENT, "no advert from 10.0.0.200 for 4.000 s", NOW));
    }

    @Test
    void aNewPriorityMovesTheDeadlineAtOnce() {
        RouterParams lower = Given.usual().priority(100).params();
        assertThat(following.onParamsChanged(lower, P, NOW)).isEqualTo(following.stay());
        // 106/256 s and 156/256 s after 3 s
        assertThat(following.nanosUntilDue(P, NOW)).isEqualTo(2_414_062_500L);
        assertThat(following.nanosUntilDue(lower, NOW)).isEqualTo(2_609_375_000L);
    }

    @Test
    void whoseRaisedPriorityAsksForTheAddressDefersNoMore() {
        Backup deferring = new Backup(NOW - SECOND, SECOND, LOWER, 50, false, true, false, 0, false);
        RouterParams raised = Given.usual().priority(151).params();
        assertThat(deferring.onParamsChanged(raised, P, NOW))
                .isEqualTo(Step.to(new Backup(NOW - SECOND, SECOND, LOWER, 50, false, false, false, 0, false)));
        assertThat(deferring.onParamsChanged(P, P, NOW)).isEqualTo(deferring.stay());
        assertThat(deferring.onParamsChanged(P, raised, NOW)).isEqualTo(deferring.stay());
    }

    @Test
    void whoseLoweredPriorityDoesNotPreemptAnyMoreWaitsForTheMasterWhoseAdvertsItDiscarded() {
        Backup preempting = new Backup(NOW - 3 * SECOND, SECOND, LOWER, 100, false, false, false, 0, false)
                .discarding(NOW - SECOND);
        Backup following = new Backup(NOW - SECOND, SECOND, LOWER, 100, false, false, false, 0, false);
        RouterParams lowered = Given.usual().priority(99).params();
        assertThat(preempting.onParamsChanged(lowered, P, NOW)).isEqualTo(Step.to(following));
        RouterParams spares = Given.usual().preempt(false).params();
        assertThat(preempting.onParamsChanged(spares, P, NOW)).isEqualTo(Step.to(following));
        RouterParams stillBetter = Given.usual().priority(101).params();
        assertThat(preempting.onParamsChanged(stillBetter, P, NOW)).isEqualTo(preempting.stay());
        Backup dead = new Backup(NOW - 3 * SECOND, SECOND, LOWER, 100, false, false, false, 0, false);
        assertThat(dead.onParamsChanged(lowered, P, NOW)).isEqualTo(dead.stay());
    }

    @Test
    void knowsAMasterByItsLatestPriority() {
        Backup following = new Backup(NOW - SECOND, SECOND, LOWER, 200, false, false, false, 0, false);
        assertThat(following.onAdvert(P, heard(100, LOWER, NOW), NOW))
                .isEqualTo(Step.to(
                        new Backup(NOW - SECOND, SECOND, LOWER, 100, false, false, false, 0, false).discarding(NOW)));
    }

    @Test
    void leavesWithoutAPacket() {
        assertThat(following.onLeave(P, new Departure(Role.RELEASED, true, false, Reason.RELEASED, "released"), NOW))
                .isEqualTo(Step.to(Initialize.GONE, new Notify(Role.RELEASED, Reason.RELEASED, "released")));
        assertThat(following.onLeave(P, new Departure(Role.FAULT, true, false, Reason.STOOD_DOWN, "rest"), NOW))
                .isEqualTo(Step.to(Initialize.IDLE, new Notify(Role.FAULT, Reason.STOOD_DOWN, "rest")));
        assertThat(following.onLeave(P, new Departure(Role.FAULT, false, false, Reason.LINK_DOWN, "down"), NOW))
                .isEqualTo(Step.to(Initialize.IDLE, new Notify(Role.FAULT, Reason.LINK_DOWN, "down")));
    }

    @Test
    void hasNothingToHandOver() {
        Departure handOver = new Departure(Role.BACKUP, true, true, Reason.HANDED_OVER, "on request");
        assertThat(following.onLeave(P, handOver, NOW)).isEqualTo(following.stay());
    }

    @Test
    void listensForAWholeIntervalAfterASuspend() {
        assertThat(following.onSuspended(P, NOW))
                .isEqualTo(Step.to(new Backup(NOW, SECOND, HIGHER, 200, false, false, false, 0, false)));
        Backup left = new Backup(NOW - 5, SECOND, HIGHER, 0, true, true, false, 0, true);
        assertThat(left.onSuspended(P, NOW))
                .isEqualTo(Step.to(new Backup(NOW, SECOND, HIGHER, 0, false, true, false, 0, false)));
    }

    @Test
    void everythingElseMeansNothing() {
        assertThat(following.onStartup(P, new Event.Startup(0, Reason.RECOVERED, ""), NOW))
                .isEqualTo(following.stay());
        assertThat(following.onSuccessorAnnounced(P, NOW)).isEqualTo(following.stay());
        assertThat(following.onAddressFailed(P, "EPERM", NOW)).isEqualTo(following.stay());
        assertThat(following.onAdvertFenced(P, new Event.AdvertFenced(false, false, NOW, NOW), NOW))
                .isEqualTo(following.stay());
        assertThat(following.role()).isEqualTo(Role.BACKUP);
    }

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
        assertThat(backup.onAdvert(p, heard(254, HIGHER, NOW), NOW)).isEqualTo(Step.to(backup.discarding(NOW)));
    }

    @Test
    void aLoserDoesNotBecomeMasterWhileABetterOneLives() {
        RouterParams p = Given.usual().params();
        Backup backup = new Backup(NOW - SECOND, SECOND, HIGHER, 200, false, false, false, 0, false);
        assertThat(backup.onAdvert(p, heard(50, LOWER, NOW), NOW)).isEqualTo(backup.stay());
        assertThat(backup.onAdvert(p, heard(0, LOWER, NOW), NOW)).isEqualTo(backup.stay());
        // It is dead, or so it seems.
        long later = NOW + 250 * MILLI;
        assertThat(backup.onAdvert(p, heard(50, LOWER, later), later))
                .isEqualTo(Step.to(
                        new Backup(NOW - SECOND, SECOND, LOWER, 50, false, false, false, 0, false).discarding(later)));
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
        assertThat(holding.onAdvert(p, heard(50, LOWER, later), later)).isEqualTo(Step.to(holding.discarding(later)));
        assertThat(retrying.nanosUntilDue(p, NOW)).isEqualTo(3_414_062_500L);
    }
}
