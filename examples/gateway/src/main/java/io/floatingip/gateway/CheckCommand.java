package io.floatingip.gateway;

import io.floatingip.gateway.config.GatewayFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads a file and says what is wrong with it. */
@Command(
        name = "check",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {"Reads a file and prints every mistake: file:line:column: severity: message.", ""},
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:it can be run; there may be warnings",
            "1:there are warnings, and --strict was given",
            "2:there are errors: the gateway would refuse it"
        })
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "YAML, or with a name that ends with .conf a file of keepalived's.")
    private Path file;

    @Option(names = "--strict", description = "Warnings count too: exit status 1.")
    private boolean strict;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text.")
    private boolean help;

    @Override
    public Integer call() {
        GatewayFile read = GatewayFile.read(file);
        spec.commandLine().getOut().print(read.report());
        spec.commandLine().getOut().flush();
        return read.status(strict);
    }
}
