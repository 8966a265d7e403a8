package io.floatingip.notify;

import io.floatingip.RoleChange;
import io.floatingip.internal.health.ProcessTree;
import io.floatingip.internal.notify.Outbox;
import io.floatingip.internal.notify.Words;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a line for every change to a FIFO, in keepalived's format: {@code INSTANCE "VI_1" MASTER 100}. What nobody reads yet is kept: first in the
 * pipe, 64 KiB on Linux, then in memory, up to 10,000 lines; none is lost without being counted.
 */
public final class NotifyFifo extends Delivering {
    private final Path path;
    private @Nullable RandomAccessFile pipe;
    private @Nullable Object openedKey;

    /** Writes to this FIFO, which is made by mkfifo if there is none; it is not removed. */
    public NotifyFifo(Path path) {
        super(new Outbox("notify fifo " + path));
        this.path = path;
    }

    @Override
    public void onChange(RoleChange change) {
        outbox.put(change.toString(), () -> write(Words.line(change)));
    }

    /** By one thread at a time. */
    private synchronized void write(String line) throws IOException, InterruptedException {
        RandomAccessFile open = pipe;
        // Readers remove and make their FIFO anew when they start; what goes into the old one nobody reads.
        if (open == null || !Objects.equals(openedKey, key())) {
            close(open);
            pipe = null;
            open = open();
            openedKey = key();
            pipe = open;
        }
        try {
            // One write: lines of several processes do not mix up to 4096 bytes.
            open.write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            close(open);
            pipe = null;
            throw e;
        }
    }

    /** Which file it is, whatever its name; null if there is none. */
    private @Nullable Object key() throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private RandomAccessFile open() throws IOException, InterruptedException {
        if (!Files.exists(path)) {
            Process mkfifo = ProcessTree.start(List.of("mkfifo", "-m", "600", path.toString()));
            if (mkfifo.waitFor() != 0) {
                throw new IOException("mkfifo " + path + " ended with code " + mkfifo.exitValue());
            }
        }
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw new IOException(path + " is not a FIFO");
        }
        // For reading too, though we never do: opening does not wait for a reader then, and lines survive its restart.
        return new RandomAccessFile(path.toFile(), "rw");
    }

    private static void close(@Nullable RandomAccessFile file) throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
