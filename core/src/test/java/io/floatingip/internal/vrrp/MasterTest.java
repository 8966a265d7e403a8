package io.floatingip.internal.vrrp;

import static io.floatingip.internal.vrrp.Given.HIGHER;
import static io.floatingip.internal.vrrp.Given.LOWER;
import static io.floatingip.internal.vrrp.Given.MILLI;
import static io.floatingip.internal.vrrp.Given.NOW;
import static io.floatingip.internal.vrrp.Given.SECOND;
import static io.floatingip.internal.vrrp.Given.heard;
import static io.floatingip.internal.vrrp.Given.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.IpFamily;
import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.VrrpVersion;
import io.floatingip.internal.vrrp.Action.AddAddresses;
import io.floatingip.internal.vrrp.Action.Announce;
import io.floatingip.internal.vrrp.Action.CloseFenceAfter;
import io.floatingip.internal.vrrp.Action.Notify;
import io.floatingip.internal.vrrp.Action.OpenFence;
import io.floatingip.internal.vrrp.Action.RemoveAddresses;
import io.floatingip.internal.vrrp.Action.SendAdvert;
import io.floatingip.internal.vrrp.Action.ShutFence;
import io.floatingip.internal.vrrp.Action.StopAnnouncing;
import org.junit.jupiter.api.Test;

/** RFC 9568 section 6.4.3. */
class MasterTest {
    private static final RouterParams P = Given.usual().params();
    private static final SendAdvert SEND = new SendAdvert(150);

    private final Master master =
            new Master(NOW + 300 * MILLI, NOW - 700 * MILLI, true, false, NOW + 9 * SECOND, false, 0, false);
    private final Master silent =
            new Master(NOW - 1_500 * MILLI, NOW - 2_500 * MILLI, true, false, NOW, false, 0, false);

    @Test
    void advertisesEveryIntervalFromNowOnWithoutCatchingUp() {
        assertThat(master.nanosUntilDue(P, NOW)).isEqualTo(300 * MILLI);
        assertThat(master.onTick(P, NOW + 300 * MILLI - 1)).isEqualTo(master.stay());
        long late = NOW + 900 * MILLI;
        assertThat(master.onTick(P, late))
                .isEqualTo(
                        Step.to(new Master(late + SECOND, late, true, false, NOW + 9 * SECOND, false, 0, false), SEND));
    }

    @Test
    void announcesASecondBurstAndThenSingly() {
        Master second = new Master(NOW + 9, NOW - SECOND + 9, true, true, NOW, false, 0, false);
        Master refreshing = new Master(NOW + 9, NOW - SECOND + 9, true, false, NOW + 60 * SECOND, false, 0, false);
        assertThat(second.nanosUntilDue(P, NOW)).isZero();
        assertThat(second.onTick(P, NOW - 1)).isEqualTo(second.stay());
        assertThat(second.onTick(P, NOW)).isEqualTo(Step.to(refreshing, new Announce(5)));

        Master due = new Master(NOW + 9, NOW - SECOND + 9, true, false, NOW, false, 0, false);
        assertThat(due.onTick(P, NOW)).isEqualTo(Step.to(refreshing, new Announce(1)));
    }

    @Test
    void withoutARefreshTheSecondBurstIsTheLast() {
        RouterParams p = Given.usual().announcements(3, SECOND, 0).params();
        Master second = new Master(NOW + 9, NOW - SECOND + 9, true, true, NOW, false, 0, false);
        Step last = second.onTick(p, NOW);
        assertThat(last)
                .isEqualTo(Step.to(
                        new Master(NOW + 9, NOW - SECOND + 9, false, false, NOW, false, 0, false), new Announce(3)));
        assertThat(last.next().nanosUntilDue(p, NOW)).isEqualTo(9);
    }

    @Test
    void anAdvertThatIsDueGoesBeforeAnnouncements() {
        Master both = new Master(NOW, NOW - SECOND, true, false, NOW, false, 0, false);
        Master advertised = new Master(NOW + SECOND, NOW, true, false, NOW, false, 0, false);
        assertThat(both.onTick(P, NOW)).isEqualTo(Step.to(advertised, SEND));
        assertThat(advertised.nanosUntilDue(P, NOW)).isZero();
    }

