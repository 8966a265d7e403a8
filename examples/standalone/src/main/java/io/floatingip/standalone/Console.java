package io.floatingip.standalone;

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

    /** A line on standard output, at once. */
    void printLine(String text) {
        print(text + System.lineSeparator());
    }

    /** A line on standard error. */
    void say(String text) {
        command.commandLine().getErr().println("floatingip: " + text);
    }
}
