package io.floatingip.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HealthWatchTest {
    @Test
    void saysWhenAStateHasChangedAndKnowsAllOfThem() throws Exception {
        AtomicBoolean works = new AtomicBoolean();
        LinkedBlockingQueue<String> changes = new LinkedBlockingQueue<>();
        NamedCheck check = new NamedCheck(
                "a", HealthChecks.that(works::get), HealthPolicy.release().interval(Duration.ofMillis(5)));
        try (HealthWatch watch = HealthWatch.start(List.of(check), () -> changes.add("changed"))) {
            changes.take();
            assertThat(watch.statuses()).extracting(HealthStatus::state).containsExactly(HealthState.UNHEALTHY);
            works.set(true);
            changes.take();
            assertThat(watch.statuses()).extracting(HealthStatus::state).containsExactly(HealthState.HEALTHY);
            assertThat(changes).isEmpty();
        }
    }
}
