package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.floatingip.lab.Capture;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Metronome;
import io.floatingip.lab.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** 255 virtual routers on one interface in one JVM, every 100 ms, and a second JVM that is backup of all. */
@Tag("kernel")
@Tag("once")
@Tag("timing")
class ManyRoutersIT {
    private static final int INTERVAL_MILLIS = 100;
    private static final int LOW = 100;
    private static final Duration MASTER_DOWN =
            Duration.ofNanos(INTERVAL_MILLIS * 1_000_000L * (3 * 256 + 256 - LOW) / 256);
    private static final Duration SOON = Duration.ofSeconds(40);
    /** A real minute, and what else is looked at if the machine had something else to do in it. */
    private static final List<Duration> QUIET =
            List.of(Duration.ofSeconds(60), Duration.ofSeconds(20), Duration.ofSeconds(20));

    /** The most that the machine's own lateness may excuse: short of an advert that is missing. */
    private static final Duration LATE_MAX = Duration.ofMillis(80);

    private record Change(int vrid, String role, long atNanos) {}

    @Test
    void keepTheirMasterInQuietAndMoveTogetherWhenItIsKilled() {
        try (Lan lan = Lan.open()) {
            // First, so that it has been master of all before: what Java does slowly is what it does for the first
            // time.
            Host b = lan.host("b");
            Running backup = start(b, LOW);
            awaitAll(backup, "MASTER");
            int backupSaid = backup.lines().size();
            Running master = start(lan.host("a"), 200);
            awaitAll(master, "MASTER");
            awaitAll(backup, "BACKUP", backupSaid);
            assertQuiet(lan, List.of(master, backup));

            backupSaid = backup.lines().size();
            Metronome metronome = new Metronome(Duration.ofMillis(10));
            long killedAt = master.kill();
            awaitAll(backup, "MASTER", backupSaid);
            metronome.close();
            Duration allowed = MASTER_DOWN.plusMillis(100).plus(metronome.latest());
            List<Duration> moved = changes(backup, backupSaid).stream()
                    .map(change -> Duration.ofNanos(change.atNanos() - killedAt))
                    .sorted()
                    .toList();
            System.out.println("moved after " + moved.get(0) + " to " + moved.get(moved.size() - 1) + ", allowed "
                    + allowed + ", of which the machine was late by " + metronome.latest());
            assertThat(moved).hasSize(ManyRouters.COUNT);
            assertThat(moved.get(moved.size() - 1)).isLessThanOrEqualTo(allowed);
            assertThat(b.addresses()).contains(ManyRouters.address(1), ManyRouters.address(ManyRouters.COUNT));
        }
    }

    /**
     * None changes hands, ever. How regular adverts are is a claim about an idle machine: where others compute too, nobody wakes up in time. What a
     * metronome that only waits is late by is allowed on top, within bounds, and one of three windows has to do.
     */
    private static void assertQuiet(Lan lan, List<Running> processes) {
        List<String> windows = new ArrayList<>();
        for (int window = 0; window < QUIET.size(); window++) {
            Duration quiet = QUIET.get(window);
            int adverts = (int) (quiet.toMillis() / INTERVAL_MILLIS) * ManyRouters.COUNT;
            List<Integer> said =
                    processes.stream().map(each -> each.lines().size()).toList();
            try (Capture capture = lan.captureAdverts("window-" + window, adverts);
                    Metronome metronome = new Metronome(Duration.ofMillis(INTERVAL_MILLIS))) {
                Duration gap =
                        longestGap(capture.awaitEnd(quiet.multipliedBy(2)).adverts());
                Duration machine = metronome.latest();
                int changes = 0;
                for (int i = 0; i < processes.size(); i++) {
                    changes += changes(processes.get(i), said.get(i)).size();
                }
                windows.add(changes + " changes, longest gap between adverts of one router " + gap
                        + ", the machine itself late by " + machine);
                System.out.println(windows.get(window));
                assertThat(changes).as(windows.get(window)).isZero();
                Duration excused = machine.compareTo(LATE_MAX) < 0 ? machine : LATE_MAX;
                if (gap.compareTo(Duration.ofMillis(INTERVAL_MILLIS * 6 / 5).plus(excused)) <= 0) {
                    return;
                }
            }
        }
        fail(String.join("; ", windows));
    }

    private static Duration longestGap(List<Capture.Advert> adverts) {
        Map<Integer, Long> last = new LinkedHashMap<>();
        long longest = 0;
        for (Capture.Advert advert : adverts) {
            Long before = last.put(advert.vrid(), advert.atNanos());
            longest = Math.max(longest, before == null ? 0 : advert.atNanos() - before);
        }
        assertThat(last).hasSize(ManyRouters.COUNT);
        return Duration.ofNanos(longest);
    }

    private static Running start(Host host, int priority) {
        Running running = host.start(
                "many",
                List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xshare:auto",
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyRouters.class.getName(),
                        Integer.toString(priority),
                        Integer.toString(INTERVAL_MILLIS)));
        running.awaitLine("^joined", SOON);
        return running;
    }

    private static void awaitAll(Running running, String role) {
        awaitAll(running, role, 0);
    }

    private static void awaitAll(Running running, String role, int from) {
        Lan.await(
                SOON,
                () -> changes(running, from).stream()
                                .filter(change -> change.role().equals(role))
                                .map(Change::vrid)
                                .distinct()
                                .count()
                        == ManyRouters.COUNT,
                () -> "not all are " + role + "\n" + running.tail());
    }

    private static List<Change> changes(Running running, int from) {
        List<Running.Line> lines = running.lines();
        return lines.subList(from, lines.size()).stream()
                .map(line -> line.text().split(" "))
                .filter(words -> words.length == 3 && words[0].matches("\\d+"))
                .map(words -> new Change(Integer.parseInt(words[0]), words[1], Long.parseLong(words[2])))
                .toList();
    }
}
