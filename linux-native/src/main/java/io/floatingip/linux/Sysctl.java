package io.floatingip.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Settings below /proc/sys of the calling thread's network namespace. */
final class Sysctl {
    private static final Path ROOT = Path.of("/proc/sys");

    private Sysctl() {}

    /** The path of a setting of one interface: {@code net/ipv4/conf/eth0/arp_ignore}. An interface's name may contain dots. */
    static String of(String family, String interfaceName, String name) {
        return "net/" + family + "/conf/" + interfaceName + "/" + name;
    }

    /** The value; empty if there is no such setting. */
    static Optional<String> read(String setting) {
        try {
            return Optional.of(Files.readString(ROOT.resolve(setting), StandardCharsets.US_ASCII)
                    .trim());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static boolean isOn(String setting) {
        return read(setting).filter(value -> !value.equals("0")).isPresent();
    }

    /**
     * Changes a setting.
     *
     * @throws IOException with what to do about a /proc/sys that cannot be written
     */
    static void write(String setting, String value) throws IOException {
        try {
            // One write call for the value, as the kernel demands; no truncation and no creation.
            Files.write(ROOT.resolve(setting), value.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException(
                    "cannot set " + setting.replace('/', '.') + " to " + value
                            + ": in a container /proc/sys is often read-only; set it on the host (sysctl -w) or with"
                            + " docker run --sysctl",
                    e);
        }
    }
}