    @Test
    void carriesOnFromTheStartAfterASilenceInWhichNobodyWasHeard() {
        assertThat(silent.onTick(P, NOW))
                .isEqualTo(Step.to(
                        new Master(NOW + SECOND, NOW, true, true, NOW + 5 * SECOND, false, 0, false),
                        new OpenFence(),
                        SEND,
                        new AddAddresses(),
                        new Announce(5),
                        new Notify(Role.MASTER, Reason.MASTER_SILENT, "nobody was heard during a silence of our own")));
    }

    @Test
    void afterASilenceInWhichOthersMayClaimAtThisMomentItListensUntilAllHave() {
        long advertisedAt = NOW - 2_750 * MILLI;
        Master late = new Master(NOW - 1_750 * MILLI, advertisedAt, true, false, NOW, false, 0, false);
        Master listening = new Master(advertisedAt + 4_250 * MILLI, advertisedAt, false, false, 0, false, 0, false);
        assertThat(late.onTick(P, NOW)).isEqualTo(Step.to(listening, new StopAnnouncing()));
        assertThat(listening.nanosUntilDue(P, NOW)).isEqualTo(1_500 * MILLI);
        assertThat(listening.onAdvert(P, heard(1, LOWER, NOW), NOW).next()).isInstanceOf(Backup.class);
        long then = advertisedAt + 4_250 * MILLI;
        assertThat(listening.onTick(P, then)).isEqualTo(carryingOn(then));

        // A nanosecond before, its advert is the first.
        Master intime = new Master(NOW - 1_750 * MILLI, advertisedAt + 1, true, false, NOW, false, 0, false);
        assertThat(intime.onTick(P, NOW)).isEqualTo(silent.onTick(P, NOW));
    }

    @Test
    void theOwnerOfTheAddressesWaitsForNobody() {
        RouterParams owner = Given.usual().priority(255).params();
        Master late = new Master(NOW - SECOND, NOW - 3 * SECOND, false, false, 0, false, 0, false);
        Master later = new Master(NOW - SECOND, NOW - 5 * SECOND, false, false, 0, false, 0, false);
        assertThat(late.onTick(owner, NOW).actions()).contains(new SendAdvert(255));
        assertThat(late.onTick(owner, NOW)).isEqualTo(later.onTick(owner, NOW));
    }

    private static Step carryingOn(long then) {
        return new Master(then, then - 2_500 * MILLI, false, false, 0, false, 0, false).onTick(P, then);
    }

    @Test
    void oneNanosecondLessIsNoSilence() {
        Master almost = new Master(NOW - SECOND, NOW - 2_500 * MILLI + 1, false, false, 0, false, 0, false);
        assertThat(almost.onTick(P, NOW))
                .isEqualTo(Step.to(new Master(NOW + SECOND, NOW, false, false, 0, false, 0, false), SEND));
    }

    @Test
    void answersAGoodByeAtOnceAndResetsItsTimer() {
        assertThat(master.onAdvert(P, heard(0, HIGHER, NOW), NOW))
                .isEqualTo(
                        Step.to(new Master(NOW + SECOND, NOW, true, false, NOW + 9 * SECOND, false, 0, false), SEND));
    }

    @Test
    void aGoodByeHeardAfterASilenceDecidesNothing() {
        assertThat(silent.onAdvert(P, heard(0, HIGHER, NOW), NOW)).isEqualTo(silent.stay());
    }

    @Test
    void yieldsToAHigherPriorityAndKeepsTheAddressUntilItHasArrivedThere() {
        assertThat(master.onAdvert(P, heard(151, 2 * SECOND, LOWER, NOW - 5), NOW))
                .isEqualTo(Step.to(
                        new Leaving(
                                NOW + 50 * MILLI,
                                new Backup(NOW - 5, 2 * SECOND, LOWER, 151, false, false, false, 0, false),
                                new Departure(
                                        Role.BACKUP,
                                        true,
                                        false,
                                        Reason.PREEMPTED,
                                        "10.0.0.7 advertises priority 151, ours is 150"),
                                true),
                        new StopAnnouncing(),
                        SEND,
                        new CloseFenceAfter(75 * MILLI)));
    }

