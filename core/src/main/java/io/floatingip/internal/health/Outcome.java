package io.floatingip.internal.health;

import io.floatingip.health.UnhealthyException;
import java.util.OptionalInt;

/** How one try of a check ended. */
public record Outcome(boolean success, OptionalInt number, String detail) {
    private static final int DETAIL_MAX = 200;

    public Outcome {
        if (detail.length() > DETAIL_MAX) {
            detail = detail.substring(0, DETAIL_MAX) + "...";
        }
    }

    static Outcome success(String detail) {
        return new Outcome(true, OptionalInt.empty(), detail);
    }

    static Outcome failure(String detail) {
        return new Outcome(false, OptionalInt.empty(), detail);
    }

    static Outcome failure(Throwable cause) {
        boolean plain = cause instanceof UnhealthyException && cause.getMessage() != null;
        return failure(plain ? cause.getMessage() : cause.toString());
    }

    static Outcome timedOut(long nanos) {
        return failure("no result within " + (nanos >= 1_000_000_000L ? nanos / 1e9 + " s" : nanos / 1e6 + " ms"));
    }

    /** 0 is healthy where health is asked for. */
    static Outcome number(int value) {
        return new Outcome(value == 0, OptionalInt.of(value), "is " + value);
    }
}
