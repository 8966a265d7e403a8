package io.floatingip;

import java.time.Duration;

/**
 * How neighbours are told where the address is: gratuitous ARP, or unsolicited neighbour advertisements.
 *
 * @param repeat frames for each address at once; 1 to 100, default 5
 * @param secondAfter delay of a second, equal burst; 0 for none, default 5 s. Cheap insurance: a switch or host that missed the first learns it
 * @param refresh period of single frames while master; 0 for none, default 1 min
 * @param interval pause between two frames on one interface; default 0
 */
public record Announcements(int repeat, Duration secondAfter, Duration refresh, Duration interval) {
    private static final int REPEAT_MAX = 100;

    public Announcements {
        if (repeat < 1 || repeat > REPEAT_MAX) {
            throw new IllegalArgumentException("announcement repeat must be 1 to " + REPEAT_MAX + ", got " + repeat);
        }
        for (Duration d : new Duration[] {secondAfter, refresh, interval}) {
            if (d.isNegative() || d.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("announcement times must be 0 to 24 h, got " + d);
            }
        }
    }

    /** Five frames, five more after 5 s, one each minute, unpaced. */
    public static Announcements defaults() {
        return new Announcements(5, Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ZERO);
    }

    public Announcements repeat(int value) {
        return new Announcements(value, secondAfter, refresh, interval);
    }

    public Announcements secondAfter(Duration value) {
        return new Announcements(repeat, value, refresh, interval);
    }

    public Announcements refresh(Duration value) {
        return new Announcements(repeat, secondAfter, value, interval);
    }

    public Announcements interval(Duration value) {
        return new Announcements(repeat, secondAfter, refresh, value);
    }
}