    @Test
    void yieldsToAnEqualPriorityWithAHigherAddress() {
        Step step = master.onAdvert(P, heard(150, HIGHER, NOW), NOW);
        assertThat(step)
                .isEqualTo(Step.to(
                        new Leaving(
                                NOW + 50 * MILLI,
                                new Backup(NOW, SECOND, HIGHER, 150, false, false, false, 0, false),
                                new Departure(
                                        Role.BACKUP,
                                        true,
                                        false,
                                        Reason.PREEMPTED,
                                        "10.0.0.200 advertises priority 150, as we do, and has the higher address"),
                                true),
                        new StopAnnouncing(),
                        SEND,
                        new CloseFenceAfter(75 * MILLI)));
    }

    @Test
    void whoHasClaimedAtTheSameTimeAsABetterNodeDoesNotAnswerBesideIt() {
        Master fresh = new Master(NOW + 995 * MILLI, NOW - 5 * MILLI, true, true, NOW + 5 * SECOND, false, 0, true);
        assertThat(fresh.onAdvert(P, heard(151, HIGHER, NOW), NOW))
                .isEqualTo(Step.to(
                        new Backup(NOW, SECOND, HIGHER, 151, false, false, false, 0, false),
                        new RemoveAddresses(),
                        new ShutFence(),
                        new Notify(Role.BACKUP, Reason.PREEMPTED, "10.0.0.200 advertises priority 151, ours is 150")));

        Master settled = (Master) fresh.onTick(P, NOW + 995 * MILLI).next();
        assertThat(settled.fresh()).isFalse();
        assertThat(settled.onAdvert(P, heard(151, HIGHER, NOW + SECOND), NOW + SECOND)
                        .next())
                .isInstanceOf(Leaving.class);
    }

    @Test
    void addressesAreComparedUnsigned() {
        RouterParams low = Given.usual().source(ip("10.0.0.127")).params();
        RouterParams high = Given.usual().source(ip("10.0.0.128")).params();
        assertThat(master.onAdvert(low, heard(150, ip("10.0.0.128"), NOW), NOW).next())
                .isInstanceOf(Leaving.class);
        assertThat(master.onAdvert(high, heard(150, ip("10.0.0.127"), NOW), NOW).next())
                .isInstanceOf(Master.class);

        RouterParams v6 =
                Given.usual().family(IpFamily.IPV6).source(ip("fe80::7fff")).params();
        assertThat(master.onAdvert(v6, heard(150, ip("fe80::8000"), NOW), NOW).next())
                .isInstanceOf(Leaving.class);
        assertThat(master.onAdvert(v6, heard(150, ip("fe80::7ffe"), NOW), NOW).next())
                .isInstanceOf(Master.class);
    }

    @Test
    void oneOfTwoOwnersYields() {
        RouterParams owner = Given.usual().priority(255).params();
        assertThat(master.onAdvert(owner, heard(255, HIGHER, NOW), NOW).next()).isInstanceOf(Leaving.class);
        assertThat(master.onAdvert(owner, heard(255, LOWER, NOW), NOW).next()).isInstanceOf(Master.class);
        assertThat(master.onAdvert(owner, heard(254, HIGHER, NOW), NOW).next()).isInstanceOf(Master.class);
    }

    @Test
    void notPreemptingDoesNotKeepAMasterThatLoses() {
        RouterParams p = Given.usual().preempt(false).params();
        assertThat(master.onAdvert(p, heard(151, LOWER, NOW), NOW).next()).isInstanceOf(Leaving.class);
    }

