package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Running;
import io.floatingip.lab.SpringApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The Spring Boot example on two hosts, and in hosts where it cannot start. */
@Tag("kernel")
@Tag("timing")
@Tag("once")
class SpringIT {
    private static final String ADDRESS = SpringApp.ADDRESS;
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void restartingTheActiveApplicationLosesNoRequest() {
        try (Lan lan = Lan.open()) {
            Host a = lan.host("a");
            Host b = lan.host("b");
            Host clientHost = lan.host("client");
            Running master = SpringApp.start(a, 200);
            Running backup = SpringApp.start(b, 100);
            a.awaitHolds(ADDRESS, true, SOON);
            master.awaitLine("-> MASTER", SOON);
            backup.awaitLine("-> BACKUP", SOON);
            Running client = SpringApp.ask(clientHost, "/where");
            client.awaitLine("^\\d+ a$", SOON);

            master.terminate();
            assertThat(master.awaitExit(SOON)).isEqualTo(143);
            b.awaitHolds(ADDRESS, true, SOON);
            client.awaitLine("^\\d+ b$", SOON);
            int said = client.lines().size();
            SpringApp.start(a, 200).awaitLine("-> MASTER", SOON);
            b.awaitHolds(ADDRESS, false, SOON);
            client.awaitLine("^\\d+ a$", SOON, said);

            client.say("stop");
            Matcher asked = Pattern.compile("asked (\\d+), twice (\\d+)")
                    .matcher(client.awaitLine("^asked ", SOON).text());
            assertThat(asked.find()).isTrue();
            List<String> lost = client.lines().stream()
                    .map(Running.Line::text)
                    .filter(line -> line.contains("lost"))
                    .toList();
            System.out.println("restart of the active application: " + asked.group(1) + " requests, one each 5 ms, "
                    + lost.size() + " lost, " + asked.group(2) + " asked again because their connection broke");
            assertThat(lost).as(lan.tails()).isEmpty();
        }
    }

    @Test
    void saysWhatIsMissingAndLeavesNothingBehind() {
        try (Lan lan = Lan.open()) {
            Host host = lan.host("a");
            Host other = lan.host("b");
            String before = state(host) + state(other);
            Running unprivileged = host.start(
                    "application",
                    SpringApp.command(
                            List.of("setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw", "--"), host, 100));
            List<String> wrong = new ArrayList<>(SpringApp.command(List.of(), other, 100));
            wrong.add("--floatingip.interface=eth7");
            Running elsewhere = other.start("application", wrong);

            assertThat(unprivileged.awaitExit(SOON)).isEqualTo(1);
            assertThat(text(unprivileged))
                    .contains("APPLICATION FAILED TO START")
                    .contains("This process lacks CAP_NET_RAW")
                    .contains("AmbientCapabilities=", "docker:", "setpriv", "floatingip.network=simulated");
            assertThat(elsewhere.awaitExit(SOON)).isEqualTo(1);
            assertThat(text(elsewhere))
                    .contains("There is no interface eth7")
                    .contains("Set floatingip.interface to one of: ")
                    .contains("eth0");
            assertThat(state(host) + state(other)).isEqualTo(before);
        }
    }

    /** Each by what is said of it; on top of the example's own three right properties, on the first host of a LAN. */
    private static final Map<String, List<String>> WRONG = new LinkedHashMap<>();

    static {
        WRONG.put(
                "floatingip.virtual-router-id must be a whole number, 1 to 255",
                List.of("--floatingip.virtual-router-id=many"));
        WRONG.put("floatingip.advert-interval must be 10 ms to 40.95 s", List.of("--floatingip.advert-interval=5ms"));
        WRONG.put("floatingip.adresses", List.of("--floatingip.adresses=10.99.0.67"));
        WRONG.put("There is no interface eth7", List.of("--floatingip.interface=eth7"));
        // Found out with the second family, when the sockets of the first are open.
        WRONG.put(
                "fd99:0:0:0:0:0:0:1/64 is on eth0 of this host already",
                List.of("--floatingip.addresses=" + ADDRESS + "/24,fd99::1/64"));
    }

    @Test
    void aWrongConfigurationFailsWithinASecondOfTheRefreshAndLeavesNothing() {
        try (Lan lan = Lan.open()) {
            Host host = lan.host("a");
            String before = state(host);
            List<Long> millis = new ArrayList<>();
            WRONG.forEach((description, properties) -> {
                List<String> command = new ArrayList<>(SpringApp.command(List.of(), host, 100));
                // The time that a web server takes to start is its own.
                command.add("--spring.main.web-application-type=none");
                command.addAll(properties);
                Running application = host.start("application", command);
                assertThat(application.awaitExit(SOON)).isEqualTo(1);
                assertThat(text(application))
                        .containsSubsequence("APPLICATION FAILED TO START", "Description:", "Action:")
                        .contains(description);
                assertThat(state(host)).as(description).isEqualTo(before);
                // Logged before the context is refreshed, and after it has failed: the time between is a little longer.
                long began = application.awaitLine("Starting Application", SOON).atNanos();
                long failed = application
                        .awaitLine("APPLICATION FAILED TO START", SOON)
                        .atNanos();
                millis.add((failed - began) / 1_000_000);
            });
            System.out.println(
                    "from the beginning of the refresh to the failure, in a new JVM each: " + millis + " ms");
            assertThat(millis.stream().sorted().toList().get(millis.size() / 2))
                    .as("the median of %s ms", millis)
                    .isLessThan(1000);
        }
    }

    private static String text(Running process) {
        return String.join(
                "\n", process.lines().stream().map(Running.Line::text).toList());
    }

    private static String state(Host host) {
        return host.run("ip", "-o", "addr") + host.run("nft", "list", "ruleset");
    }
}
