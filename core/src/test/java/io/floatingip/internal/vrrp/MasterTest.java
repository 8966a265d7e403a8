package io.floatingip.internal.vrrp;

import static io.floatingip.internal.vrrp.Given.LOWER;
import static io.floatingip.internal.vrrp.Given.MILLI;
import static io.floatingip.internal.vrrp.Given.NOW;
import static io.floatingip.internal.vrrp.Given.SECOND;
import static io.floatingip.internal.vrrp.Given.heard;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.internal.vrrp.Action.SendAdvert;
import io.floatingip.internal.vrrp.Action.StopAnnouncing;
import org.junit.jupiter.api.Test;

/** RFC 9568 section 6.4.3. */
class MasterTest {
    private static final RouterParams P = Given.usual().params();

    @Test
    void aSuspendedMasterAnnouncesNothingUntilItHasListened() {
        Master master = new Master(NOW + 100, NOW - SECOND, true, false, NOW + MILLI, false, 0);
        Master listening = new Master(NOW + SECOND, NOW - 2_500 * MILLI, false, false, 0, false, 0);
        assertThat(master.onSuspended(P, NOW)).isEqualTo(Step.to(listening, new Action.StopAnnouncing()));
        assertThat(listening.nanosUntilDue(P, NOW)).isEqualTo(SECOND);
        assertThat(listening.onTick(P, NOW + MILLI)).isEqualTo(listening.stay());
    }

    @Test
    void aSilentMasterStaysSilentWhenItsIntervalGrows() {
        RouterParams slower = Given.usual().adverNanos(10 * SECOND).params();
        Master late = new Master(NOW - 2 * SECOND, NOW - 3 * SECOND, false, false, 0, false, 0);
        assertThat(late.onParamsChanged(slower, P, NOW))
                .isEqualTo(Step.to(new Master(NOW - 2 * SECOND, NOW - 25 * SECOND, false, false, 0, false, 0)));
    }

    @Test
    void announcesNothingAnyMoreOnceItLeaves() {
        Master master = new Master(NOW + 100, NOW - 100, true, true, NOW + MILLI, false, 0);
        assertThat(master.onAdvert(P, heard(200, LOWER, NOW), NOW).actions())
                .containsExactly(new StopAnnouncing(), new SendAdvert(150));
        Departure departure = new Departure(Role.RELEASED, true, false, Reason.RELEASED, "released");
        assertThat(master.onLeave(P, departure, NOW).actions())
                .containsExactly(new StopAnnouncing(), new SendAdvert(0));
    }
}
