package io.floatingip.internal.vrrp;

import io.floatingip.Reason;
import io.floatingip.Role;

/**
 * How and why mastership is given up.
 *
 * @param then BACKUP: listen again, without preempting the successor; FAULT or RELEASED: take no part
 * @param makeBeforeBreak whether the address stays until a successor has it; otherwise it goes at once
 * @param unlessAlone whether to stay master if no successor is heard
 */
public record Departure(Role then, boolean makeBeforeBreak, boolean unlessAlone, Reason reason, String detail) {
    public Departure {
        if (then == Role.MASTER) {
            throw new IllegalArgumentException("giving mastership up cannot lead to " + then);
        }
    }
}
