package io.floatingip.keepalived;

/**
 * A word of a configuration, without its quotes.
 *
 * @param quoted whether some of it was in quotes
 */
record Word(String text, boolean quoted, String file, int line, int column) {
    Position at() {
        return new Position(file, line, column);
    }

    boolean is(String keyword) {
        return text.equals(keyword);
    }

    @Override
    public String toString() {
        return text;
    }
}
