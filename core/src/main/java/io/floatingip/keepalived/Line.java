package io.floatingip.keepalived;

import java.util.Arrays;

/** A line of configuration, possibly changed by substitution, and from which column of its file each character came. */
final class Line {
    private final String file;
    private final int number;
    private final String text;
    private final int[] columns;

    private Line(String file, int number, String text, int[] columns) {
        this.file = file;
        this.number = number;
        this.text = text;
        this.columns = columns;
    }

    /** A line as it stands in a file. */
    static Line of(String file, int number, String text) {
        int[] columns = new int[text.length()];
        Arrays.setAll(columns, i -> i + 1);
        return new Line(file, number, text, columns);
    }

    String file() {
        return file;
    }

    int number() {
        return number;
    }

    String text() {
        return text;
    }

    int length() {
        return text.length();
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    /** Where the character at an index came from; behind the end, where the last one did. */
    Position at(int index) {
        return new Position(file, number, column(index));
    }

    int column(int index) {
        return columns.length == 0 ? 1 : columns[Math.min(index, columns.length - 1)];
    }

    Line part(int from, int to) {
        return new Line(file, number, text.substring(from, to), Arrays.copyOfRange(columns, from, to));
    }

    Line trim() {
        int from = 0;
        int to = text.length();
        while (from < to && text.charAt(from) <= ' ') {
            from++;
        }
        while (to > from && text.charAt(to - 1) <= ' ') {
            to--;
        }
        return from == 0 && to == text.length() ? this : part(from, to);
    }

    /** With a part replaced; the new characters stand where the old part began. */
    Line replace(int from, int to, String value) {
        int column = column(from);
        int[] changed = new int[text.length() - (to - from) + value.length()];
        System.arraycopy(columns, 0, changed, 0, from);
        Arrays.fill(changed, from, from + value.length(), column);
        System.arraycopy(columns, to, changed, from + value.length(), text.length() - to);
        return new Line(file, number, text.substring(0, from) + value + text.substring(to), changed);
    }

    /** This line followed by another one's characters, which keep their columns. */
    Line plus(Line more) {
        int[] all = Arrays.copyOf(columns, columns.length + more.columns.length);
        System.arraycopy(more.columns, 0, all, columns.length, more.columns.length);
        return new Line(file, number, text + more.text, all);
    }
}