    @Test
    void answersALosingAdvertAtOnceAndLeavesItsTimerUntouched() {
        Master contested = new Master(NOW + 300 * MILLI, NOW, true, true, NOW + SECOND, true, NOW, false);
        assertThat(master.onAdvert(P, heard(149, HIGHER, NOW), NOW))
                .isEqualTo(Step.to(contested, SEND, new Announce(5)));
        assertThat(master.onAdvert(P, heard(150, LOWER, NOW), NOW))
                .isEqualTo(Step.to(contested, SEND, new Announce(5)));
        assertThat(contested.nanosUntilDue(P, NOW)).isEqualTo(master.nanosUntilDue(P, NOW));
    }

    @Test
    void announcesOnceASecondHoweverOftenItIsContested() {
        Master contested = new Master(NOW + 300 * MILLI, NOW, true, true, NOW + 5 * SECOND, true, NOW, false);
        long soon = NOW + 250 * MILLI;
        assertThat(contested.onAdvert(P, heard(50, LOWER, soon), soon))
                .isEqualTo(Step.to(
                        new Master(NOW + 300 * MILLI, soon, true, true, NOW + 5 * SECOND, true, NOW, false), SEND));
        long later = NOW + SECOND;
        assertThat(contested.onAdvert(P, heard(50, LOWER, later), later))
                .isEqualTo(Step.to(
                        new Master(NOW + 300 * MILLI, later, true, true, later + SECOND, true, later, false),
                        SEND,
                        new Announce(5)));
    }

    @Test
    void aFloodOfLosingAdvertsIsAnsweredFourTimesInAnInterval() {
        Master contested = new Master(NOW + 300 * MILLI, NOW, true, true, NOW + 5 * SECOND, true, NOW, false);
        long soon = NOW + 250 * MILLI - 1;
        Master hurrying = new Master(NOW + 250 * MILLI, NOW, true, true, NOW + 5 * SECOND, true, NOW, false);
        assertThat(contested.onAdvert(P, heard(50, LOWER, soon), soon)).isEqualTo(Step.to(hurrying));
        assertThat(hurrying.onAdvert(P, heard(50, HIGHER, soon), soon)).isEqualTo(hurrying.stay());
        assertThat(contested.onAdvert(P, heard(50, LOWER, soon + 1), soon + 1).actions())
                .containsExactly(SEND);
    }

    @Test
    void aFloodOfGoodByesHurriesTheNextAdvertToAQuarterOfTheInterval() {
        Master advertised = new Master(NOW + SECOND, NOW, false, false, 0, false, 0, false);
        Master hurrying = new Master(NOW + 250 * MILLI, NOW, false, false, 0, false, 0, false);
        long soon = NOW + 10 * MILLI;
        assertThat(advertised.onAdvert(P, heard(0, LOWER, soon), soon)).isEqualTo(Step.to(hurrying));
        assertThat(hurrying.onAdvert(P, heard(0, LOWER, soon), soon)).isEqualTo(hurrying.stay());
        long then = NOW + 250 * MILLI;
        assertThat(hurrying.onTick(P, then))
                .isEqualTo(Step.to(new Master(then + SECOND, then, false, false, 0, false, 0, false), SEND));
    }

    @Test
    void whoCarriesOnBeforeAnybodyHeardOfItsClaimStillHasNobodyWhoDependsOnIt() {
        Master claiming = new Master(NOW + 995 * MILLI, NOW - 5 * MILLI, true, true, NOW + 5 * SECOND, false, 0, true);
        Master fenced = (Master) claiming.onAdvertFenced(P, fenced(NOW), NOW).next();
        assertThat(((Master) fenced.onTick(P, NOW).next()).fresh()).isTrue();
        assertThat(((Master) silent.onTick(P, NOW).next()).fresh()).isFalse();
    }

    @Test
    void inVrrp2ALosingAdvertIsDiscardedInSilenceButTheNeighboursAreTold() {
        RouterParams v2 = Given.usual().version(VrrpVersion.V2).params();
        Master contested = new Master(NOW + 300 * MILLI, NOW - 700 * MILLI, true, true, NOW + SECOND, true, NOW, false);
        assertThat(master.onAdvert(v2, heard(149, HIGHER, NOW), NOW)).isEqualTo(Step.to(contested, new Announce(5)));
        long soon = NOW + 10 * MILLI;
        assertThat(contested.onAdvert(v2, heard(149, HIGHER, soon), soon)).isEqualTo(contested.stay());
    }

