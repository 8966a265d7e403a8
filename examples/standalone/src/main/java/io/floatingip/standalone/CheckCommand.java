package io.floatingip.standalone;

import io.floatingip.gateway.config.GatewayFile;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads a keepalived.conf and says what would be done differently. */
@Command(
        name = "check",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Reads a keepalived.conf and prints what is understood differently, or not at all: file:line:column: severity: message.",
            ""
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:it can be run; there may be warnings",
            "1:there are warnings, and --strict was given",
            "2:there are errors: run would refuse it"
        })
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private FileOptions file;

    @Option(names = "--strict", description = "Warnings count too: exit status 1.")
    private boolean strict;

    @Mixin
    private Console console;

    @Override
    public Integer call() {
        GatewayFile read = file.read();
        console.print(read.report());
        return read.status(strict);
    }
}
