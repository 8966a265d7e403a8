package io.floatingip.kernel;

import static io.floatingip.kernel.Puppet.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the fence costs: one host, asked at the floating address, which is guarded, and at its own, which is not, while its process joins with the
 * fence and without in turn. Each measurement is compared with the mean of the ones before and after it, so that what else changes on the machine
 * falls out. Wants an otherwise idle one.
 */
@Tag("kernel")
@Tag("timing")
@Tag("long")
class FenceCostIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int TURNS = Integer.getInteger("fence.turns", 120);
    private static final int MILLIS = 200;

    /** What is compared: a kind of traffic to an address. */
    private record Series(Traffic.Kind kind, String target) {}

    @Test
    void theFenceCostsLessThan3PercentOfThroughputAndRequests() {
        assumeThat(Runtime.getRuntime().availableProcessors()).isGreaterThan(1);
        try (Lan lan = Lan.open()) {
            Host host = lan.host("a");
            start(0, host, "serve", ADDRESS, host.ipv4()).awaitLine("bound", SOON);
            Puppet node = Puppet.join(host, words(true));
            Running client = start(1, lan.host("client"), Integer.toString(MILLIS), ADDRESS, host.ipv4());
            client.awaitLine("asking", SOON);
            turn(host, node, client, true);
            turn(host, node, client, false);

            Map<Series, List<Double>> rates = new LinkedHashMap<>();
            for (int i = 0; i < TURNS; i++) {
                turn(host, node, client, i % 2 == 0)
                        .forEach((series, rate) -> rates.computeIfAbsent(series, any -> new ArrayList<>())
                                .add(rate));
            }
            Map<Series, Cost> costs = new LinkedHashMap<>();
            rates.forEach((series, all) -> costs.put(series, cost(all)));
            costs.forEach((series, cost) -> report(series, rates.get(series), cost));
            // Datagrams of 64 bytes that are echoed as fast as can be are nothing but hooks: reported, not judged.
            costs.keySet().removeIf(series -> series.kind() == Traffic.Kind.DATAGRAMS);
            assertThat(costs).allSatisfy((series, cost) -> {
                assertThat(cost.give())
                        .as("exact enough to judge; the machine has to be idle")
                        .isLessThan(3.0);
                assertThat(cost.percent() - cost.give()).isLessThan(3.0);
            });
        }
    }

    /** Joins anew, with the fence or without, and has everything measured once. */
    private static Map<Series, Double> turn(Host host, Puppet node, Running client, boolean fenced) {
        int said = node.linesSoFar();
        node.say("join " + String.join(" ", words(fenced)));
        node.await("joined", said);
        node.await("-> MASTER", said);
        host.awaitHolds(ADDRESS, true, SOON);
        assertThat(host.run("nft", "list", "ruleset").contains("guard-4-52")).isEqualTo(fenced);
        int answered = client.lines().size();
        client.say("measure");
        client.awaitLine("done", SOON, answered);
        Map<Series, Double> rates = new LinkedHashMap<>();
        for (Running.Line line : client.lines().subList(answered, client.lines().size() - 1)) {
            String[] words = line.text().split(" ");
            rates.put(new Series(Traffic.Kind.valueOf(words[0]), words[1]), Double.parseDouble(words[2]));
        }
        return rates;
    }

    private static String[] words(boolean fenced) {
        return new String[] {"interval=100", "priority=254", "fence=" + (fenced ? "AUTO" : "NONE")};
    }

    /** The median, and half the notch of a box plot: where the median of another run would be, 95 times in 100. */
    private record Cost(double percent, double give) {}

    /** Of rates with the fence and without in turn. */
    private static Cost cost(List<Double> rates) {
        double[] costs = new double[rates.size() - 2];
        for (int i = 1; i < rates.size() - 1; i++) {
            double neighbours = (rates.get(i - 1) + rates.get(i + 1)) / 2;
            boolean fenced = i % 2 == 0;
            costs[i - 1] = 100 * (1 - (fenced ? rates.get(i) / neighbours : neighbours / rates.get(i)));
        }
        double give = 1.57 * (quantile(costs, 0.75) - quantile(costs, 0.25)) / Math.sqrt(costs.length);
        return new Cost(quantile(costs, 0.5), give);
    }

    private static void report(Series series, List<Double> rates, Cost cost) {
        System.out.println(String.format(
                Locale.ROOT,
                "%-9s to %-10s: %,.0f/s with the fence, %,.0f/s without; %.1f %% less, give or take %.1f",
                series.kind(),
                series.target(),
                every(rates, 0),
                every(rates, 1),
                cost.percent(),
                cost.give()));
    }

    /** The median of every other rate. */
    private static double every(List<Double> rates, int from) {
        DoubleStream.Builder chosen = DoubleStream.builder();
        for (int i = from; i < rates.size(); i += 2) {
            chosen.add(rates.get(i));
        }
        return quantile(chosen.build().toArray(), 0.5);
    }

    private static double quantile(double[] values, double part) {
        double[] sorted = DoubleStream.of(values).sorted().toArray();
        return sorted[(int) (part * (sorted.length - 1))];
    }

    /** On this processor only: what the scheduler would do differs more from turn to turn than what is measured. */
    private static Running start(int processor, Host host, String... arguments) {
        String tests = Traffic.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        List<String> command = new ArrayList<>(List.of(
                "taskset",
                "-c",
                Integer.toString(processor),
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
