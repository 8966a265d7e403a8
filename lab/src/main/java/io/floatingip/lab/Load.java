package io.floatingip.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@link Requests} in a host, at a fixed rate until closed. One thread. */
public final class Load implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Running process;

    private Load(Running process) {
        this.process = process;
    }

    /** Starts to ask. */
    public static Load start(Host host, String address, int port, int rate) {
        // While nobody answers, questions pile up.
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n $(ulimit -H -n); exec \"$@\"", "sh"));
        command.addAll(Client.java(Requests.class));
        command.addAll(List.of(address, Integer.toString(port), Integer.toString(rate)));
        // Every question is remembered.
        command.replaceAll(word -> word.equals("-Xmx32m") ? "-Xmx128m" : word);
        Running running = host.start("load", command);
        running.awaitLine("asking", SOON);
        return new Load(running);
    }

    /**
     * So far.
     *
     * @param running asked, and neither answered nor given up
     * @param why each way to fail and how often it was taken
     */
    public record Count(long asked, long answered, long failed, long running, Duration slowest, String why) {}

    /** Counts. */
    public Count count() {
        Matcher m = answer(
                "report",
                "report asked (\\d+) answered (\\d+) failed (\\d+) running (\\d+) slowest-ms (\\d+) why (.*)");
        return new Count(
                Long.parseLong(m.group(1)),
                Long.parseLong(m.group(2)),
                Long.parseLong(m.group(3)),
                Long.parseLong(m.group(4)),
                Duration.ofMillis(Long.parseLong(m.group(5))),
                m.group(6));
    }

    /** Asks no more, and counts when nothing runs. */
    public Count stop() {
        process.say("stop");
        Count[] last = new Count[1];
        Lan.await(SOON, () -> (last[0] = count()).running() == 0, () -> "questions still run: " + last[0]);
        return last[0];
    }

    /** Waits until a question that was asked after this moment has been answered; returns when that was. */
    public long awaitAnswerSince(long nanos) {
        long[] first = new long[1];
        Lan.await(
                SOON,
                () -> (first[0] = Long.parseLong(answer("since " + nanos, "since " + nanos + " first (-?\\d+)")
                                .group(1)))
                        != 0,
                () -> "no answer; " + count());
        return first[0];
    }

    private Matcher answer(String command, String pattern) {
        int from = process.lines().size();
        process.say(command);
        Matcher matcher = Pattern.compile(pattern)
                .matcher(process.awaitLine(pattern, SOON, from).text());
        matcher.find();
        return matcher;
    }

    @Override
    public void close() {
        process.close();
    }
}
