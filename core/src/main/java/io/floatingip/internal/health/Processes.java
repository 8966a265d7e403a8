package io.floatingip.internal.health;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.UnhealthyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether enough processes of a name run, and not too many: looks into /proc, where every user may read the names. */
record Processes(Path proc, String name, int min, int max) implements HealthCheck {
    // The kernel keeps 15 characters of a name; the command line has the rest.
    private static final int COMM_MAX = 15;

    @Override
    public boolean check() throws Exception {
        int count = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                if (matches(process)) {
                    count++;
                }
            }
        }
        if (count < min || count > max) {
            throw new UnhealthyException(count + " processes named " + name + ", wanted "
                    + (max == Integer.MAX_VALUE ? "at least " + min : min + " to " + max));
        }
        return true;
    }

    private boolean matches(Path process) {
        try {
            String comm = Files.readString(process.resolve("comm")).strip();
            if (name.length() <= COMM_MAX && comm.equals(name)) {
                return !zombie(process);
            }
            String file = name.substring(name.lastIndexOf('/') + 1);
            if (file.length() > COMM_MAX && !comm.equals(file.substring(0, COMM_MAX))) {
                return false;
            }
            String line = new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.ISO_8859_1);
            int end = line.indexOf('\0');
            String program = end < 0 ? line : line.substring(0, end);
            return (program.equals(name) || program.endsWith("/" + name)) && !zombie(process);
        } catch (IOException e) {
            // It has ended while we looked.
            return false;
        }
    }

    private static boolean zombie(Path process) throws IOException {
        String stat = new String(Files.readAllBytes(process.resolve("stat")), StandardCharsets.ISO_8859_1);
        int state = stat.lastIndexOf(')') + 2;
        return state < stat.length() && (stat.charAt(state) == 'Z' || stat.charAt(state) == 'X');
    }
}
