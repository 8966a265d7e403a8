package io.floatingip.kernel;

import static io.floatingip.kernel.Puppet.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Client;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Metronome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Three JVMs behind one address; the one that has it is stopped in every way there is. Every millisecond a client asks the address, and each
 * host directly at its own hardware address, whatever ARP says.
 */
abstract class FenceScenario {
    private static final Duration SOON = Duration.ofSeconds(30);
    // Far apart: at 100 ms each backup waits 35 ms longer than the one before, and so is not there yet, even if that
    // one
    // is late by more than half a garbage collection or a time slice.
    private static final int[] PRIORITIES = {240, 150, 60};

    private final Map<Host, Puppet> nodes = new HashMap<>();
    private Lan lan;
    private List<Host> hosts;
    private Client client;
    private int intervalMillis;

    /** How a node ends. */
    enum End {
        KILLED,
        FROZEN,
        HALTED,
        PAUSED,
        OUT_OF_MEMORY
    }

    @BeforeEach
    final void buildTheLan() {
        lan = Lan.open();
        hosts = List.of(lan.host("a"), lan.host("b"), lan.host("c"));
        for (Host host : hosts) {
            Client.serve(host, List.of(ADDRESS));
        }
    }

    @AfterEach
    final void takeItDown() {
        lan.close();
    }

    final void assertNoTwoHostsEverAnswerAndABackupTakesOverInTimeWhenTheMasterIs(End end, int interval) {
        intervalMillis = interval;
        hosts.forEach(this::join);
        client = Client.ask(lan.host("client"), ADDRESS, Duration.ofMillis(1), lan, hosts);
        Host master = hosts.get(0);
        long since = client.awaitAnswerFrom(master, System.nanoTime(), SOON).sentNanos();
        List<String> late = new ArrayList<>();
        List<Duration> takeovers = new ArrayList<>();
        int runs = intervalMillis <= 100 || Boolean.getBoolean("floatingip.long") ? 5 : 2;
        for (int run = 0; run < runs; run++) {
            Duration allowed = masterDown(highestPriorityBut(master)).plusMillis(50);
            Puppet stopped = nodes.get(master);
            long stoppedAt;
            long answeredAt;
            try (Metronome metronome = new Metronome(Duration.ofMillis(1))) {
                stoppedAt = stop(stopped, end);
                answeredAt =
                        client.awaitAnswerFromAnyBut(master, stoppedAt, SOON).receivedNanos();
                // Where others compute too, nobody wakes up in time.
                allowed = allowed.plus(metronome.latest());
            }
            Duration takeover = Duration.ofNanos(answeredAt - stoppedAt);
            takeovers.add(takeover);
            if (takeover.compareTo(allowed) > 0) {
                late.add("run " + run + ": " + takeover + " > " + allowed);
            }
            bringBack(master, stopped, end);
            // A better one that was late itself takes over from a worse one, preempting or not, until it has heard it.
            String holder = client.awaitAnswerFromAnyBut(master, answeredAt + 2_000_000L * intervalMillis, SOON)
                    .node();
            master = hosts.stream()
                    .filter(host -> host.name().equals(holder))
                    .findFirst()
                    .orElseThrow();
        }
        Map<Long, List<String>> twice = client.answeredTwice(since);
        System.out.println(end + " at " + intervalMillis + " ms: two hosts answered at " + twice.size() + " of "
                + client.answers(Client.ORDINARY).size() + " moments, taken over after "
                + takeovers.stream().map(Duration::toMillis).toList() + " ms, median "
                + takeovers.stream().sorted().toList().get(runs / 2).toMillis() + " ms, master-down interval "
                + masterDown(PRIORITIES[0]).toMillis() + " to "
                + masterDown(PRIORITIES[2]).toMillis() + " ms");
        assertThat(twice).as(lan.tails()).isEmpty();
        assertThat(late).as(lan.tails()).isEmpty();
    }

    /** Returns the moment when the node did its last. */
    private long stop(Puppet master, End end) {
        return switch (end) {
            case KILLED -> master.process().kill();
            case FROZEN -> master.process().freeze();
            case PAUSED -> {
                int lines = master.linesSoFar();
                master.say(
                        "pause " + masterDown(1).plusMillis(3L * intervalMillis).toMillis());
                yield master.await("pausing", lines).atNanos();
            }
            case HALTED, OUT_OF_MEMORY -> {
                long saidAt = System.nanoTime();
                master.say(end == End.HALTED ? "halt" : "exhaust");
                Lan.await(
                        SOON,
                        () -> !master.process().alive(),
                        () -> master.process().tail());
                // Until the memory is used up it goes on.
                yield end == End.HALTED ? saidAt : System.nanoTime();
            }
        };
    }

    private void bringBack(Host host, Puppet stopped, End end) {
        int lines = stopped.linesSoFar();
        switch (end) {
            case FROZEN -> {
                stopped.process().thaw();
                stopped.await("-> BACKUP.*REPLACED_DURING_PAUSE", lines);
            }
            case PAUSED -> stopped.await("-> BACKUP.*REPLACED_DURING_PAUSE", lines);
            default -> {
                stopped.process().awaitExit(SOON);
                join(host);
            }
        }
    }

    private void join(Host host) {
        nodes.put(host, Puppet.join(host, "priority=" + priority(host), "interval=" + intervalMillis, "preempt=false"));
    }

    private int highestPriorityBut(Host without) {
        return hosts.stream()
                .filter(host -> host != without)
                .mapToInt(this::priority)
                .max()
                .orElseThrow();
    }

    private int priority(Host host) {
        return PRIORITIES[hosts.indexOf(host)];
    }

    /** RFC 9568 section 6.1. */
    private Duration masterDown(int priority) {
        long nanos = intervalMillis * 1_000_000L;
        return Duration.ofNanos(3 * nanos + nanos * (256 - priority) / 256);
    }
}
