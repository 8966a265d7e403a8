package io.floatingip.internal.vrrp;

import static io.floatingip.internal.vrrp.Given.HIGHER;
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
import io.floatingip.internal.vrrp.Action.SendAdvert;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 9568 section 6.4.1. */
class InitializeTest {
    private static final RouterParams P = Given.usual().params();
    private static final RouterParams OWNER = Given.usual().priority(255).params();
    private static final Event.Startup AT_ONCE = new Event.Startup(0, Reason.JOINED, "joined");
    private static final Event.Startup DELAYED = new Event.Startup(10 * SECOND, Reason.JOINED, "joined");

    private final Initialize idle = Initialize.IDLE;
    private final Initialize pending = new Initialize(Role.FAULT, true, NOW + 10 * SECOND, Reason.JOINED, "joined", 0);
    private final Initialize gone = Initialize.GONE;

    @Test
    void listensForAMasterDownIntervalAfterStartup() {
        Backup listening = new Backup(NOW, SECOND, null, 0, false, false, false, 0, false);
        assertThat(idle.onStartup(P, AT_ONCE, NOW))
                .isEqualTo(Step.to(listening, new Notify(Role.BACKUP, Reason.JOINED, "joined")));
        // 3 x 1 s + 106/256 s
        assertThat(listening.nanosUntilDue(P, NOW)).isEqualTo(3_414_062_500L);
    }

    @Test
    void theOwnerIsMasterAtOnce() {
        assertThat(idle.onStartup(OWNER, AT_ONCE, NOW))
                .isEqualTo(Step.to(
                        new Master(NOW + SECOND, NOW, true, true, NOW + 5 * SECOND, false, 0, true),
                        new OpenFence(),
                        new SendAdvert(255),
                        new AddAddresses(),
                        new Announce(5),
                        new Notify(Role.MASTER, Reason.ADDRESS_OWNER, "owner of the address, priority 255")));
    }

    @Test
    void theOwnerInAGroupIsReadyAtOnce() {
        RouterParams p = Given.usual().priority(255).grouped().params();
        Backup ready = new Backup(NOW, SECOND, null, 0, false, false, false, 0, true);
        assertThat(idle.onStartup(p, AT_ONCE, NOW))
                .isEqualTo(Step.to(ready, new Notify(Role.BACKUP, Reason.JOINED, "joined")));
        assertThat(ready.nanosUntilDue(p, NOW)).isEqualTo(Long.MAX_VALUE);
    }

    private static final Notify WAITING =
            new Notify(Role.FAULT, Reason.JOINED, "taking part after a delay of 10000 ms");

    @Test
    void startupWaitsForItsDelay() {
        assertThat(idle.onStartup(P, DELAYED, NOW)).isEqualTo(Step.to(pending, WAITING));
        assertThat(pending.nanosUntilDue(P, NOW)).isEqualTo(10 * SECOND);
        assertThat(pending.onTick(P, NOW + 10 * SECOND - 1)).isEqualTo(pending.stay());
        long then = NOW + 10 * SECOND;
        assertThat(pending.onTick(P, then))
                .isEqualTo(Step.to(
                        new Backup(then, SECOND, null, 0, false, false, false, 0, false),
                        new Notify(Role.BACKUP, Reason.JOINED, "joined")));
        assertThat(pending.onTick(OWNER, then))
                .isEqualTo(Master.claim(OWNER, Reason.ADDRESS_OWNER, "owner of the address, priority 255", then));
    }

    @Test
    void aLaterStartupReplacesAPendingOne() {
        assertThat(pending.onStartup(P, AT_ONCE, NOW)).isEqualTo(idle.onStartup(P, AT_ONCE, NOW));
        assertThat(pending.onStartup(P, DELAYED, NOW + SECOND))
                .isEqualTo(Step.to(
                        new Initialize(Role.FAULT, true, NOW + 11 * SECOND, Reason.JOINED, "joined", 0), WAITING));
    }

    @Test
    void nothingIsDueUnlessAStartIsPending() {
        assertThat(idle.nanosUntilDue(P, NOW)).isEqualTo(Long.MAX_VALUE);
        assertThat(gone.nanosUntilDue(P, NOW)).isEqualTo(Long.MAX_VALUE);
        assertThat(idle.onTick(P, NOW)).isEqualTo(idle.stay());
        assertThat(gone.onTick(P, NOW)).isEqualTo(gone.stay());
    }

