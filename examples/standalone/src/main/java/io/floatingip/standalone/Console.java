package io.floatingip.standalone;

import io.floatingip.gateway.Terminal;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command has: {@code --help}, and where to print. */
final class Console {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text.")
    private boolean help;

    /** On standard output, at once. */
    void print(Object text) {
        PrintWriter out = command.commandLine().getOut();
        out.print(text);
        out.flush();
    }

    /** For lines. */
    Terminal terminal() {
        return new Terminal(
                "floatingip",
                command.commandLine().getOut(),
                command.commandLine().getErr());
    }
}
