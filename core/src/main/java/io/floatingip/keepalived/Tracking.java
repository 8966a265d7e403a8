package io.floatingip.keepalived;

import java.util.OptionalInt;

/**
 * That an instance or a group follows a check.
 *
 * @param name of the block that describes the check
 * @param weight instead of that block's own; empty to use that
 * @param reversed instead of that block's own, if there is a weight here
 */
public record Tracking(Kind kind, String name, OptionalInt weight, boolean reversed) {
    /** What is tracked. */
    public enum Kind {
        SCRIPT,
        FILE,
        PROCESS
    }
}
