package io.floatingip.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The last things that happened, put into words only when asked for. */
final class SimTrace {
    private static final int LINES_MAX = 10_000;

    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    private int linesMax = LINES_MAX;

    void keep(int newLinesMax) {
        linesMax = newLinesMax;
        while (lines.size() > linesMax) {
            lines.remove();
        }
    }

    /** Remembers a line; each {@code {}} of the text stands for one of the things. */
    void add(long at, String text, Object... things) {
        if (linesMax == 0) {
            return;
        }
        if (lines.size() == linesMax) {
            lines.remove();
        }
        lines.add(new Line(at, text, things));
    }

    List<String> lines() {
        List<String> all = new ArrayList<>(lines.size());
        String last = "";
        int times = 0;
        for (Line line : lines) {
            String text = line.toString();
            times = text.equals(last) ? times + 1 : 1;
            last = text;
            if (times == 1) {
                all.add(text);
            } else {
                // A burst of announcements is one line.
                all.set(all.size() - 1, text + ", " + times + " times");
            }
        }
        return all;
    }

    static String seconds(long nanos) {
        long millis = (nanos + 500_000) / 1_000_000;
        return String.format(Locale.ROOT, "%d.%03ds", millis / 1000, millis % 1000);
    }

    private static final class Line {
        final long at;
        final String text;
        final Object[] things;

        Line(long at, String text, Object[] things) {
            this.at = at;
            this.text = text;
            this.things = things;
        }

        @Override
        public String toString() {
            StringBuilder out =
                    new StringBuilder().append('+').append(seconds(at)).append(' ');
            int from = 0;
            for (Object thing : things) {
                int gap = text.indexOf("{}", from);
                out.append(text, from, gap).append(thing);
                from = gap + 2;
            }
            return out.append(text, from, text.length()).toString();
        }
    }
}
