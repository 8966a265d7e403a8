package io.floatingip.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Remembers in a file which addresses this library put up, for kernels before 5.18, which cannot mark them (IFA_PROTO). One line per address:
 * network namespace, interface, address with prefix. The file belongs to one boot of the machine. Used by one thread; several processes may
 * share a directory, each writes a file of its own and reads all.
 */
final class Journal {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path NAMESPACE = Path.of("/proc/thread-self/ns/net");
    private static final String SUFFIX = ".addresses";

    private final Path directory;
    private final String bootId;
    private final String namespace;
    private final Path own;
    private final Set<String> lines = new LinkedHashSet<>();

    private Journal(Path directory, String bootId, String namespace) {
        this.directory = directory;
        this.bootId = bootId;
        this.namespace = namespace;
        own = directory.resolve(bootId + "-" + ProcessHandle.current().pid() + SUFFIX);
    }

    /** For the namespace of the calling thread, in /run/floatingip or, where that cannot be written, the directory for temporary files. */
    static Journal open() throws IOException {
        Path run = Path.of("/run/floatingip");
        try {
            return open(Files.createDirectories(run));
        } catch (IOException e) {
            return open(Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir"), "floatingip")));
        }
    }

    static Journal open(Path directory) throws IOException {
        String bootId = Files.readString(BOOT_ID).trim();
        Journal journal =
                new Journal(directory, bootId, Files.readSymbolicLink(NAMESPACE).toString());
        // What an earlier process with this id left stays known.
        if (Files.exists(journal.own)) {
            journal.lines.addAll(Files.readAllLines(journal.own));
        }
        return journal;
    }

    /** Before the address is put up. */
    void add(String interfaceName, String address) throws IOException {
        if (lines.add(line(interfaceName, address))) {
            write();
        }
    }

    /** After it was taken off. */
    void remove(String interfaceName, String address) throws IOException {
        String line = line(interfaceName, address);
        if (lines.remove(line)) {
            write();
        }
        for (Path file : files()) {
            Set<String> left = new LinkedHashSet<>(Files.readAllLines(file));
            if (!file.equals(own) && left.remove(line)) {
                replace(file, left);
            }
        }
    }

    /** Whether any process of this boot put it up. */
    boolean contains(String interfaceName, String address) throws IOException {
        String line = line(interfaceName, address);
        if (lines.contains(line)) {
            return true;
        }
        for (Path file : files()) {
            if (Files.readAllLines(file).contains(line)) {
                return true;
            }
        }
        return false;
    }

    private void write() throws IOException {
        replace(own, lines);
    }

    /** By a new file in place of the old one: a crash leaves one of them whole. */
    private void replace(Path file, Set<String> content) throws IOException {
        if (content.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        Path next = directory.resolve(file.getFileName() + ".new");
        Files.write(next, content, StandardCharsets.UTF_8);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private List<Path> files() throws IOException {
        try (var all = Files.newDirectoryStream(directory, bootId + "-*" + SUFFIX)) {
            Set<Path> sorted = new TreeSet<>();
            all.forEach(sorted::add);
            return new ArrayList<>(sorted);
        }
    }

    private String line(String interfaceName, String address) {
        return namespace + " " + interfaceName + " " + address;
    }
}
