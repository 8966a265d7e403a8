package io.floatingip.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.HealthChecks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommandCheckTest {
    private static final Duration TIMEOUT = Duration.ofMillis(1000);

    @TempDir
    Path directory;

    private final Engine engine = new Engine();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void theExitCodeDecides() throws Exception {
        assertThat(engine.run(HealthChecks.command("true"), TIMEOUT).outcome()).isEqualTo(Outcome.success(""));
        assertThat(engine.run(HealthChecks.shell("exit 3"), TIMEOUT).outcome())
                .isEqualTo(Outcome.failure("/bin/sh ended with code 3"));
    }

    @Test
    void noShellReadsACommand() throws Exception {
        Path witness = directory.resolve("witness");
        HealthCheck check = HealthChecks.command("test", "$HOME; touch " + witness, "=", "x");
        assertThat(engine.run(check, TIMEOUT).outcome().success()).isFalse();
        assertThat(witness).doesNotExist();
    }

    @Test
    void aCommandThatCannotRunIsAFailure() throws Exception {
        Outcome outcome =
                engine.run(HealthChecks.command("/no/such/program"), TIMEOUT).outcome();
        assertThat(outcome.success()).isFalse();
        assertThat(outcome.detail()).startsWith("cannot run /no/such/program: ");
    }

    @Test
    void aProgramOnAFileSystemThatHangsHoldsUpNobody() throws Exception {
        CountDownLatch mounted = new CountDownLatch(1);
        AtomicInteger starts = new AtomicInteger();
        CompletableFuture<Process> late = new CompletableFuture<>();
        HealthCheck check = new CommandCheck(List.of("sleep", "1000"), command -> {
            starts.incrementAndGet();
            while (mounted.getCount() > 0) {
                Thread.onSpinWait();
            }
            late.complete(ProcessTree.start(command));
            return late.join();
        });

        Engine.Verdict hung = engine.run(check, Duration.ofMillis(100));
        List<String> next = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            next.add(engine.run(check, TIMEOUT).outcome().detail());
        }
        Outcome other = engine.run(() -> true, TIMEOUT).outcome();
        mounted.countDown();

        assertThat(hung.outcome()).isEqualTo(Outcome.failure("no result within 100.0 ms"));
        assertThat(next).containsOnly("sleep is still being started by an earlier run");
        assertThat(other).isEqualTo(Outcome.success(""));
        assertThat(starts).hasValue(1);
        // What starts in the end after all is not wanted any more.
        late.get(5, TimeUnit.SECONDS).onExit().get(5, TimeUnit.SECONDS);
    }

    @Test
    void muchOutputDoesNotBlock() throws Exception {
        assertThat(engine.run(HealthChecks.shell("head -c 1000000 /dev/zero"), TIMEOUT)
                        .outcome())
                .isEqualTo(Outcome.success(""));
    }

    @Test
    void atTheTimeoutItIsKilledWithItsChildren() throws Exception {
        Path pids = directory.resolve("pids");
        HealthCheck check = HealthChecks.shell("(sleep 1000 & echo $! >>" + pids + "; sleep 1000) & echo $! >>" + pids
                + "; echo $$ >>" + pids + "; wait");

        Engine.Verdict verdict = engine.run(check, TIMEOUT);

        assertThat(verdict.outcome()).isEqualTo(Outcome.failure("no result within 1.0 s"));
        assertThat(verdict.after()).isBetween(TIMEOUT, TIMEOUT.plusMillis(50));
        List<String> begun = Files.readAllLines(pids);
        assertThat(begun).hasSize(3);
        for (String pid : begun) {
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
            if (process.isPresent()) {
                process.get().onExit().get(5, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void processesAreCountedByName() throws Exception {
        Path program = directory.resolve("a-name-of-more-than-15");
        Files.copy(Path.of("/bin/sleep"), program);
        program.toFile().setExecutable(true);
        HealthCheck one = HealthChecks.process("a-name-of-more-than-15", 1, 1);
        assertThat(engine.run(one, TIMEOUT).outcome())
                .isEqualTo(Outcome.failure("0 processes named a-name-of-more-than-15, wanted 1 to 1"));
        Process first = new ProcessBuilder(program.toString(), "1000").start();
        try {
            assertThat(engine.run(one, TIMEOUT).outcome()).isEqualTo(Outcome.success(""));
            assertThat(engine.run(HealthChecks.process(program.toString(), 1, 1), TIMEOUT)
                            .outcome())
                    .isEqualTo(Outcome.success(""));
            Process second = new ProcessBuilder(program.toString(), "1000").start();
            try {
                assertThat(engine.run(one, TIMEOUT).outcome())
                        .isEqualTo(Outcome.failure("2 processes named a-name-of-more-than-15, wanted 1 to 1"));
            } finally {
                second.destroyForcibly();
            }
        } finally {
            first.destroyForcibly();
        }
    }

    @Test
    void interfacesThatAreNotThereAreDown() throws Exception {
        assertThat(engine.run(HealthChecks.networkInterface("none0"), TIMEOUT).outcome())
                .isEqualTo(Outcome.failure("interface none0 does not exist"));
        assertThat(engine.run(HealthChecks.networkInterface("lo"), TIMEOUT).outcome())
                .isEqualTo(Outcome.success(""));
    }
}
