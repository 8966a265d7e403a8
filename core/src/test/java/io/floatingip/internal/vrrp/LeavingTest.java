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
import io.floatingip.internal.vrrp.Action.AddAddresses;
import io.floatingip.internal.vrrp.Action.Announce;
import io.floatingip.internal.vrrp.Action.Notify;
import io.floatingip.internal.vrrp.Action.OpenFence;
import io.floatingip.internal.vrrp.Action.RemoveAddresses;
import io.floatingip.internal.vrrp.Action.SendAdvert;
import io.floatingip.internal.vrrp.Action.ShutFence;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A master on its way out, which has the address until its successor has it. */
class LeavingTest {
    private static final RouterParams P = Given.usual().params();
    private static final long UNTIL = NOW + 400 * MILLI;
    private static final Departure RELEASE = new Departure(Role.RELEASED, true, false, Reason.RELEASED, "released");
    private static final Departure STAND_DOWN = new Departure(Role.FAULT, true, false, Reason.STOOD_DOWN, "stood down");
    private static final Departure HAND_OVER = new Departure(Role.BACKUP, true, true, Reason.HANDED_OVER, "on request");
    private static final Departure LINK_DOWN =
            new Departure(Role.FAULT, false, false, Reason.LINK_DOWN, "eth0 is down");

    private final Backup listening = new Backup(NOW - SECOND, SECOND, null, 0, false, true, false, 0, false);
    private final Backup following = new Backup(NOW - MILLI, SECOND, HIGHER, 200, false, false, false, 0, false);
    private final Leaving preempted = new Leaving(
            UNTIL,
            following,
            new Departure(
                    Role.BACKUP, true, false, Reason.PREEMPTED, "10.0.0.200 advertises priority 200, ours is 150"),
            true);
    private final Leaving handingOver = new Leaving(UNTIL, listening, HAND_OVER, false);
    private final Leaving standingDown = new Leaving(UNTIL, Initialize.IDLE, STAND_DOWN, false);
    private final Leaving releasing = new Leaving(UNTIL, Initialize.GONE, RELEASE, false);

    @Test
    void keepsTheAddressUntilItsTimeIsOver() {
        assertThat(preempted.nanosUntilDue(P, NOW)).isEqualTo(400 * MILLI);
        assertThat(preempted.onTick(P, UNTIL - 1)).isEqualTo(preempted.stay());
        assertThat(preempted.nanosUntilDue(P, UNTIL)).isZero();
        assertThat(preempted.onTick(P, UNTIL))
                .isEqualTo(Step.to(
                        following,
                        new RemoveAddresses(),
                        new ShutFence(),
                        new Notify(Role.BACKUP, Reason.PREEMPTED, "10.0.0.200 advertises priority 200, ours is 150")));
    }

    @Test
    void leavesForGoodOrIntoAFault() {
        assertThat(releasing.onTick(P, UNTIL))
                .isEqualTo(Step.to(
                        Initialize.GONE,
                        new RemoveAddresses(),
                        new ShutFence(),
                        new Notify(Role.RELEASED, Reason.RELEASED, "released")));
        assertThat(standingDown.onTick(P, UNTIL))
                .isEqualTo(Step.to(
                        Initialize.IDLE,
                        new RemoveAddresses(),
                        new ShutFence(),
                        new Notify(Role.FAULT, Reason.STOOD_DOWN, "stood down")));
    }

    @Test
    void isNotAloneBecauseItWasStopped() {
        long late = UNTIL + 2 * SECOND;
        assertThat(handingOver.onTick(P, late))
                .isEqualTo(Step.to(
                        new Leaving(late + P.successorNanos(), handingOver.next(), handingOver.departure(), false)));
    }

    @Test
    void staysMasterIfNobodyTakesOver() {
        assertThat(handingOver.onTick(P, UNTIL))
                .isEqualTo(Step.to(
                        new Master(UNTIL + SECOND, UNTIL, true, true, UNTIL + 5 * SECOND, false, 0, false),
                        new OpenFence(),
                        new SendAdvert(150),
                        new AddAddresses(),
                        new Announce(1),
                        new Notify(Role.MASTER, Reason.HANDED_OVER, "nobody took over")));
    }

