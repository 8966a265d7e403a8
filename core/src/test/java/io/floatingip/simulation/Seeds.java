package io.floatingip.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Runs a scenario for many seeds. How many is {@code -Dsimulation.seeds}; {@code -Dsimulation.seed} runs a single one again. The message of a
 * failure has both the command that replays it and the end of its trace.
 */
final class Seeds {
    private static final int TRACE_LINES = 120;

    private Seeds() {}

    static void run(Class<?> test, String method, int seedsByDefault, Scenario scenario) {
        quiet();
        String single = System.getProperty("simulation.seed");
        if (single != null) {
            run(test, method, Long.parseLong(single), scenario);
            return;
        }
        long seeds = Long.getLong("simulation.seeds", seedsByDefault);
        long began = System.nanoTime();
        for (long seed = 1; seed <= seeds; seed++) {
            run(test, method, seed, scenario);
        }
        System.out.printf(
                "%s.%s: %d seeds in %.1f s%n", test.getSimpleName(), method, seeds, (System.nanoTime() - began) / 1e9);
    }

    private static void run(Class<?> test, String method, long seed, Scenario scenario) {
        SimLan[] lan = new SimLan[1];
        try {
            scenario.run(seed, used -> lan[0] = used);
        } catch (RuntimeException | Error e) {
            String trace = lan[0] == null ? "" : "\n" + String.join("\n", lastLines(lan[0].trace()));
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + "\nreplay: mvn -pl core test -Dtest="
                            + test.getSimpleName() + "#" + method + " -Dsimulation.seed=" + seed + trace,
                    e);
        }
    }

    /** The end of it, steady adverts left out. */
    private static List<String> lastLines(List<String> lines) {
        List<String> told = new ArrayList<>();
        String last = "";
        for (String line : lines) {
            String text = line.substring(line.indexOf(' '));
            if (!text.equals(last)) {
                told.add(line);
            }
            last = text;
        }
        return told.subList(Math.max(0, told.size() - TRACE_LINES), told.size());
    }

    /** What a thousand simulated nodes have to say at INFO is no one's to read. */
    private static void quiet() {
        ((Logger) LoggerFactory.getLogger("io.floatingip")).setLevel(Level.OFF);
    }

    interface Scenario {
        void run(long seed, Consumer<SimLan> using);
    }
}
