package io.floatingip.internal.vrrp;

import static io.floatingip.internal.vrrp.Given.NOW;
import static io.floatingip.internal.vrrp.Given.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.internal.vrrp.Action.Notify;
import org.junit.jupiter.api.Test;

/** RFC 9568 section 6.4.1. */
class InitializeTest {
    private static final RouterParams P = Given.usual().params();

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
}
