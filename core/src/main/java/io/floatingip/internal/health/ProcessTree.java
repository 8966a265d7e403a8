package io.floatingip.internal.health;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Starts commands, and ends processes together with what they have started. */
public final class ProcessTree {
    private static final int PASSES_MAX = 5;

    private ProcessTree() {}

    /** Starts a command with nothing to read and nobody who listens, so that it cannot block on us. */
    public static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
    }

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
