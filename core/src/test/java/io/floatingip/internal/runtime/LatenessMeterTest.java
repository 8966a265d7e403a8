package io.floatingip.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Lateness;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatenessMeterTest {
    private static final long SECOND = 1_000_000_000L;
    // The clock has no origin to rely on: here it wraps after ten seconds.
    private static final long START = Long.MAX_VALUE - 10 * SECOND;

    private final LatenessMeter meter = new LatenessMeter(START);

    @Test
    void addsUp() {
        meter.add(30_000, at(1));
        meter.add(90_000, at(2));
        meter.add(60_000, at(3));
        assertThat(meter.read(at(3), 7, SECOND / 4))
                .isEqualTo(new Lateness(
                        Duration.ofNanos(60_000),
                        Duration.ofNanos(90_000),
                        3,
                        Duration.ofNanos(180_000),
                        7,
                        Duration.ofMillis(250)));
    }

    @Test
    void isSilentBeforeTheFirstTurn() {
        assertThat(meter.read(at(1000), 0, SECOND))
                .isEqualTo(new Lateness(Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, 0, Duration.ofSeconds(1)));
    }

    @Test
    void showsTheLongestForAMinuteAtLeastAndForTwoAtMost() {
        meter.add(900, at(59));
        meter.add(100, at(61));
        assertThat(max(at(119))).isEqualTo(900);
        meter.add(100, at(120));
        assertThat(max(at(120))).isEqualTo(900);
        meter.add(50, at(121));
        assertThat(max(at(121))).isEqualTo(100);
        meter.add(50, at(181));
        assertThat(max(at(181))).isEqualTo(50);
    }

    @Test
    void forgetsWhileThereIsNothingToDo() {
        meter.add(900, at(1));
        assertThat(max(at(119))).isEqualTo(900);
        assertThat(max(at(120))).isZero();
        meter.add(100, at(300));
        assertThat(max(at(300))).isEqualTo(100);
    }

    private long max(long now) {
        return meter.read(now, 0, 0).max().toNanos();
    }

    private static long at(int second) {
        return START + second * SECOND;
    }
}
