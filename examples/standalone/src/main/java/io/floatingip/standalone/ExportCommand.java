package io.floatingip.standalone;

import io.floatingip.keepalived.KeepalivedConfig;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes what {@code join} would do as a keepalived.conf. */
@Command(
        name = "export",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Prints the keepalived.conf that does what join with the same options does, so that a node can change to keepalived, or to run.",
            ""
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:printed", "2:an option is missing or its value is out of range"})
final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private JoinOptions options;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text.")
    private boolean help;

    @Override
    public Integer call() {
        spec.commandLine()
                .getOut()
                .print(KeepalivedConfig.write(List.of(options.builder().build())));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
