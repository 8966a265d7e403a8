package io.floatingip.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Role;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NotifyFifoTest {
    @TempDir
    Path directory;

    @Test
    void losesNoLineThoughTheReaderComesLate() throws Exception {
        Path path = directory.resolve("fifo");
        NotifyFifo fifo = new NotifyFifo(path);
        int count = 5000;
        for (int i = 0; i < count; i++) {
            fifo.onChange(i % 2 == 0 ? Changes.to(Role.MASTER) : Changes.ofGroup(Role.RELEASED));
        }
        // More than a pipe holds: the writer is stuck by now, or will be.
        while (!Files.exists(path)) {
            Thread.onSpinWait();
        }
        List<String> read = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            for (int i = 0; i < count; i++) {
                read.add(reader.readLine());
            }
        }
        Changes.awaitDone(fifo);
        List<String> written = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            written.add(i % 2 == 0 ? "INSTANCE \"VI_1\" MASTER 100" : "GROUP \"G1\" STOP 0");
        }
        assertThat(read).isEqualTo(written);
        assertThat(fifo.delivered()).isEqualTo(count);
    }

    @Test
    void writesToTheOneThatIsThereNow() throws Exception {
        Path path = directory.resolve("fifo");
        NotifyFifo fifo = new NotifyFifo(path);
        fifo.onChange(Changes.to(Role.MASTER));
        Changes.awaitDone(fifo);
        Path old = Files.move(path, directory.resolve("old"));
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();

        fifo.onChange(Changes.to(Role.BACKUP));
        Changes.awaitDone(fifo);
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            assertThat(reader.readLine()).isEqualTo("INSTANCE \"VI_1\" BACKUP 100");
        }
        assertThat(old).exists();
        assertThat(fifo.delivered()).isEqualTo(2);
    }

    @Test
    void doesNotWriteToAnOrdinaryFile() throws Exception {
        Path path = Files.writeString(directory.resolve("file"), "precious");
        NotifyFifo fifo = new NotifyFifo(path);
        fifo.onChange(Changes.to(Role.MASTER));
        Changes.awaitDone(fifo);
        assertThat(Files.readString(path)).isEqualTo("precious");
        assertThat(fifo.undelivered()).isEqualTo(1);
    }
}