    @Test
    void theSuccessorsFirstAdvertLeavesItTimeToAddTheAddress() {
        assertThat(handingOver.onAdvert(P, heard(50, LOWER, NOW - 5), NOW))
                .isEqualTo(Step.to(new Leaving(
                        NOW + 50 * MILLI,
                        new Backup(NOW - 5, SECOND, LOWER, 50, false, true, false, 0, false),
                        HAND_OVER,
                        true)));
        assertThat(releasing.onAdvert(P, heard(50, LOWER, NOW), NOW))
                .isEqualTo(Step.to(new Leaving(NOW + 50 * MILLI, Initialize.GONE, RELEASE, true)));
    }

    @Test
    void atShortIntervalsOneIntervalIsEnough() {
        RouterParams p = Given.usual().adverNanos(10 * MILLI).params();
        assertThat(releasing.onAdvert(p, heard(50, 10 * MILLI, LOWER, NOW), NOW))
                .isEqualTo(Step.to(new Leaving(NOW + 10 * MILLI, Initialize.GONE, RELEASE, true)));
    }

    @Test
    void aLateSuccessorDoesNotProlongTheWait() {
        long late = UNTIL - MILLI;
        assertThat(releasing.onAdvert(P, heard(50, LOWER, late), late))
                .isEqualTo(Step.to(new Leaving(UNTIL, Initialize.GONE, RELEASE, true)));
        assertThat(releasing.onSuccessorAnnounced(P, late))
                .isEqualTo(Step.to(new Leaving(UNTIL, Initialize.GONE, RELEASE, true)));
    }

    @Test
    void nextAdvertsOfTheSuccessorOnlyMoveTheDeadlineOfTheBackup() {
        assertThat(preempted.onAdvert(P, heard(200, HIGHER, NOW), NOW))
                .isEqualTo(Step.to(new Leaving(
                        UNTIL,
                        new Backup(NOW, SECOND, HIGHER, 200, false, false, false, 0, false),
                        preempted.departure(),
                        true)));
    }

    @Test
    void aGoodByeIsNoSuccessor() {
        assertThat(releasing.onAdvert(P, heard(0, LOWER, NOW), NOW)).isEqualTo(releasing.stay());
        assertThat(handingOver.onAdvert(P, heard(0, LOWER, NOW), NOW)).isEqualTo(handingOver.stay());
    }

    @Test
    void goesWhenTheSuccessorHasAnnouncedItself() {
        assertThat(handingOver.onSuccessorAnnounced(P, NOW))
                .isEqualTo(Step.to(new Leaving(NOW + 5 * MILLI, listening, HAND_OVER, true)));
        assertThat(preempted.onSuccessorAnnounced(P, NOW))
                .isEqualTo(Step.to(new Leaving(NOW + 5 * MILLI, following, preempted.departure(), true)));
    }

    @Test
    void aFaultEndsTheWait() {
        Step faulty = Step.to(
                Initialize.IDLE,
                new RemoveAddresses(),
                new ShutFence(),
                new Notify(Role.FAULT, Reason.LINK_DOWN, "eth0 is down"));
        for (Leaving state : List.of(preempted, handingOver, standingDown)) {
            assertThat(state.onLeave(P, LINK_DOWN, NOW)).isEqualTo(faulty);
        }
    }

    @Test
    void theLaterWishDecidesWhereItLeads() {
        assertThat(preempted.onLeave(P, RELEASE, NOW))
                .isEqualTo(Step.to(new Leaving(UNTIL, Initialize.GONE, RELEASE, true)));
        assertThat(handingOver.onLeave(P, STAND_DOWN, NOW))
                .isEqualTo(Step.to(new Leaving(UNTIL, Initialize.IDLE, STAND_DOWN, false)));
        assertThat(standingDown.onLeave(P, RELEASE, NOW))
                .isEqualTo(Step.to(new Leaving(UNTIL, Initialize.GONE, RELEASE, false)));
        assertThat(preempted.onLeave(P, HAND_OVER, NOW))
                .isEqualTo(Step.to(new Leaving(UNTIL, following, HAND_OVER, true)));
    }

