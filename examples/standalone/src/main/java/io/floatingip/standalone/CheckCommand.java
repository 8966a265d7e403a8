package io.floatingip.standalone;

import io.floatingip.keepalived.KeepalivedConfig;
import io.floatingip.keepalived.Report;
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
    static final int WARNINGS = 1;
    static final int ERRORS = 2;

    @Mixin
    private FileOptions file;

    @Option(names = "--strict", description = "Warnings count too: exit status 1.")
    private boolean strict;

    @Mixin
    private Console console;

    @Override
    public Integer call() {
        KeepalivedConfig config = file.read();
        Report report = config.report();
        console.print(report);
        return status(report, strict);
    }

    static int status(Report report, boolean strict) {
        return report.hasErrors() ? ERRORS : strict && report.hasWarnings() ? WARNINGS : 0;
    }
}
