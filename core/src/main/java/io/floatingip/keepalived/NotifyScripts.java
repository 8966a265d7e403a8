package io.floatingip.keepalived;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * Programs to run when the role changes.
 *
 * @param any runs at every change, behind the others, with four more arguments: INSTANCE or GROUP, the name, the role, the priority
 * @param stop when it is released
 * @param deleted when a reload has removed it
 * @param lowerPriorityHeard when a master hears an advert of lower priority
 */
public record NotifyScripts(
        Optional<ScriptCall> master,
        Optional<ScriptCall> backup,
        Optional<ScriptCall> fault,
        Optional<ScriptCall> stop,
        Optional<ScriptCall> deleted,
        Optional<ScriptCall> any,
        Optional<ScriptCall> lowerPriorityHeard) {
    /** No program at all. */
    public static NotifyScripts none() {
        return new NotifyScripts(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public boolean isEmpty() {
        return Stream.of(master, backup, fault, stop, deleted, any, lowerPriorityHeard)
                .allMatch(Optional::isEmpty);
    }
}