    @Test
    void whoWasReplacedDuringASilenceYieldsToAnyoneWithoutAWord() {
        for (int priority : new int[] {1, 150, 255}) {
            assertThat(silent.onAdvert(P, heard(priority, LOWER, NOW), NOW))
                    .isEqualTo(Step.to(
                            new Backup(NOW, SECOND, LOWER, priority, false, false, false, 0, false),
                            new RemoveAddresses(),
                            new ShutFence(),
                            new Notify(
                                    Role.BACKUP,
                                    Reason.REPLACED_DURING_PAUSE,
                                    "10.0.0.7 has taken over while this process did not run")));
        }
    }

    @Test
    void advertisesANewPriorityOrIntervalAtOnce() {
        RouterParams demoted = Given.usual().priority(50).params();
        assertThat(master.onParamsChanged(demoted, P, NOW))
                .isEqualTo(Step.to(
                        new Master(NOW + SECOND, NOW, true, false, NOW + 9 * SECOND, false, 0, false),
                        new SendAdvert(50)));
        RouterParams slower = Given.usual().adverNanos(4 * SECOND).params();
        assertThat(master.onParamsChanged(slower, P, NOW))
                .isEqualTo(Step.to(
                        new Master(NOW + 4 * SECOND, NOW, true, false, NOW + 9 * SECOND, false, 0, false), SEND));
    }

    @Test
    void changesThatOthersDoNotSeeLeaveTheTimerUntouched() {
        RouterParams p = Given.usual().preempt(false).source(HIGHER).params();
        assertThat(master.onParamsChanged(p, P, NOW)).isEqualTo(master.stay());
    }

    @Test
    void leavesMakeBeforeBreak() {
        long until = NOW + 1_050 * MILLI;
        Departure release = new Departure(Role.RELEASED, true, false, Reason.RELEASED, "released");
        assertThat(master.onLeave(P, release, NOW))
                .isEqualTo(Step.to(
                        new Leaving(until, Initialize.GONE, release, false),
                        new StopAnnouncing(),
                        new SendAdvert(0),
                        new CloseFenceAfter(1_075 * MILLI)));
        Departure standDown = new Departure(Role.FAULT, true, false, Reason.STOOD_DOWN, "rest");
        assertThat(master.onLeave(P, standDown, NOW).next())
                .isEqualTo(new Leaving(until, Initialize.IDLE, standDown, false));
        Departure group = new Departure(Role.BACKUP, true, false, Reason.GROUP, "another is not master");
        assertThat(master.onLeave(P, group, NOW).next())
                .isEqualTo(new Leaving(
                        until, new Backup(NOW, SECOND, null, 0, false, false, false, 0, false), group, false));
        Departure handOver = new Departure(Role.BACKUP, true, true, Reason.HANDED_OVER, "on request");
        assertThat(master.onLeave(P, handOver, NOW).next())
                .isEqualTo(new Leaving(
                        until, new Backup(NOW, SECOND, null, 0, false, true, false, 0, false), handOver, false));
    }

    @Test
    void whoseLastAdvertLeftLateClosesItsFenceWithTheLeaseOfAPunctualOneWhenItLeaves() {
        Master late = new Master(NOW - 900 * MILLI, NOW - 1_900 * MILLI, false, false, 0, false, 0, false);
        Departure departure = new Departure(Role.RELEASED, true, false, Reason.RELEASED, "released");
        assertThat(late.onLeave(P, departure, NOW).actions())
                .containsExactly(new StopAnnouncing(), new SendAdvert(0), new CloseFenceAfter(850 * MILLI));
    }

    @Test
    void inVrrp2TheLongestSkewIsASecondWhateverTheInterval() {
        RouterParams v2 =
                Given.usual().version(VrrpVersion.V2).adverNanos(9 * SECOND).params();
        Departure release = new Departure(Role.RELEASED, true, false, Reason.RELEASED, "released");
        assertThat(master.onLeave(v2, release, NOW).next())
                .isEqualTo(new Leaving(NOW + 1_050 * MILLI, Initialize.GONE, release, false));
    }

