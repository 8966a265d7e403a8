package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import io.floatingip.TrackedInterface;
import io.floatingip.health.HealthCheck;
import io.floatingip.health.HealthChecks;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.HealthState;
import io.floatingip.lab.Capture;
import io.floatingip.lab.Host;
import io.floatingip.lab.Keepalived;
import io.floatingip.lab.Lan;
import io.floatingip.simulation.SimHost;
import io.floatingip.simulation.SimLan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What checks do to the priority: the same table given to keepalived, whose adverts are read off the wire, and to us. Scripts give the results that
 * are listed, one a second, '+' and '-', and then none any more.
 */
@Tag("kernel")
@Tag("once")
@Tag("keepalived")
class KeepalivedArithmeticIT {
    private static final List<Case> CASES = List.of(
            of("positive weight, good", 100, 110, script(10, "+")),
            of("positive weight, bad", 100, 100, script(10, "-")),
            of("positive weight, unknown", 100, 100, script(10, "")),
            of("negative weight, good", 100, 100, script(-10, "+")),
            of("negative weight, bad", 100, 90, script(-10, "-")),
            of("negative weight, unknown", 100, 100, script(-10, "")),
            of("no weight, good", 100, 100, script(0, "+")),
            of("no weight, bad", 100, 0, script(0, "-")),
            of("no weight, unknown", 100, 0, script(0, "")),
            of("positive weight reversed, good", 100, 90, script(10, "+").reversed()),
            of("positive weight reversed, bad", 100, 100, script(10, "-").reversed()),
            of("negative weight reversed, good", 100, 100, script(-10, "+").reversed()),
            of("negative weight reversed, bad", 100, 110, script(-10, "-").reversed()),
            of("no weight reversed, good", 100, 0, script(0, "+").reversed()),
            of("no weight reversed, bad", 100, 100, script(0, "-").reversed()),
            of("not above 254", 200, 254, script(100, "+")),
            of("not below 1", 50, 1, script(-100, "-")),
            of("only the sum is bounded", 200, 201, script(253, "+"), script(-252, "-")),
            of("the first success counts at once", 100, 110, script(10, "+").rise(3)),
            of("the first failure counts at once", 100, 90, script(-10, "-").fall(3)),
            of("too few successes to rise", 100, 100, script(10, "-++").rise(3)),
            of("enough successes to rise", 100, 110, script(10, "-+++").rise(3)),
            of("a failure begins the rise anew", 100, 100, script(10, "-++-++").rise(3)),
            of("too few failures to fall", 100, 100, script(-10, "+--").fall(3)),
            of("enough failures to fall", 100, 90, script(-10, "+---").fall(3)),
            of("a success begins the fall anew", 100, 100, script(-10, "+--+--").fall(3)),
            of("assumed bad, positive weight", 100, 100, script(10, "").assumedBad()),
            of("assumed bad, negative weight", 100, 100, script(-10, "").assumedBad()),
            of(
                    "assumed bad, one success of two",
                    100,
                    100,
                    script(-10, "+").rise(2).assumedBad()),
            of("assumed bad, two successes", 100, 100, script(-10, "++").rise(2).assumedBad()),
            of("assumed bad, and bad", 100, 90, script(-10, "--").assumedBad()),
            of("assumed bad without weight", 100, 0, script(0, "").assumedBad()),
            of("a number times its weight", 100, 140, file(2, "20")),
            of("a number times a negative weight", 100, 60, file(-2, "20")),
            of("a number reversed", 100, 80, file(1, "20").reversed()),
            of("a hexadecimal number", 100, 116, file(1, "0x10")),
            of("a large number", 1, 254, file(1, "300")),
            of("a number that takes everything", 100, 0, file(1, "-254")),
            of("a number that takes nearly everything", 254, 1, file(1, "-253")),
            of("no weight, not 0", 100, 0, file(0, "5")),
            of("no weight, 0", 100, 100, file(0, "0")),
            of("no weight reversed, not 0", 100, 100, file(0, "5").reversed()),
            of("interface up", 100, 120, link(20, true)),
            of("interface down", 100, 80, link(-20, false)),
            of("interface down, positive weight", 100, 100, link(20, false)),
            of("interface up, reversed", 100, 80, link(20, true).reversed()),
            of("interface down, reversed", 100, 120, link(-20, false).reversed()),
            of("interface down without weight", 100, 0, link(0, false)),
            of("interface up without weight, reversed", 100, 0, link(0, true).reversed()));