    @Test
    void everythingElseMeansNothing() {
        for (Leaving state : List.of(preempted, handingOver, standingDown, releasing)) {
            assertThat(state.onAddressFailed(P, "EPERM", NOW)).isEqualTo(state.stay());
            assertThat(state.onClaim(P, NOW)).isEqualTo(state.stay());
            assertThat(state.onAdvertFenced(P, new Event.AdvertFenced(false, false, NOW, NOW), NOW))
                    .isEqualTo(state.stay());
            assertThat(state.role()).isEqualTo(Role.MASTER);
        }
    }

    @Test
    void releasedIsFinal() {
        assertThat(releasing.onLeave(P, LINK_DOWN, NOW))
                .isEqualTo(Step.to(
                        Initialize.GONE,
                        new RemoveAddresses(),
                        new ShutFence(),
                        new Notify(Role.RELEASED, Reason.RELEASED, "released")));
        assertThat(releasing.onLeave(P, STAND_DOWN, NOW)).isEqualTo(releasing.stay());
        assertThat(releasing.onLeave(P, HAND_OVER, NOW)).isEqualTo(releasing.stay());
    }

    @Test
    void handingOverDoesNotEndStandingDown() {
        assertThat(standingDown.onLeave(P, HAND_OVER, NOW)).isEqualTo(standingDown.stay());
    }

    @Test
    void startsAgainAfterLeavingIfTheFaultEndedMeanwhile() {
        Initialize starting = new Initialize(Role.FAULT, true, NOW, Reason.RECOVERED, "taking part again", 0);
        assertThat(standingDown.onStartup(P, new Event.Startup(0, Reason.RECOVERED, "taking part again"), NOW))
                .isEqualTo(Step.to(new Leaving(UNTIL, starting, STAND_DOWN, false)));
        assertThat(starting.nanosUntilDue(P, UNTIL)).isZero();
    }

    @Test
    void startupChangesNothingOfAReleaseOrAHandOver() {
        Event.Startup startup = new Event.Startup(0, Reason.RECOVERED, "taking part again");
        assertThat(releasing.onStartup(P, startup, NOW)).isEqualTo(releasing.stay());
        assertThat(handingOver.onStartup(P, startup, NOW)).isEqualTo(handingOver.stay());
        assertThat(preempted.onStartup(P, startup, NOW)).isEqualTo(preempted.stay());
    }

    @Test
    void hearsItsSuccessorLeaveAgain() {
        assertThat(preempted.onAdvert(P, heard(0, HIGHER, NOW), NOW))
                .isEqualTo(Step.to(new Leaving(
                        UNTIL,
                        new Backup(NOW, SECOND, HIGHER, 0, true, false, false, 0, false),
                        preempted.departure(),
                        true)));
    }

    @Test
    void aLoserDoesNotBecomeTheSuccessorOfAPreemptedMaster() {
        assertThat(preempted.onAdvert(P, heard(50, LOWER, NOW), NOW)).isEqualTo(preempted.stay());
    }

    @Test
    void aSuspendedMachineDoesNotTakeTheAddressBackFromAHandOverWithoutListening() {
        Backup fromNowOn = new Backup(NOW, SECOND, null, 0, false, true, false, 0, false);
        Leaving woken = new Leaving(NOW, fromNowOn, HAND_OVER, true);
        assertThat(handingOver.onSuspended(P, NOW)).isEqualTo(Step.to(woken));
        assertThat(woken.onTick(P, NOW))
                .isEqualTo(Step.to(
                        fromNowOn,
                        new RemoveAddresses(),
                        new ShutFence(),
                        new Notify(Role.BACKUP, Reason.HANDED_OVER, "on request")));
    }

    @Test
    void newParametersReachWhatFollows() {
        RouterParams raised = Given.usual().priority(200).params();
        Backup competing = new Backup(NOW - SECOND, SECOND, null, 0, false, false, false, 0, false);
        assertThat(handingOver.onParamsChanged(raised, P, NOW))
                .isEqualTo(Step.to(new Leaving(UNTIL, competing, HAND_OVER, false)));
        assertThat(releasing.onParamsChanged(raised, P, NOW)).isEqualTo(releasing.stay());
    }
}
