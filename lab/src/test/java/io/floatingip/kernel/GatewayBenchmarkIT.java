package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Nginx;
import io.floatingip.lab.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What goes through the gateway and through nginx as a proxy, each on its own host of a LAN inside this machine, on the same cores as wrk and the upstream,
 * one after the other. {@code -Dgateway.seconds} is the length of each measurement, {@code -Dgateway.minutes} that of the memory's.
 */
@Tag("kernel")
@Tag("timing")
@Tag("once")
@Tag("long")
@Tag("nginx")
class GatewayBenchmarkIT {
    private static final int SECONDS = Integer.getInteger("gateway.seconds", 10);
    private static final int MINUTES = Integer.getInteger("gateway.minutes", 10);
    private static final int ROUNDS = 3;
    private static final Map<String, Integer> FILES = Map.of("small", 128, "megabyte", 1 << 20);

    @Test
    void printsThroughputAndLatencyBesideNginx() throws IOException {
        try (Lan lan = Lan.open()) {
            Host gateway = lan.host("gateway");
            Host nginx = lan.host("nginx");
            Host servers = lan.host("servers");
            Host client = lan.host("client");
            Nginx.serve(lan, servers, 8080, FILES);
            new Nginx(List.of("80"), List.of(servers.ipv4() + ":8080"), 2).start(lan, nginx);
            gateway(lan, gateway, servers);
            StringBuilder table = new StringBuilder();
            row(table, "64 connections", "requests/s", "median ms", "p99 ms");
            for (String body : List.of("small", "megabyte")) {
                // A JVM needs some seconds until its code is compiled.
                wrk(client, gateway, body, SECONDS + 10);
                List<Rate> ours = new ArrayList<>();
                List<Rate> theirs = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                    ours.add(wrk(client, gateway, body));
                    theirs.add(wrk(client, nginx, body));
                }
                add(table, body + ", " + FILES.get(body) + " bytes", Rate.middle(ours), Rate.middle(theirs));
                assertThat(ours).allSatisfy(rate -> assertThat(rate.errors()).isEmpty());
            }
            System.out.print(table);
        }
    }

    @Test
    void needsNoMoreMemoryAfterTenMinutes() throws IOException {
        try (Lan lan = Lan.open()) {
            Host host = lan.host("gateway");
            Host servers = lan.host("servers");
            Host client = lan.host("client");
            Nginx.serve(lan, servers, 8080, FILES);
            Running gateway = gateway(lan, host, servers);
            List<Long> kilobytes = new ArrayList<>();
            StringBuilder table = new StringBuilder();
            row(table, "memory of the gateway", "minutes", "MB");
            for (int part = 0; part < 10; part++) {
                wrk(client, host, part % 2 == 0 ? "small" : "megabyte", MINUTES * 6);
                kilobytes.add(resident(gateway));
                row(table, "", (part + 1) * MINUTES / 10.0, kilobytes.get(part) / 1024);
            }
            System.out.print(table);
            // Heap and pools are as large as they get when both sizes have had their turns.
            assertThat(kilobytes.get(9)).isLessThan(kilobytes.get(3) * 115 / 100);
        }
    }

    /** A plain proxy: what is measured has nothing to do with who has the address. */
    private static Running gateway(Lan lan, Host host, Host servers) throws IOException {
        Path file = lan.directory().resolve("gateway.yaml");
        Files.writeString(file, """
                listeners: [{address: "%s:80"}]
                services: {web: {upstreams: ["%s:8080"]}}
                status: {}
                """.formatted(host.ipv4(), servers.ipv4()));
        Running gateway = host.start(
                "gateway",
                List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx256m",
                        "-jar",
                        System.getProperty("gateway.jar"),
                        file.toString()));
        gateway.awaitLine("status page: ", Duration.ofSeconds(30));
        return gateway;
    }

    private static long resident(Running process) throws IOException {
        Matcher matcher = Pattern.compile("VmRSS:\\s+(\\d+) kB")
                .matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    /** @param errors what wrk says of them; empty if there were none */
    private record Rate(double perSecond, double medianMillis, double p99Millis, String errors) {
        static Rate middle(List<Rate> rates) {
            return rates.stream()
                    .sorted((one, other) -> Double.compare(one.perSecond(), other.perSecond()))
                    .toList()
                    .get(rates.size() / 2);
        }
    }

    private static Rate wrk(Host client, Host proxy, String body) {
        return wrk(client, proxy, body, SECONDS);
    }

    private static Rate wrk(Host client, Host proxy, String body, int seconds) {
        Running wrk = client.start(
                "wrk",
                List.of(
                        "wrk",
                        "-t1",
                        "-c64",
                        "-d" + seconds + "s",
                        "--latency",
                        "http://" + proxy.ipv4() + "/" + body));
        assertThat(wrk.awaitExit(Duration.ofSeconds(seconds + 30)))
                .as(wrk.tail())
                .isZero();
        String said =
                String.join("\n", wrk.lines().stream().map(Running.Line::text).toList());
        Matcher errors = Pattern.compile("(Socket errors|Non-2xx).*").matcher(said);
        return new Rate(
                Double.parseDouble(first(said, "Requests/sec:\\s+([\\d.]+)")),
                millis(first(said, "(?m)^\\s*50%\\s+(\\S+)")),
                millis(first(said, "(?m)^\\s*99%\\s+(\\S+)")),
                errors.find() ? errors.group() : "");
    }

    private static String first(String text, String regex) {
        Matcher matcher = Pattern.compile(regex).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    private static double millis(String time) {
        double number = Double.parseDouble(time.replaceAll("[a-z]+", ""));
        return time.endsWith("us") ? number / 1000 : time.endsWith("ms") ? number : number * 1000;
    }

    private static void add(StringBuilder table, String body, Rate ours, Rate theirs) {
        row(table, body + ": gateway", number(ours.perSecond()), ours.medianMillis(), ours.p99Millis());
        row(table, body + ": nginx", number(theirs.perSecond()), theirs.medianMillis(), theirs.p99Millis());
        row(
                table,
                body + ": gateway/nginx",
                ours.perSecond() / theirs.perSecond(),
                ours.medianMillis() / theirs.medianMillis(),
                ours.p99Millis() / theirs.p99Millis());
    }

    private static void row(StringBuilder table, String what, Object... cells) {
        table.append("%-40s".formatted(what));
        for (Object cell : cells) {
            String text = cell instanceof Double figure ? String.format(Locale.ROOT, "%.2f", figure) : cell.toString();
            table.append("%13s".formatted(text));
        }
        table.append('\n');
    }

    private static String number(double figure) {
        return String.format(Locale.ROOT, "%.0f", figure);
    }
}