    @TempDir
    Path directory;

    /** {@code expected} 0: says nothing. */
    private record Case(String name, int base, int expected, List<Tracker> trackers) {}

    private static Case of(String name, int base, int expected, Tracker... trackers) {
        return new Case(name, base, expected, List.of(trackers));
    }

    private enum Kind {
        SCRIPT,
        FILE,
        LINK
    }

    /** {@code given}: a script's results, a file's content, a link's state. */
    private record Tracker(Kind kind, int weight, String given, boolean reverse, int rise, int fall, boolean bad) {
        Tracker reversed() {
            return new Tracker(kind, weight, given, true, rise, fall, bad);
        }

        Tracker rise(int count) {
            return new Tracker(kind, weight, given, reverse, count, fall, bad);
        }

        Tracker fall(int count) {
            return new Tracker(kind, weight, given, reverse, rise, count, bad);
        }

        Tracker assumedBad() {
            return new Tracker(kind, weight, given, reverse, rise, fall, true);
        }

        String weightText() {
            return "weight " + weight + (reverse ? " reverse" : "");
        }
    }

    private static Tracker script(int weight, String results) {
        return new Tracker(Kind.SCRIPT, weight, results, false, 1, 1, false);
    }

    private static Tracker file(int weight, String content) {
        return new Tracker(Kind.FILE, weight, content, false, 1, 1, false);
    }

    private static Tracker link(int weight, boolean up) {
        return new Tracker(Kind.LINK, weight, up ? "up0" : "down0", false, 1, 1, false);
    }

    @Test
    void weAdvertiseWhatKeepalivedAdvertises() throws Exception {
        Map<String, Integer> expected = new LinkedHashMap<>();
        CASES.forEach(each -> expected.put(each.name(), each.expected()));
        assertThat(ours()).as("ours").containsExactlyEntriesOf(expected);
        assertThat(keepalived()).as("keepalived").containsExactlyEntriesOf(expected);
    }

    // -------------------------------------------------------------------------------------------------------
    // keepalived

    private Map<String, Integer> keepalived() throws Exception {
        Map<String, Integer> advertised = new LinkedHashMap<>();
        CASES.forEach(each -> advertised.put(each.name(), 0));
        try (Lan lan = Lan.open()) {
            Host host = lan.host("ka");
            host.sh("ip link add up0 type veth peer name up1 && ip link set up0 up && ip link set up1 up"
                    + " && ip link add down0 type veth peer name down1");
            Path config = Files.writeString(directory.resolve("keepalived.conf"), config());
            Keepalived.run(host, config, host.name());
            // The longest list of results, and the time it takes to become master after that.
            TimeUnit.SECONDS.sleep(13);
            try (Capture capture = lan.capture("arithmetic")) {
                TimeUnit.SECONDS.sleep(3);
                for (Capture.Advert advert : capture.stop().adverts()) {
                    advertised.put(CASES.get(advert.vrid() - 1).name(), advert.priority());
                }
            }
        }
        return advertised;
    }

