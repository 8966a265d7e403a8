package io.floatingip.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real files, and to the letter what is said about them. {@code -Dkeepalived.rewrite} writes the reports anew, for review as a diff. */
class GoldenReportTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/keepalived");

    @ParameterizedTest
    @ValueSource(strings = {"01-two-nodes-pass", "02-tracked-service", "03-everything"})
    void saysThisOf(String name) throws IOException {
        String text = Files.readString(DIRECTORY.resolve(name + ".conf"));
        Report report = KeepalivedConfig.parse(text, name + ".conf", "host").report();
        Path golden = DIRECTORY.resolve(name + ".report");
        if (Boolean.getBoolean("keepalived.rewrite")) {
            Files.writeString(golden, report.toString());
        }
        assertThat(report.toString()).isEqualTo(Files.readString(golden));
    }
}
