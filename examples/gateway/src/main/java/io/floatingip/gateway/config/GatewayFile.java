package io.floatingip.gateway.config;

import io.floatingip.keepalived.Finding;
import io.floatingip.keepalived.Report;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file, read: the gateway's YAML, or a keepalived.conf.
 *
 * @param config empty if there is an error
 * @param report every mistake and every doubt, in the order of the file
 */
public record GatewayFile(Optional<GatewayConfig> config, Report report) {
    /**
     * Reads a file that says what to serve, a keepalived.conf if its name ends with {@code .conf}; one that cannot be read is an error among the
     * findings. Asks no DNS, runs nothing, binds nothing.
     */
    public static GatewayFile read(Path file) {
        return file.toString().endsWith(".conf") ? KeepalivedGateway.toServe(file) : YamlGateway.read(file);
    }

    /**
     * Reads a keepalived.conf, which may do without a virtual_server.
     *
     * @param configId which lines that begin with {@code @} count; empty for this host's name up to the first dot
     */
    public static GatewayFile keepalived(Path file, Optional<String> configId) {
        return KeepalivedGateway.read(file, configId);
    }

    public List<Finding> findings() {
        return report.findings();
    }

    /** Whether the gateway can run with it. */
    public boolean hasErrors() {
        return report.hasErrors();
    }

    /** Whether something is not done as asked, or is an error. */
    public boolean hasWarnings() {
        return report.hasWarnings();
    }

    /** The exit status of a program that checks it: 0, 1 for warnings if those count, 2 for errors. */
    public int status(boolean strict) {
        return hasErrors() ? 2 : strict && hasWarnings() ? 1 : 0;
    }
}
