package io.floatingip.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.NamedCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HealthMonitorTest {
    private final BlockingQueue<List<Tracked>> reported = new LinkedBlockingQueue<>();

    @Test
    void whatWasKnownOfACheckCountsUntilTheChangedOneHasAResult() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        HealthMonitor monitor = new HealthMonitor(
                List.of(check("up", () -> true, 20), check("down", () -> false, -20)),
                HealthMonitor.sharedExecutor(HealthEngine::daemon),
                () -> Instant.EPOCH,
                reported::add);
        monitor.start();
        while (!next().equals(List.of("up HEALTHY", "down UNHEALTHY"))) {
            // One result after the other.
        }

        HealthCheck late = () -> {
            slow.await();
            return false;
        };
        monitor.change(List.of(check("up", late, 50), check("down", late, -50), check("new", late, 7)));

        assertThat(next()).containsExactly("up HEALTHY", "down UNHEALTHY", "new PENDING");
        // What took some priority away does not release the address before it has been looked at.
        NamedCheck releasing =
                new NamedCheck("down", late, HealthPolicy.release().timeout(Duration.ofSeconds(30)));
        monitor.change(List.of(check("up", late, 50), releasing, check("new", late, 7)));
        assertThat(next()).containsExactly("up HEALTHY", "down HEALTHY", "new PENDING");
        slow.countDown();
        while (!next().equals(List.of("up UNHEALTHY", "down UNHEALTHY", "new UNHEALTHY"))) {
            // As above.
        }
        monitor.stop();
    }

    private List<String> next() throws InterruptedException {
        List<Tracked> latest = reported.poll(20, TimeUnit.SECONDS);
        assertThat(latest).isNotNull();
        return latest.stream().map(each -> each.name() + " " + each.state()).toList();
    }

    private static NamedCheck check(String name, HealthCheck check, int weight) {
        return new NamedCheck(name, check, HealthPolicy.weight(weight).timeout(Duration.ofSeconds(30)));
    }
}
