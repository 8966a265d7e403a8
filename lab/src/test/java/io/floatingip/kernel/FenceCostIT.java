package io.floatingip.kernel;

import static io.floatingip.kernel.Puppet.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the fence costs: two hosts that differ in it alone, measured in turn, each pair of neighbouring measurements compared. To the floating
 * address, which is guarded, and to the host's own, which is not. Wants an otherwise idle machine.
 */
@Tag("kernel")
@Tag("timing")
@Tag("long")
class FenceCostIT {
    private static final String BARE = "10.99.0.67";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int ROUNDS = 20;
    private static final int ROUND_MILLIS = 300;

    @ParameterizedTest
    @CsvSource({ADDRESS + "," + BARE, "10.99.0.1,10.99.0.2"})
    void theFenceCostsLessThan3PercentOfThroughput(String fenced, String bare) {
        try (Lan lan = Lan.open()) {
            Host a = lan.host("a");
            Host b = lan.host("b");
            start(a).awaitLine("bound", SOON);
            start(b).awaitLine("bound", SOON);
            Puppet.join(a, "interval=100");
            Puppet.join(b, "interval=100", "fence=NONE", "vrid=53", "address=" + BARE + "/32");
            a.awaitHolds(ADDRESS, true, SOON);
            b.awaitHolds(BARE, true, SOON);
            assertThat(b.run("nft", "list", "ruleset")).isEmpty();

            Running client =
                    start(lan.host("client"), Integer.toString(ROUNDS), Integer.toString(ROUND_MILLIS), fenced, bare);
            client.awaitLine("done", Duration.ofMinutes(3));
            for (Traffic.Kind kind : Traffic.Kind.values()) {
                double cost = report(client.lines(), kind, fenced);
                if (kind != Traffic.Kind.DATAGRAMS) {
                    assertThat(cost).as(kind + " to " + fenced).isLessThan(3.0);
                }
            }
        }
    }

    /** Prints the medians and returns the median cost in percent. */
    private static double report(List<Running.Line> lines, Traffic.Kind kind, String target) {
        List<double[]> pairs = lines.stream()
                .map(line -> line.text().split(" "))
                .filter(words -> words[0].equals(kind.name()))
                .map(words -> new double[] {Double.parseDouble(words[1]), Double.parseDouble(words[2])})
                .toList();
        double cost =
                median(pairs.stream().map(pair -> (1 - pair[0] / pair[1]) * 100).toList());
        System.out.println(String.format(
                Locale.ROOT,
                "%-9s to %-10s: %,.0f/s with the fence, %,.0f/s without; median of %d pairs: %.1f %% less",
                kind,
                target,
                median(pairs.stream().map(pair -> pair[0]).toList()),
                median(pairs.stream().map(pair -> pair[1]).toList()),
                pairs.size(),
                cost));
        return cost;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static Running start(Host host, String... arguments) {
        String tests = Traffic.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                tests,
                Traffic.class.getName()));
        command.addAll(List.of(arguments));
        return host.start("traffic", command);
    }
}
