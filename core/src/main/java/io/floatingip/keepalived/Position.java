package io.floatingip.keepalived;

/**
 * A place in a configuration file.
 *
 * @param file as it was named when it was read
 * @param line from 1
 * @param column from 1, in characters
 */
public record Position(String file, int line, int column) {
    /** {@code keepalived.conf:12:5}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
