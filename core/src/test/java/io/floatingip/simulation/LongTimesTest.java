package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import io.floatingip.RoleListener;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Times that nobody lives to see the end of, on a clock that goes on by itself. */
class LongTimesTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration A_WHILE = Duration.ofMillis(700);

    private final CountDownLatch draining = new CountDownLatch(1);
    private final CountDownLatch drained = new CountDownLatch(1);
    private final LiveLan lan = new LiveLan();
    private final FloatingIp a = FloatingIp.join(FloatingIpConfig.builder()
            .networkInterface("eth0")
            .virtualRouterId(7)
            .advertInterval(Duration.ofMillis(100))
            .address("10.0.0.10")
            .listener(RoleListener.onMaster(change -> {}).onDrain(time -> {
                draining.countDown();
                try {
                    drained.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }))
            .network(lan.network(lan.host("10.0.0.1")))
            .build());

    @AfterEach
    void leave() {
        drained.countDown();
        a.close();
    }

    @Test
    void whoStandsDownForEverStaysDown() throws InterruptedException {
        for (Duration time : List.of(
                Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofDays(300 * 365),
                ChronoUnit.FOREVER.getDuration(),
                Duration.ofNanos(Long.MAX_VALUE))) {
            assertThat(a.awaitRole(Role.MASTER, SOON)).isTrue();
            a.standDown(time);
            assertThat(a.awaitRole(Role.FAULT, SOON)).isTrue();
            assertThat(a.awaitRole(Role.MASTER, A_WHILE)).as("%s", time).isFalse();
            a.standUp();
        }
    }

    @Test
    void whoReleasesWithoutLimitWaitsForTheListeners() throws InterruptedException {
        assertThat(a.awaitRole(Role.MASTER, SOON)).isTrue();
        Thread releasing = new Thread(() -> a.release(Duration.ofSeconds(Long.MAX_VALUE)));
        releasing.start();
        draining.await();
        assertThat(a.awaitRole(Role.RELEASED, A_WHILE)).isFalse();
        assertThat(a.role()).isEqualTo(Role.MASTER);
        drained.countDown();
        releasing.join();
        assertThat(a.role()).isEqualTo(Role.RELEASED);
    }
}
