package io.floatingip.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.spi.NetworkProvider;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class LinuxProviderTest {
    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(NetworkProvider.class))
                .singleElement()
                .satisfies(provider -> assertThat(provider.name()).isEqualTo("linux"));
    }

    @Test
    void servesOn64BitLinuxAndSaysWhyNotElsewhere() {
        assertThat(LinuxProvider.unavailable("Linux", "amd64")).isEmpty();
        assertThat(LinuxProvider.unavailable("Linux", "aarch64")).isEmpty();
        assertThat(LinuxProvider.unavailable("Mac OS X", "aarch64"))
                .isEqualTo(Optional.of("a floating IP on a real interface needs Linux; this is Mac OS X"));
        assertThat(LinuxProvider.unavailable("Linux", "arm"))
                .isEqualTo(Optional.of("a floating IP on a real interface needs Linux on aarch64, amd64, loongarch64,"
                        + " riscv64, x86_64; this is arm"));
    }
}
