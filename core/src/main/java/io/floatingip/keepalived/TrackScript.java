package io.floatingip.keepalived;

import java.time.Duration;

/**
 * A {@code vrrp_script}: a program that is run again and again; exit code 0 is success.
 *
 * @param timeout after which it counts as failed
 * @param weight 0: a failure takes the instance out; positive: added while it succeeds; negative: taken off while it fails
 * @param reversed whether the weight's sign is turned
 * @param rise successes in a row that make it good
 * @param fall failures in a row that make it bad
 * @param failedAtFirst whether it counts as failed until its first success
 */
public record TrackScript(
        String name,
        ScriptCall script,
        Duration interval,
        Duration timeout,
        int weight,
        boolean reversed,
        int rise,
        int fall,
        boolean failedAtFirst) {}
