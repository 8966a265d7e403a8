package io.floatingip.gateway.config;

import io.floatingip.keepalived.Finding;
import io.floatingip.keepalived.Severity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file, read: the gateway's YAML, or a keepalived.conf if its name ends with {@code .conf}.
 *
 * @param config empty if there is an error
 * @param findings every mistake and every doubt, in the order of the file
 */
public record GatewayFile(Optional<GatewayConfig> config, List<Finding> findings) {
    public GatewayFile {
        findings = List.copyOf(findings);
    }

    /** Reads a file; one that cannot be read is an error among the findings. Asks no DNS, runs nothing, binds nothing. */
    public static GatewayFile read(Path file) {
        return file.toString().endsWith(".conf") ? KeepalivedGateway.read(file) : YamlGateway.read(file);
    }

    /** Whether the gateway can run with it. */
    public boolean hasErrors() {
        return has(Severity.ERROR);
    }

    /** Whether something is not done as asked, or is an error. */
    public boolean hasWarnings() {
        return has(Severity.WARNING);
    }

    private boolean has(Severity least) {
        return findings.stream().anyMatch(f -> f.severity().compareTo(least) >= 0);
    }
}
