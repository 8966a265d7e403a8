package io.floatingip.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(Leaks.class)
class WarmUpTest {
    @Test
    void asksUntilItIsWarmOrTheTimeIsOver() {
        assertThat(WarmUp.run(Duration.ofMinutes(1))).isEqualTo(4_000);
        assertThat(WarmUp.run(Duration.ZERO)).isZero();
    }
}
