package io.floatingip.standalone;

import io.floatingip.keepalived.KeepalivedConfig;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
    @Mixin
    private JoinOptions options;

    @Mixin
    private Console console;

    @Override
    public Integer call() {
        console.print(KeepalivedConfig.write(List.of(options.builder().build())));
        return 0;
    }
}
