package io.floatingip.lab;

/**
 * One answered question. Times are {@link System#nanoTime()}.
 *
 * @param way along which it was asked
 * @param sentNanos when it was asked
 * @param receivedNanos when the answer was there
 * @param node the name of the host that answered
 * @param number of the question, counted from 0; what is missing between two answers was lost
 */
public record Answer(String way, long sentNanos, long receivedNanos, String node, long number) {
    static Answer parse(String line) {
        String[] parts = line.split(" ");
        return new Answer(
                parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3], Long.parseLong(parts[4]));
    }
}
