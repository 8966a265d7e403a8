package io.floatingip;

import java.time.Duration;

/**
 * How long it took this node to take the place of a master that fell silent or left: from the moment the master was last heard, or said good-bye, to
 * the moment the addresses were verified on the interface and announced. Silence takes three intervals and the skew at least. A live master that is
 * preempted is not counted, for it serves until the address has moved; nor is a master that was never heard.
 *
 * <p>A good-bye that leaves the address in place until the successor has announced, as {@link FloatingIp#close()} does, costs no answer however long
 * it takes. What was heard while this process did not run counts as heard one interval before it was read at the earliest.
 *
 * @param count how many
 * @param total of all
 * @param last the latest; 0 if there was none
 * @param max the longest; 0 if there was none
 */
public record Takeovers(long count, Duration total, Duration last, Duration max) {
    public static final Takeovers NONE = new Takeovers(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** With one more. */
    public Takeovers and(Duration time) {
        return new Takeovers(count + 1, total.plus(time), time, time.compareTo(max) > 0 ? time : max);
    }
}
