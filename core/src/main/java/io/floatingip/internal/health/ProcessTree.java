package io.floatingip.internal.health;

import java.util.LinkedHashSet;
import java.util.Set;

/** Ends processes together with what they have started. */
public final class ProcessTree {
    private static final int PASSES_MAX = 5;

    private ProcessTree() {}

    /**
     * Kills a process and its descendants, those started meanwhile included. A descendant that has detached itself, whose parent has ended before,
     * is not ours to find: a daemon started on purpose lives on.
     */
    public static void kill(Process process) {
        Set<ProcessHandle> tree = new LinkedHashSet<>();
        for (int pass = 0; pass < PASSES_MAX; pass++) {
            Set<ProcessHandle> found = new LinkedHashSet<>();
            process.descendants().forEach(found::add);
            for (ProcessHandle known : tree) {
                known.descendants().forEach(found::add);
            }
            boolean more = tree.addAll(found);
            // The parent last: while it lives, its children can be found through it.
            if (pass > 0 && !more) {
                break;
            }
            tree.forEach(ProcessHandle::destroyForcibly);
        }
        process.destroyForcibly();
        tree.forEach(ProcessHandle::destroyForcibly);
    }
}
