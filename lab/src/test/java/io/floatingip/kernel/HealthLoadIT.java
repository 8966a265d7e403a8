package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Capture;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Running;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand TCP checks a second do not disturb the adverts. */
@Tag("kernel")
@Tag("long")
class HealthLoadIT {
    private static final int CHECKS = 1000;
    private static final int SECONDS = 60;
    private static final Pattern END =
            Pattern.compile("runs (\\d+) failures (\\d+) threads (\\d+) to (\\d+) role MASTER");

    /** What one run came to. */
    private record Measured(List<Double> intervalsMillis, long runs, long failures, int threadsMin, int threadsMax) {
        /** The share of intervals that are within a fifth of what they should be. */
        double punctual() {
            long good = intervalsMillis.stream()
                    .filter(each -> each >= 80 && each <= 120)
                    .count();
            return (double) good / intervalsMillis.size();
        }

        @Override
        public String toString() {
            return "runs " + runs + ", failures " + failures + ", threads " + threadsMin + " to " + threadsMax
                    + ", punctual " + punctual() + ", "
                    + intervalsMillis.stream().mapToDouble(each -> each).summaryStatistics();
        }
    }

    @Test
    void advertsKeepTheirIntervalAndThreadsTheirNumber() throws Exception {
        Measured idle = measure(0, 20);
        Measured loaded = measure(CHECKS, SECONDS);
        System.out.println("idle:   " + idle + "\nloaded: " + loaded);

        assertThat(loaded.runs()).isBetween(CHECKS * (SECONDS - 3L), CHECKS * (SECONDS + 3L));
        assertThat(loaded.failures()).isZero();
        assertThat(List.of(loaded.threadsMin(), loaded.threadsMax())).containsExactly(1, 1);
        // A machine that others use as well makes every process late at times; the checks add nothing to that.
        assertThat(loaded.punctual()).isGreaterThanOrEqualTo(Math.min(1, idle.punctual()) - 0.005);
    }

    private static Measured measure(int checks, int seconds) throws Exception {
        try (Lan lan = Lan.open()) {
            Host host = lan.host("loaded");
            host.run("ip", "link", "set", "lo", "up");
            Running loaded = host.start("loaded", command(checks, seconds));
            loaded.awaitLine("steady", Duration.ofSeconds(60));
            try (Capture capture = lan.capture("load")) {
                loaded.awaitLine("runs ", Duration.ofSeconds(seconds + 30));
                List<Double> intervals = intervalsMillis(capture.stop().adverts());
                Matcher end = END.matcher(loaded.lines().stream()
                        .map(Running.Line::text)
                        .filter(text -> text.startsWith("runs "))
                        .findFirst()
                        .orElse(""));
                assertThat(end.matches()).isTrue();
                return new Measured(
                        intervals,
                        Long.parseLong(end.group(1)),
                        Long.parseLong(end.group(2)),
                        Integer.parseInt(end.group(3)),
                        Integer.parseInt(end.group(4)));
            }
        }
    }

    private static List<String> command(int checks, int seconds) throws URISyntaxException {
        String classes = Path.of(HealthLoad.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        return List.of(
                // Only what the process does to itself is to be seen.
                "nice",
                "-n",
                "-20",
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-cp",
                classes + ":" + System.getProperty("floatingip.jar", "examples/standalone/target/floatingip.jar"),
                HealthLoad.class.getName(),
                Integer.toString(checks),
                Integer.toString(seconds));
    }

    private static List<Double> intervalsMillis(List<Capture.Advert> adverts) {
        List<Double> intervals = new ArrayList<>();
        // The last two: the one on the way out comes early, by design.
        for (int i = 1; i < adverts.size() - 2; i++) {
            intervals.add((adverts.get(i).atNanos() - adverts.get(i - 1).atNanos()) / 1e6);
        }
        return intervals;
    }
}
