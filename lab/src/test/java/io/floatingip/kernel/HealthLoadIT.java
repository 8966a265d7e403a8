package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Capture;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Running;
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
    private static final int SECONDS = 60;
    private static final Pattern END =
            Pattern.compile("runs (\\d+) failures (\\d+) threads before (\\d+) after (\\d+) role MASTER");

    @Test
    void advertsKeepTheirIntervalAndThreadsTheirNumber() throws Exception {
        try (Lan lan = Lan.open()) {
            Host host = lan.host("loaded");
            host.run("ip", "link", "set", "lo", "up");
            String classes = Path.of(HealthLoad.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
            String jar = System.getProperty("floatingip.jar", "examples/standalone/target/floatingip.jar");
            Running loaded = host.start(
                    "loaded",
                    List.of(
                            System.getProperty("java.home") + "/bin/java",
                            "-Xmx256m",
                            "-cp",
                            classes + ":" + jar,
                            HealthLoad.class.getName(),
                            Integer.toString(SECONDS)));
            loaded.awaitLine("steady", Duration.ofSeconds(40));
            try (Capture capture = lan.capture("load")) {
                loaded.awaitLine("runs ", Duration.ofSeconds(SECONDS + 20));
                List<Double> intervals = intervalsMillis(capture.stop().adverts());
                Matcher end = END.matcher(loaded.lines().stream()
                        .map(Running.Line::text)
                        .filter(text -> text.startsWith("runs "))
                        .findFirst()
                        .orElse(""));
                System.out.println(end + "; intervals " + intervals.size() + ", "
                        + intervals.stream().mapToDouble(d -> d).summaryStatistics());
                assertThat(end.matches()).isTrue();
                assertThat(Long.parseLong(end.group(1))).isGreaterThan(SECONDS * 950L);
                assertThat(end.group(2)).isEqualTo("0");
                assertThat(end.group(4)).isEqualTo(end.group(3));
                assertThat(intervals)
                        .hasSizeGreaterThan(SECONDS * 9)
                        .allSatisfy(each -> assertThat(each).isBetween(80.0, 120.0));
            }
        }
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