    private String config() throws IOException {
        Path runner = Files.writeString(directory.resolve("run"), """
                result=$(head -n 1 "$1")
                [ -n "$result" ] || exec sleep 100
                sed -i 1d "$1"
                [ "$result" = + ]
                """);
        StringBuilder text = new StringBuilder("global_defs {\n script_user root\n}\n");
        StringBuilder instances = new StringBuilder();
        for (int i = 0; i < CASES.size(); i++) {
            Case each = CASES.get(i);
            StringBuilder scripts = new StringBuilder();
            StringBuilder files = new StringBuilder();
            StringBuilder links = new StringBuilder();
            for (int j = 0; j < each.trackers().size(); j++) {
                Tracker tracker = each.trackers().get(j);
                String name = "t" + i + "_" + j;
                Path data = directory.resolve(name);
                switch (tracker.kind()) {
                    case SCRIPT -> {
                        Files.writeString(
                                data, String.join("\n", tracker.given().split("")) + "\n");
                        text.append(
                                "vrrp_script %s {\n script \"/bin/sh %s %s\"\n interval 1\n timeout 100\n rise %d\n fall %d\n %s\n%s}\n"
                                        .formatted(
                                                name,
                                                runner,
                                                data,
                                                tracker.rise(),
                                                tracker.fall(),
                                                tracker.weightText(),
                                                tracker.bad() ? " init_fail\n" : ""));
                        scripts.append("  ").append(name).append('\n');
                    }
                    case FILE -> {
                        Files.writeString(data, tracker.given() + "\n");
                        text.append(
                                "vrrp_track_file %s {\n file %s\n %s\n}\n".formatted(name, data, tracker.weightText()));
                        files.append("  ").append(name).append('\n');
                    }
                    case LINK ->
                        links.append("  ")
                                .append(tracker.given())
                                .append(' ')
                                .append(tracker.weightText())
                                .append('\n');
                }
            }
            instances.append(
                    "vrrp_instance i%d {\n state BACKUP\n interface eth0\n virtual_router_id %d\n priority %d\n advert_int 1\n virtual_ipaddress {\n  10.99.1.%d/32 dev eth0\n }\n"
                            .formatted(i, i + 1, each.base(), i + 1));
            block(instances, "track_script", scripts);
            block(instances, "track_file", files);
            block(instances, "track_interface", links);
            instances.append("}\n");
        }
        return text.append(instances).toString();
    }

    private static void block(StringBuilder to, String name, StringBuilder content) {
        if (!content.isEmpty()) {
            to.append(' ').append(name).append(" {\n").append(content).append(" }\n");
        }
    }

    // -------------------------------------------------------------------------------------------------------------
    // ours

    private Map<String, Integer> ours() throws IOException {
        Map<String, Integer> advertised = new LinkedHashMap<>();
        for (int i = 0; i < CASES.size(); i++) {
            Case each = CASES.get(i);
            SimLan lan = SimLan.withSeed(1);
            SimHost host = lan.host("10.0.0.1").withInterface("up0", "10.1.0.1").withInterface("down0", "10.2.0.1");
            host.linkDown("down0");
            FloatingIp joined = FloatingIp.join(config(each, i, host));
            int results = each.trackers().stream()
                    .mapToInt(t -> t.kind() == Kind.SCRIPT ? t.given().length() : 1)
                    .max()
                    .orElseThrow();
            if (results > 0) {
                // The first at once, the others every second; not one more.
                lan.runFor(Duration.ofMillis(1000L * results - 500));
            }
            advertised.put(
                    each.name(),
                    joined.role() == Role.FAULT ? 0 : joined.status().effectivePriority());
        }
        return advertised;
    }

    private FloatingIpConfig config(Case each, int number, SimHost host) throws IOException {
        FloatingIpConfig.Builder config = FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(number + 1)
                .priority(each.base())
                .address("10.0.0.10")
                .network(host.network());
        List<TrackedInterface> links = new ArrayList<>();
        for (int j = 0; j < each.trackers().size(); j++) {
            Tracker tracker = each.trackers().get(j);
            HealthPolicy policy =
                    tracker.weight() == 0 ? HealthPolicy.release() : HealthPolicy.weight(tracker.weight());
            policy = policy.rise(tracker.rise()).fall(tracker.fall());
            policy = tracker.reverse() ? policy.reversed() : policy;
            policy = tracker.bad() ? policy.initially(HealthState.UNHEALTHY) : policy;
            switch (tracker.kind()) {
                case SCRIPT -> config.check("script " + j, scripted(tracker.given()), policy);
                case FILE -> {
                    Path data = Files.writeString(directory.resolve("ours" + number + "_" + j), tracker.given() + "\n");
                    config.check("file " + j, HealthChecks.file(data), policy);
                }
                case LINK -> links.add(new TrackedInterface(tracker.given(), tracker.weight(), tracker.reverse()));
            }
        }
        return config.trackedInterfaces(links).build();
    }

    private static HealthCheck scripted(String results) {
        Queue<Character> left = new ArrayDeque<>();
        results.chars().forEach(c -> left.add((char) c));
        return () -> left.remove() == '+';
    }
}
