package io.floatingip.standalone;

import io.floatingip.gateway.config.GatewayFile;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A keepalived.conf, and whose lines in it count. */
final class FileOptions {
    @Parameters(paramLabel = "FILE", description = "A file in keepalived's format, /etc/keepalived/keepalived.conf.")
    private Path file;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description =
                    "Lines that begin with @ID count, those that begin with @^ID do not. Default: the host's name up to the first dot.")
    private Optional<String> id = Optional.empty();

    GatewayFile read() {
        return GatewayFile.keepalived(file, id);
    }
}
