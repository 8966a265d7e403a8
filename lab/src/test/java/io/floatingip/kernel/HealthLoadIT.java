package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Capture;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Running;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A thousand TCP checks a second do not disturb the adverts. A machine that others use as well makes every process late: what counts is how much
 * later the adverts are than a thread of the same process that only waits, and how much of the processors the checks take.
 */
@Tag("kernel")
@Tag("timing")
@Tag("long")
class HealthLoadIT {
    private static final int CHECKS = 1000;
    private static final int SECONDS = 60;
    private static final Pattern END =
            Pattern.compile("runs (\\d+) failures (\\d+) threads (\\d+) to (\\d+) cpu (\\d+) late (\\d+) role MASTER");
    /** Of one processor, for a thousand checks a second, the server that answers them and the protocol. */
    private static final double CPU_MAX = 0.5;
    /** The most that the machine's own lateness may excuse: short of an advert that is missing. */
    private static final long LATE_MILLIS_MAX = 70;

    /** What one run came to. */
    private record Measured(
            DoubleSummaryStatistics intervalsMillis,
            long runs,
            long failures,
            int threadsMin,
            int threadsMax,
            long cpuMillis,
            long lateMillis) {}

    @Test
    void advertsKeepTheirIntervalAndThreadsTheirNumber() throws Exception {
        Measured loaded = measure(CHECKS, SECONDS);
        System.out.println(loaded);

        assertThat(loaded.runs()).isBetween(CHECKS * SECONDS * 9L / 10, CHECKS * (SECONDS + 3L));
        assertThat(loaded.failures()).isZero();
        assertThat(List.of(loaded.threadsMin(), loaded.threadsMax())).containsExactly(1, 1);
        assertThat(loaded.cpuMillis()).isLessThan((long) (CPU_MAX * SECONDS * 1000));
        assertThat(loaded.intervalsMillis().getCount()).isGreaterThan(SECONDS * 8L);
        long late = Math.min(loaded.lateMillis(), LATE_MILLIS_MAX);
        assertThat(loaded.intervalsMillis().getMax()).isLessThanOrEqualTo(120 + late);
        assertThat(loaded.intervalsMillis().getMin()).isGreaterThanOrEqualTo(80 - late);
    }

    private static Measured measure(int checks, int seconds) throws Exception {
        try (Lan lan = Lan.open()) {
            Host host = lan.host("loaded");
            host.run("ip", "link", "set", "lo", "up");
            Running loaded = host.start("loaded", command(checks, seconds));
            loaded.awaitLine("steady", Duration.ofSeconds(60));
            try (Capture capture = lan.capture("load")) {
                loaded.awaitLine("runs ", Duration.ofSeconds(seconds + 30));
                DoubleSummaryStatistics intervals =
                        intervalsMillis(capture.stop().adverts());
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
                        Integer.parseInt(end.group(4)),
                        Long.parseLong(end.group(5)),
                        Long.parseLong(end.group(6)));
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
                String.join(
                        ":",
                        classes,
                        System.getProperty("floatingip.lab.classes"),
                        System.getProperty("floatingip.jar")),
                HealthLoad.class.getName(),
                Integer.toString(checks),
                Integer.toString(seconds));
    }

    private static DoubleSummaryStatistics intervalsMillis(List<Capture.Advert> adverts) {
        DoubleSummaryStatistics intervals = new DoubleSummaryStatistics();
        // The last two: the one on the way out comes early, by design.
        for (int i = 1; i < adverts.size() - 2; i++) {
            intervals.accept((adverts.get(i).atNanos() - adverts.get(i - 1).atNanos()) / 1e6);
        }
        return intervals;
    }
}
