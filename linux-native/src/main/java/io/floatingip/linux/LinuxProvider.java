package io.floatingip.linux;

import io.floatingip.spi.Network;
import io.floatingip.spi.NetworkProvider;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Serves on 64-bit Linux. */
public final class LinuxProvider implements NetworkProvider {
    // Architectures whose system call numbers and structures are the generic ones this module knows.
    private static final Set<String> ARCHITECTURES = Set.of("amd64", "x86_64", "aarch64", "riscv64", "loongarch64");

    /** Called by {@link java.util.ServiceLoader}. */
    public LinuxProvider() {}

    @Override
    public String name() {
        return "linux";
    }

    @Override
    public Optional<String> unavailable() {
        return unavailable(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static Optional<String> unavailable(String system, String architecture) {
        if (!system.equals("Linux")) {
            return Optional.of("a floating IP on a real interface needs Linux; this is " + system);
        }
        if (!ARCHITECTURES.contains(architecture)) {
            return Optional.of("a floating IP on a real interface needs Linux on "
                    + String.join(", ", new TreeSet<>(ARCHITECTURES)) + "; this is " + architecture);
        }
        return Optional.empty();
    }

    @Override
    public Network open() throws IOException {
        return LinuxNetwork.open();
    }
}
