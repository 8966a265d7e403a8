package io.floatingip.health;

/** What a check's result does. */
public sealed interface HealthEffect {
    /** keepalived's range for the weight of a number in a file, and a little more than for a script. */
    int WEIGHT_MAX = 254;

    /**
     * A part of the effective priority. A positive weight is added while the check is healthy, a negative one while it is unhealthy; before the
     * first result neither counts. The sum with the configured priority is kept between 1 and 254. A check that yields a number adds number
     * times weight, kept between -254 and 253; at -254 the node takes no part.
     *
     * @param weight -254 to 254, not 0
     * @param reversed whether the weight is subtracted instead
     */
    record Weight(int weight, boolean reversed) implements HealthEffect {
        public Weight {
            if (weight == 0 || weight < -WEIGHT_MAX || weight > WEIGHT_MAX) {
                throw new IllegalArgumentException("weight must be -254 to 254 and not 0, got " + weight
                        + "; for an effect without a weight use HealthPolicy.release()");
            }
        }
    }

    /**
     * Gives the address up and takes no part while the check is unhealthy, and until its first result. For a check that yields a number, 0 is
     * healthy.
     *
     * @param makeBeforeBreak whether this node goes on serving until a successor is there, which makes sense if it still can; otherwise the
     *     address goes at once
     * @param reversed whether being healthy is what releases the address
     */
    record Release(boolean makeBeforeBreak, boolean reversed) implements HealthEffect {}
}
