package io.floatingip.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNumberTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "'10',10",
                "'-10\n',-10",
                "' \t+7 ',7",
                "'0x1F',31",
                "'0X1f',31",
                "'010',8",
                "'0x',0",
                "'089',0",
                "'12abc',12",
                "'abc',0",
                "'',0",
                "'-',0",
                "'99999999999999999999',2147483647",
                "'-99999999999999999999',-2147483648"
            })
    void readsNumbersAsC(String text, int number) {
        assertThat(FileNumber.parse(text)).isEqualTo(number);
    }

    @Test
    void noFileIsZero() throws IOException {
        assertThat(new FileNumber(directory.resolve("none")).number()).isZero();
    }

    @Test
    void readsNoFurtherThanKeepalived() throws IOException {
        Path file = Files.writeString(directory.resolve("long"), " ".repeat(127) + "12");
        assertThat(new FileNumber(file).number()).isEqualTo(1);
    }
}