    @Test
    void inAFaultTheAddressGoesFirst() {
        Departure fault = new Departure(Role.FAULT, false, false, Reason.LINK_DOWN, "eth0 is down");
        assertThat(master.onLeave(P, fault, NOW))
                .isEqualTo(Step.to(
                        Initialize.IDLE,
                        new RemoveAddresses(),
                        new SendAdvert(0),
                        new ShutFence(),
                        new Notify(Role.FAULT, Reason.LINK_DOWN, "eth0 is down")));
    }

    @Test
    void whoWasSilentMakesNoWayForASuccessorThatMayBeThereAlready() {
        Departure release = new Departure(Role.RELEASED, true, false, Reason.RELEASED, "released");
        assertThat(silent.onLeave(P, release, NOW))
                .isEqualTo(Step.to(
                        Initialize.GONE,
                        new RemoveAddresses(),
                        new ShutFence(),
                        new Notify(Role.RELEASED, Reason.RELEASED, "released")));
    }

    @Test
    void isNeverMasterWithoutItsAddresses() {
        assertThat(master.onAddressFailed(P, "EPERM", NOW))
                .isEqualTo(Step.to(
                        new Initialize(
                                Role.FAULT,
                                true,
                                NOW + 5 * SECOND,
                                Reason.RECOVERED,
                                "trying again to add the address",
                                60 * SECOND),
                        new RemoveAddresses(),
                        new SendAdvert(0),
                        new ShutFence(),
                        new Notify(Role.FAULT, Reason.ADDRESS_FAILED, "EPERM")));
    }

    @Test
    void carriesOnAfterASuspendIfNobodyWasHeardForAnInterval() {
        Step woken = master.onSuspended(P, NOW);
        assertThat(woken.next().onAdvert(P, heard(1, LOWER, NOW), NOW).next()).isInstanceOf(Backup.class);
        long then = NOW + SECOND;
        assertThat(woken.next().onTick(P, then)).isEqualTo(carryingOn(then));
    }

    private static Event.AdvertFenced fenced(long leftAt) {
        return new Event.AdvertFenced(false, false, leftAt, NOW);
    }

    @Test
    void whoClaimedAndWasHeldUpOnTheWayClaimsAgainAtOnce() {
        Master claimer = new Master(NOW + SECOND, NOW, false, false, 0, false, 0, true);
        long found = NOW + 400 * MILLI;
        Master again = (Master) claimer.onAdvertFenced(P, new Event.AdvertFenced(false, true, 0, found), NOW)
                .next();
        // Not in the turn that was too long, to which it is no silence yet.
        assertThat(again.nanosUntilDue(P, NOW)).isEqualTo(400 * MILLI);
        assertThat(again.onTick(P, NOW)).isEqualTo(again.stay());
        assertThat(again.onTick(P, found).actions()).contains(new OpenFence());
    }

    @Test
    void anAdvertThatCouldNotBeSentOnceIsSentHalfAnIntervalLaterAndNothingElseChanges() {
        Master sending = new Master(NOW + SECOND, NOW, true, false, NOW + MILLI, true, NOW, false);
        Master retrying = new Master(NOW + SECOND / 2, NOW - SECOND, true, false, NOW + MILLI, true, NOW, false);
        assertThat(sending.onAdvertFenced(P, fenced(NOW - SECOND), NOW)).isEqualTo(Step.to(retrying));
    }

    @Test
    void afterASuspendAnAdvertThatFailsIsASilenceHoweverYoungTheLastOneSeems() {
        Step carryingOn = master.onSuspended(P, NOW).next().onTick(P, NOW + SECOND);
        Step failed = carryingOn
                .next()
                .onAdvertFenced(P, new Event.AdvertFenced(true, true, NOW, NOW + SECOND), NOW + SECOND);
        assertThat(failed.actions()).containsExactly(new StopAnnouncing());
        assertThat(failed.next().onAdvert(P, heard(1, LOWER, NOW), NOW + SECOND).next())
                .isInstanceOf(Backup.class);
    }

