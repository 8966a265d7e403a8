package io.floatingip;

/**
 * Another interface whose state counts for this node (keepalived: {@code track_interface}).
 *
 * @param name of the interface
 * @param weight 0: without it this node takes no part. Positive: added to the priority while it is up. Negative: taken off while it is down.
 *     -253 to 253
 * @param reversed whether the weight is subtracted instead; without a weight, whether this node takes no part while the interface is up
 */
public record TrackedInterface(String name, int weight, boolean reversed) {
    private static final int WEIGHT_MAX = 253;

    public TrackedInterface {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a tracked interface needs a name");
        }
        if (weight < -WEIGHT_MAX || weight > WEIGHT_MAX) {
            throw new IllegalArgumentException(
                    "weight of tracked interface " + name + " must be -253 to 253, got " + weight);
        }
    }

    /** Takes part only while this interface is up. */
    public static TrackedInterface required(String name) {
        return new TrackedInterface(name, 0, false);
    }

    /** Counts with a weight. */
    public static TrackedInterface weighted(String name, int weight) {
        return new TrackedInterface(name, weight, false);
    }
}
