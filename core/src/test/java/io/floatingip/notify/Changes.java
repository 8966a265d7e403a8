package io.floatingip.notify;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import java.time.Instant;

/** Changes to notify about, and waiting until that is done. */
final class Changes {
    private Changes() {}

    static RoleChange to(Role role) {
        return new RoleChange(
                "VI_1", Role.BACKUP, role, Reason.MASTER_SILENT, "no advert for \"3.6 s\"", 100, 3, Instant.EPOCH);
    }

    static RoleChange ofGroup(Role role) {
        return new RoleChange("G1", Role.BACKUP, role, Reason.GROUP, "all", 0, 3, Instant.EPOCH);
    }

    /** Until nothing is on its way any more. */
    static void awaitDone(Notifier notifier) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (notifier.pending() > 0 && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
    }
}