    @Test
    void aChangeMakesUpForNoPartOfASilence() {
        Master late = new Master(NOW - 1_800 * MILLI, NOW - 2_800 * MILLI, false, false, 0, false, 0, false);
        assertThat(late.onParamsChanged(P, P, NOW).next()).isEqualTo(late);
    }

    @Test
    void anAdvertThatTheFenceHeldBackWasASilence() {
        Step fenced = master.onAdvertFenced(P, fenced(NOW - 2_750 * MILLI), NOW);
        assertThat(fenced)
                .isEqualTo(Step.to(
                        new Master(NOW, NOW - 2_750 * MILLI, false, false, 0, false, 0, false), new StopAnnouncing()));
        assertThat(fenced.next().nanosUntilDue(P, NOW)).isZero();
        assertThat(fenced.next().onAdvert(P, heard(1, LOWER, NOW), NOW).next()).isInstanceOf(Backup.class);
        assertThat(fenced.next().onTick(P, NOW).next().nanosUntilDue(P, NOW)).isEqualTo(1_500 * MILLI);

        Master claimer = new Master(NOW + SECOND, NOW, false, false, 0, false, 0, true);
        Step late = claimer.onAdvertFenced(P, fenced(NOW - SECOND), NOW);
        Master soon = new Master(NOW, NOW - 2_500 * MILLI, false, false, 0, false, 0, true);
        assertThat(late).isEqualTo(Step.to(soon, new StopAnnouncing()));
        assertThat(late.next().onTick(P, NOW).actions())
                .isEqualTo(silent.onTick(P, NOW).actions());
    }

    @Test
    void everythingElseMeansNothing() {
        assertThat(master.onStartup(P, new Event.Startup(0, Reason.RECOVERED, ""), NOW))
                .isEqualTo(master.stay());
        assertThat(master.onClaim(P, NOW)).isEqualTo(master.stay());
        assertThat(master.onSuccessorAnnounced(P, NOW)).isEqualTo(master.stay());
        assertThat(master.role()).isEqualTo(Role.MASTER);
    }

    @Test
    void aSuspendedMasterAnnouncesNothingUntilItHasListened() {
        Master master = new Master(NOW + 100, NOW - SECOND, true, false, NOW + MILLI, false, 0, false);
        Master listening = new Master(NOW + SECOND, NOW - 4_250 * MILLI, false, false, 0, false, 0, false);
        assertThat(master.onSuspended(P, NOW)).isEqualTo(Step.to(listening, new Action.StopAnnouncing()));
        assertThat(listening.nanosUntilDue(P, NOW)).isEqualTo(SECOND);
        assertThat(listening.onTick(P, NOW + MILLI)).isEqualTo(listening.stay());
    }

    @Test
    void aSilentMasterStaysSilentWhenItsIntervalGrows() {
        RouterParams slower = Given.usual().adverNanos(10 * SECOND).params();
        Master late = new Master(NOW - 2 * SECOND, NOW - 3 * SECOND, false, false, 0, false, 0, false);
        assertThat(late.onParamsChanged(slower, P, NOW))
                .isEqualTo(Step.to(new Master(NOW - 2 * SECOND, NOW - 25 * SECOND, false, false, 0, false, 0, false)));
    }

    @Test
    void announcesNothingAnyMoreOnceItLeaves() {
        Master master = new Master(NOW + 100, NOW - 100, true, true, NOW + MILLI, false, 0, false);
        assertThat(master.onAdvert(P, heard(200, LOWER, NOW), NOW).actions())
                .containsExactly(new StopAnnouncing(), new SendAdvert(150), new CloseFenceAfter(75 * MILLI));
        Departure departure = new Departure(Role.RELEASED, true, false, Reason.RELEASED, "released");
        assertThat(master.onLeave(P, departure, NOW).actions())
                .containsExactly(new StopAnnouncing(), new SendAdvert(0), new CloseFenceAfter(1_075 * MILLI));
    }
}
