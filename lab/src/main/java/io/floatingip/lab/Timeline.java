package io.floatingip.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Who answered when, for people. */
final class Timeline {
    private static final int WIDTH = 72;

    private final long startedAt;
    private final String address;
    private final List<Answer> answers;
    private final List<Move> moves;

    /**
     * @param startedAt the left end, in {@link System#nanoTime()}
     * @param answers in the order of their arrival; at least one
     */
    Timeline(long startedAt, String address, List<Answer> answers, List<Move> moves) {
        this.startedAt = startedAt;
        this.address = address;
        this.answers = answers;
        this.moves = moves;
    }

    /**
     * The address went from one host to another.
     *
     * @param cause what was done to whom
     * @param atNanos when that was
     * @param movedNanos when the first answer of the new holder arrived
     */
    record Move(String cause, long atNanos, String from, String to, long movedNanos) {}

    private record Span(String node, long fromNanos, long toNanos, int answers) {}

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("Who answered at " + address + "\n");
        for (String node :
                answers.stream().map(Answer::node).distinct().sorted().toList()) {
            out.append("  %-2s|%s|%n".formatted(node, bar(node)));
        }
        out.append("  s  %s%n%n".formatted(scale()));
        for (Span span : spans()) {
            out.append(line(
                    "  %8.3f s to %8.3f s  %s  %,7d answers%n",
                    seconds(span.fromNanos()), seconds(span.toNanos()), span.node(), span.answers()));
        }
        out.append("\nHow long the client went without an answer\n");
        for (Move move : moves) {
            out.append(line(
                    "  %-20s at %8.3f s: %9.1f ms   (%s to %s; %s answered %.1f ms after it)%n",
                    move.cause(),
                    seconds(move.atNanos()),
                    longestSilence(move) / 1e6,
                    move.from(),
                    move.to(),
                    move.to(),
                    (move.movedNanos() - move.atNanos()) / 1e6));
        }
        return out.toString();
    }

    /** Between an answer before the move and the first of the new holder. */
    private long longestSilence(Move move) {
        long longest = 0;
        long last = move.atNanos();
        for (Answer answer : answers) {
            long at = answer.receivedNanos();
            if (at - move.atNanos() > 0 && at - move.movedNanos() <= 0) {
                longest = Math.max(longest, at - last);
            }
            last = at;
        }
        return longest;
    }

    private List<Span> spans() {
        List<Span> spans = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= answers.size(); i++) {
            if (i == answers.size()
                    || !answers.get(i).node().equals(answers.get(begin).node())) {
                Answer first = answers.get(begin);
                spans.add(new Span(
                        first.node(), first.receivedNanos(), answers.get(i - 1).receivedNanos(), i - begin));
                begin = i;
            }
        }
        return spans;
    }

    private String bar(String node) {
        char[] cells = " ".repeat(WIDTH).toCharArray();
        for (Answer answer : answers) {
            if (answer.node().equals(node)) {
                cells[(int) ((answer.receivedNanos() - startedAt) * (WIDTH - 1) / length())] = '#';
            }
        }
        return new String(cells);
    }

    private String scale() {
        StringBuilder out = new StringBuilder();
        int mark = 6;
        for (int cell = 0; cell < WIDTH; cell += 2 * mark) {
            out.append(line("%-" + 2 * mark + "s", line("%.1f", length() / 1e9 * cell / (WIDTH - 1))));
        }
        return out.toString().stripTrailing();
    }

    private long length() {
        return Math.max(1, answers.get(answers.size() - 1).receivedNanos() - startedAt);
    }

    private double seconds(long nanos) {
        return (nanos - startedAt) / 1e9;
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