    @Test
    void triesAFailedAddressAgainAfterFiveSecondsAndThenHoldsForAMinute() {
        Initialize failed = Initialize.retryAfterFailure(NOW);
        assertThat(failed.nanosUntilDue(P, NOW)).isEqualTo(5 * SECOND);
        assertThat(failed.onTick(P, NOW + 4 * SECOND)).isEqualTo(failed.stay());
        long then = NOW + 5 * SECOND;
        assertThat(failed.onTick(P, then))
                .isEqualTo(Step.to(
                        new Backup(then, SECOND, null, 0, false, false, true, then + 60 * SECOND, false),
                        new Notify(Role.BACKUP, Reason.RECOVERED, "trying again to add the address")));
    }

    @Test
    void aFaultGivesUpAPendingStart() {
        Departure fault = new Departure(Role.FAULT, false, false, Reason.LINK_DOWN, "eth0 is down");
        Step faulty = Step.to(idle, new Notify(Role.FAULT, Reason.LINK_DOWN, "eth0 is down"));
        assertThat(pending.onLeave(P, fault, NOW)).isEqualTo(faulty);
        assertThat(idle.onLeave(P, fault, NOW)).isEqualTo(faulty);
    }

    @Test
    void releaseIsForGood() {
        Departure release = new Departure(Role.RELEASED, true, false, Reason.RELEASED, "released");
        Step released = Step.to(gone, new Notify(Role.RELEASED, Reason.RELEASED, "released"));
        assertThat(idle.onLeave(P, release, NOW)).isEqualTo(released);
        assertThat(pending.onLeave(P, release, NOW)).isEqualTo(released);

        Departure fault = new Departure(Role.FAULT, false, false, Reason.LINK_DOWN, "eth0 is down");
        assertThat(gone.onLeave(P, release, NOW)).isEqualTo(gone.stay());
        assertThat(gone.onLeave(P, fault, NOW)).isEqualTo(gone.stay());
        assertThat(gone.onStartup(P, AT_ONCE, NOW)).isEqualTo(gone.stay());
        assertThat(gone.onStartup(P, DELAYED, NOW)).isEqualTo(gone.stay());
        assertThat(gone.onStartup(OWNER, AT_ONCE, NOW)).isEqualTo(gone.stay());
    }

    @Test
    void whoHasNothingHandsNothingOver() {
        Departure handOver = new Departure(Role.BACKUP, true, true, Reason.HANDED_OVER, "on request");
        for (Initialize state : List.of(idle, pending, gone)) {
            assertThat(state.onLeave(P, handOver, NOW)).isEqualTo(state.stay());
        }
    }

    @Test
    void everythingElseMeansNothing() {
        RouterParams other = Given.usual().priority(200).adverNanos(2 * SECOND).params();
        for (Initialize state : List.of(idle, pending, gone)) {
            assertThat(state.onAdvert(P, heard(200, HIGHER, NOW), NOW)).isEqualTo(state.stay());
            assertThat(state.onAdvert(P, heard(0, HIGHER, NOW), NOW)).isEqualTo(state.stay());
            assertThat(state.onParamsChanged(other, P, NOW)).isEqualTo(state.stay());
            assertThat(state.onClaim(P, NOW)).isEqualTo(state.stay());
            assertThat(state.onSuccessorAnnounced(P, NOW)).isEqualTo(state.stay());
            assertThat(state.onAddressFailed(P, "EPERM", NOW)).isEqualTo(state.stay());
            assertThat(state.onSuspended(P, NOW)).isEqualTo(state.stay());
            assertThat(state.onAdvertFenced(P, new Event.AdvertFenced(false, false, NOW, NOW), NOW))
                    .isEqualTo(state.stay());
        }
    }

    @Test
    void isSeenAsFaultOrReleased() {
        assertThat(idle.role()).isEqualTo(Role.FAULT);
        assertThat(pending.role()).isEqualTo(Role.FAULT);
        assertThat(gone.role()).isEqualTo(Role.RELEASED);
    }
}
