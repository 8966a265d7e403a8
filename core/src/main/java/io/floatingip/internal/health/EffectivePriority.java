package io.floatingip.internal.health;

/** What is advertised: the configured priority and everything that has a weight, kept where keepalived keeps it. */
public final class EffectivePriority {
    private static final int OWNER = 255;

    private EffectivePriority() {}

    /** 1 to 254; the owner's 255 never changes. */
    public static int of(int base, long weights) {
        return base == OWNER ? OWNER : (int) Math.max(1, Math.min(OWNER - 1, base + weights));
    }
}
