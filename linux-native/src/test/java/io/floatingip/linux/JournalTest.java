package io.floatingip.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class JournalTest {
    @TempDir
    private Path directory;

    @Test
    void remembersAcrossProcessesUntilTheAddressIsRemoved() throws IOException {
        Journal.open(directory).add("eth0", "10.0.0.100/24");
        assertThat(Journal.open(directory).contains("eth0", "10.0.0.100/24")).isTrue();
        assertThat(Journal.open(directory).contains("eth1", "10.0.0.100/24")).isFalse();
        assertThat(Journal.open(directory).contains("eth0", "10.0.0.100/32")).isFalse();
        Journal.open(directory).remove("eth0", "10.0.0.100/24");
        assertThat(Journal.open(directory).contains("eth0", "10.0.0.100/24")).isFalse();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void readsAndClearsWhatAnotherProcessLeft() throws IOException {
        Journal.open(directory).add("eth0", "10.0.0.100/24");
        Path own;
        try (var files = Files.list(directory)) {
            own = files.findFirst().orElseThrow();
        }
        Path other = directory.resolve(own.getFileName().toString().replaceFirst("-\\d+\\.", "-1."));
        Files.move(own, other);
        Journal journal = Journal.open(directory);
        assertThat(journal.contains("eth0", "10.0.0.100/24")).isTrue();
        journal.remove("eth0", "10.0.0.100/24");
        assertThat(journal.contains("eth0", "10.0.0.100/24")).isFalse();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void kernelsFrom518MarkAddressesThemselves() {
        assertThat(Addresses.kernelMarks("5.15.0-91-generic")).isFalse();
        assertThat(Addresses.kernelMarks("5.18")).isTrue();
        assertThat(Addresses.kernelMarks("6.1.0-18-amd64")).isTrue();
        assertThat(Addresses.kernelMarks("4.18.0-553.el8_10.x86_64")).isFalse();
    }
}
