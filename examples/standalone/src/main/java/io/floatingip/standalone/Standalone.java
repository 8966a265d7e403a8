package io.floatingip.standalone;

import io.floatingip.FloatingIpException;
import io.floatingip.gateway.CannotStart;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The library as a program of its own: {@code java -jar floatingip.jar join ...}. */
@Command(
        name = "floatingip",
        description =
                "Holds a floating IP address together with other nodes, by VRRP: one of them has the address, the others take it over when"
                        + " that one falls silent.",
        subcommands = {
            JoinCommand.class,
            RunCommand.class,
            CheckCommand.class,
            ExportCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Standalone.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true)
public final class Standalone implements Runnable {
    static final int CANNOT_JOIN = 1;
    static final int BAD_USAGE = 2;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Ends the JVM with the status that {@code --help} explains. */
    public static void main(String[] args) {
        int status = commandLine().execute(args);
        System.exit(status);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Standalone())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((problem, args) -> refuse(problem))
                .setExecutionExceptionHandler((problem, command, parsed) -> explain(problem, command));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing, for example: join");
    }

    private static int refuse(ParameterException problem) {
        CommandLine command = problem.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println("floatingip: " + problem.getMessage() + " (" + name + " --help explains)");
        return BAD_USAGE;
    }

    private static int explain(Exception problem, CommandLine command) throws Exception {
        boolean cannot = problem instanceof FloatingIpException || problem instanceof CannotStart;
        if (cannot || problem instanceof IllegalArgumentException) {
            command.getErr().println("floatingip: " + problem.getMessage());
            return cannot ? CANNOT_JOIN : BAD_USAGE;
        }
        // Nobody foresaw it: whoever reports it needs the stack trace.
        throw problem;
    }

    /** From the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Standalone.class.getPackage().getImplementationVersion();
            return new String[] {"floatingip " + (version == null ? "(not run from its jar)" : version)};
        }
    }
}
