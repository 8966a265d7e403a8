package io.floatingip.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A process that dies with this JVM, and what it has said so far. Any thread. */
public final class Running implements AutoCloseable {
    /**
     * One line of its output.
     *
     * @param atNanos when it was read, in {@link System#nanoTime()}
     * @param error whether it came from standard error
     */
    public record Line(long atNanos, boolean error, String text) {}

    // The kernel's death signal is sent when the thread that started the process ends, not the JVM: one thread that
    // never ends starts them all.
    private static final ExecutorService SPAWNER = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "lab-spawner");
        thread.setDaemon(true);
        return thread;
    });
    private static final int SHOWN_LINES = 20;

    private final String name;
    private final Process process;
    private final List<Line> lines = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    private Running(String name, Process process, Consumer<Line> onLine) {
        this.name = name;
        this.process = process;
        readers.add(reader(process.getInputStream(), false, onLine));
        readers.add(reader(process.getErrorStream(), true, onLine));
        readers.forEach(Thread::start);
    }

    /** Starts a command. */
    public static Running start(String name, List<String> command) {
        return start(name, command, line -> {});
    }

    /** Starts a command and hands every line to {@code onLine} as it is read, on a thread of its own. */
    public static Running start(String name, List<String> command, Consumer<Line> onLine) {
        List<String> mortal = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "--"));
        mortal.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(mortal);
        // Set by whoever started this JVM, they would change or announce themselves in every JVM below.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        try {
            return new Running(name, SPAWNER.submit(builder::start).get(), onLine);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot start " + command, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting " + command, e);
        }
    }

    /** Runs a command to its end, within a minute, and returns its standard output. */
    public static String output(List<String> command) {
        try (Running running = start(command.get(0), command)) {
            int status = running.awaitExit(Duration.ofMinutes(1));
            if (status != 0) {
                throw new IllegalStateException(command + " ended with status " + status + "\n" + running.tail());
            }
            return running.lines().stream()
                    .filter(line -> !line.error())
                    .map(Line::text)
                    .collect(Collectors.joining("\n"));
        }
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Asks it to end (SIGTERM); returns the moment, in {@link System#nanoTime()}. */
    public long terminate() {
        long at = System.nanoTime();
        // The handle's destroy, not the process's: that would also close the streams and lose the last words.
        process.toHandle().destroy();
        return at;
    }

    /** Ends it without warning (SIGKILL); returns the moment, in {@link System#nanoTime()}. */
    public long kill() {
        long at = System.nanoTime();
        process.toHandle().destroyForcibly();
        return at;
    }

    /** Ends it and every process it has started without warning (SIGKILL); returns the moment, in {@link System#nanoTime()}. */
    public long killAll() {
        // The children of a dead process are not its children any more.
        List<ProcessHandle> descendants = process.descendants().toList();
        long at = kill();
        descendants.forEach(ProcessHandle::destroyForcibly);
        return at;
    }

    /** Freezes it, as a long garbage collection would (SIGSTOP); returns the moment. */
    public long freeze() {
        return signal("STOP");
    }

    /** Ends what {@link #freeze} began (SIGCONT); returns the moment. */
    public long thaw() {
        return signal("CONT");
    }

    private long signal(String signal) {
        output(List.of("sh", "-c", "kill -" + signal + " " + pid()));
        return System.nanoTime();
    }

    /** Waits for its end and all of its output; returns the status, 128 + signal as a shell counts. */
    public int awaitExit(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException(name + " still runs after " + atMost + "\n" + tail());
            }
            for (Thread reader : readers) {
                reader.join(1_000);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    public List<Line> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** Waits for a line in which the pattern is found, among those said already and those to come. */
    public Line awaitLine(String regex, Duration atMost) {
        return awaitLine(regex, atMost, 0);
    }

    /** Like {@link #awaitLine(String, Duration)}, passing over the first lines. */
    public Line awaitLine(String regex, Duration atMost, int from) {
        Pattern pattern = Pattern.compile(regex);
        long start = System.nanoTime();
        int next = from;
        synchronized (lines) {
            while (true) {
                for (; next < lines.size(); next++) {
                    if (pattern.matcher(lines.get(next).text()).find()) {
                        return lines.get(next);
                    }
                }
                long left = atMost.toNanos() - (System.nanoTime() - start);
                if (left <= 0) {
                    throw new IllegalStateException(
                            name + " has not said \"" + regex + "\" within " + atMost + "\n" + tail());
                }
                try {
                    lines.wait(Math.max(1, left / 1_000_000));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted while listening to " + name, e);
                }
            }
        }
    }

    /** The last lines of its output, for messages. */
    public String tail() {
        List<Line> all = lines();
        String status = alive() ? "running" : "ended with status " + process.exitValue();
        return all.subList(Math.max(0, all.size() - SHOWN_LINES), all.size()).stream()
                .map(line -> "  " + name + (line.error() ? "! " : "| ") + line.text())
                .collect(Collectors.joining("\n", "--- " + name + " (" + status + ")\n", "\n---"));
    }

    /** Writes a line to its standard input. */
    public void say(String text) {
        try {
            process.getOutputStream().write((text + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " does not listen\n" + tail(), e);
        }
    }

    /** Kills it, and what it has started, if it still runs, and waits for its end. */
    @Override
    public void close() {
        killAll();
        awaitExit(Duration.ofSeconds(10));
    }

    private Thread reader(InputStream stream, boolean error, Consumer<Line> onLine) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader in =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String text = in.readLine(); text != null; text = in.readLine()) {
                            Line line = new Line(System.nanoTime(), error, text);
                            synchronized (lines) {
                                lines.add(line);
                                lines.notifyAll();
                            }
                            onLine.accept(line);
                        }
                    } catch (IOException e) {
                        // The stream was closed under the reader: the process is gone.
                    }
                },
                "lab-reader-" + name);
        thread.setDaemon(true);
        return thread;
    }
}
