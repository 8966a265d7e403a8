package io.floatingip.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.health.HealthState;
import io.floatingip.health.HealthStatus;
import io.floatingip.internal.runtime.ApplicationGate.Word;
import io.floatingip.spi.Ticker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApplicationGateTest {
    private final List<Word> said = Collections.synchronizedList(new ArrayList<>());
    private final List<Optional<String>> readiness = new ArrayList<>();
    private final ApplicationGate gate = new ApplicationGate("web", new Fixed(), said::add, readiness::add);
    private final Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();

    @AfterEach
    void restore() {
        gate.close();
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    @Test
    void readinessIsAnotherWordThanHealth() {
        gate.notReady("warming up");
        gate.ready();
        assertThat(readiness).containsExactly(Optional.of("warming up"), Optional.empty());
        assertThat(said).isEmpty();
        assertThat(gate.status()).isEmpty();
    }

    @Test
    void saysWhatItIsTold() {
        assertThat(gate.isHealthy()).isTrue();
        assertThat(gate.status()).isEmpty();
        gate.unhealthy("disk full");
        gate.unhealthyButServing("disk nearly full");
        assertThat(gate.status())
                .contains(new HealthStatus(
                        "application", HealthState.UNHEALTHY, "disk nearly full", Instant.EPOCH, 1, 1));
        gate.healthy();
        assertThat(said)
                .containsExactly(
                        new Word(false, false, "disk full"),
                        new Word(false, true, "disk nearly full"),
                        new Word(true, true, ""));
        assertThat(gate.isHealthy()).isTrue();
    }

    @Test
    void anErrorThatEndsAThreadIsHeardAndPassedOn() throws InterruptedException {
        List<Throwable> passedOn = Collections.synchronizedList(new ArrayList<>());
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> passedOn.add(error));
        gate.unhealthyOn(OutOfMemoryError.class);
        gate.unhealthyOn(LinkageError.class);

        IllegalStateException ordinary = new IllegalStateException("ordinary");
        OutOfMemoryError grave = new OutOfMemoryError("Java heap space");
        dying(() -> {
            throw ordinary;
        });
        assertThat(said).isEmpty();
        dying(() -> {
            throw grave;
        });

        assertThat(said).containsExactly(new Word(false, false, "java.lang.OutOfMemoryError: Java heap space"));
        assertThat(passedOn).containsExactly(ordinary, grave);
    }

    @Test
    void aReportedErrorCountsIfItsKindWasNamed() {
        gate.unhealthyOn(OutOfMemoryError.class);
        assertThat(gate.report(new RuntimeException())).isFalse();
        assertThat(gate.report(new OutOfMemoryError("metaspace"))).isTrue();
        assertThat(gate.isHealthy()).isFalse();
    }

    @Test
    void whoHasLeftHearsNothing() throws InterruptedException {
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {});
        gate.unhealthyOn(OutOfMemoryError.class);
        gate.close();
        dying(() -> {
            throw new OutOfMemoryError("too late");
        });
        assertThat(said).isEmpty();
    }

    private static void dying(Runnable task) throws InterruptedException {
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
    }

    private static final class Fixed implements Ticker {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Instant wallTime() {
            return Instant.EPOCH;
        }

        @Override
        public long suspendedNanos() {
            return 0;
        }
    }
}
