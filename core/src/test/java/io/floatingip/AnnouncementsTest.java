package io.floatingip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {
    private static final Announcements DEFAULTS = Announcements.defaults();

    @Test
    void fiveNowFiveAfterFiveSecondsAndOneEachMinute() {
        assertThat(DEFAULTS)
                .isEqualTo(new Announcements(5, Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ZERO));
    }

    @Test
    void eachChangeKeepsTheRest() {
        assertThat(DEFAULTS.repeat(1)
                        .secondAfter(Duration.ZERO)
                        .refresh(Duration.ZERO)
                        .interval(Duration.ofMillis(2)))
                .isEqualTo(new Announcements(1, Duration.ZERO, Duration.ZERO, Duration.ofMillis(2)));
    }

    @Test
    void framesAreOneToAHundredAndTimesUpToADay() {
        assertThat(DEFAULTS.repeat(100).refresh(Duration.ofDays(1)).repeat()).isEqualTo(100);
        assertThatThrownBy(() -> DEFAULTS.repeat(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("announcement repeat must be 1 to 100, got 0");
        assertThatThrownBy(() -> DEFAULTS.repeat(101)).hasMessageContaining("got 101");
        assertThatThrownBy(() -> DEFAULTS.secondAfter(Duration.ofMillis(-1)))
                .hasMessage("announcement times must be 0 to 24 h, got PT-0.001S");
        assertThatThrownBy(() -> DEFAULTS.refresh(Duration.ofDays(1).plusNanos(1)))
                .hasMessageContaining("0 to 24 h");
        assertThatThrownBy(() -> DEFAULTS.interval(Duration.ofDays(2))).hasMessageContaining("got PT48H");
    }
}
