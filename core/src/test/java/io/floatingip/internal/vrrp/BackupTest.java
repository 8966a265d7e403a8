package io.floatingip.internal.vrrp;

import static io.floatingip.internal.vrrp.Given.HIGHER;
import static io.floatingip.internal.vrrp.Given.LOWER;
import static io.floatingip.internal.vrrp.Given.NOW;
import static io.floatingip.internal.vrrp.Given.SECOND;
import static io.floatingip.internal.vrrp.Given.heard;
import static org.assertj.core.api.Assertions.assertThat;

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
}
