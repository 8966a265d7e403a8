package io.floatingip.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NotifyCommandsTest {
    @TempDir
    Path directory;

    @Test
    void runsTheRolesCommandThenTheOneForAnyChange() throws Exception {
        Path said = directory.resolve("said");
        NotifyCommands commands = NotifyCommands.create()
                .onMaster("sh", "-c", "echo master >>" + said)
                .onStop("sh", "-c", "echo stop >>" + said)
                .onAny("sh", "-c", "echo \"$@\" >>" + said, "any");
        commands.onChange(Changes.to(Role.MASTER));
        commands.onChange(Changes.to(Role.FAULT));
        commands.onChange(Changes.ofGroup(Role.BACKUP));
        commands.onChange(Changes.to(Role.RELEASED));
        Changes.awaitDone(commands);
        assertThat(Files.readAllLines(said))
                .containsExactly(
                        "master",
                        "INSTANCE VI_1 MASTER 100",
                        "INSTANCE VI_1 FAULT 100",
                        "GROUP G1 BACKUP 0",
                        "stop",
                        "INSTANCE VI_1 STOP 100");
        assertThat(commands.delivered()).isEqualTo(6);
    }

    @Test
    void aDrainInVainIsNoNews() {
        NotifyCommands commands = NotifyCommands.create().onMaster("true").onAny("true");
        commands.onStay(Changes.to(Role.MASTER));
        assertThat(commands.pending()).isZero();
        Changes.awaitDone(commands);
        assertThat(commands.delivered()).isZero();
    }

    @Test
    void neverTwoAtOnce() throws Exception {
        Path said = directory.resolve("said");
        NotifyCommands commands = NotifyCommands.create()
                .onMaster("sh", "-c", "echo begin >>" + said + "; sleep 0.1; echo end >>" + said);
        for (int i = 0; i < 5; i++) {
            commands.onChange(Changes.to(Role.MASTER));
        }
        Changes.awaitDone(commands);
        assertThat(String.join(" ", Files.readAllLines(said)))
                .isEqualTo("begin end ".repeat(5).strip());
    }

    @Test
    void countsWhatFailsHangsOrCannotRun() {
        NotifyCommands commands = NotifyCommands.create()
                .onMaster("false")
                .onBackup("sleep", "1000")
                .onFault("/no/such/program")
                .onStop("true")
                .limit(Duration.ofMillis(200));
        for (Role role : Role.values()) {
            commands.onChange(Changes.to(role));
        }
        Changes.awaitDone(commands);
        assertThat(commands.undelivered()).isEqualTo(3);
        assertThat(commands.delivered()).isEqualTo(1);
    }
}
