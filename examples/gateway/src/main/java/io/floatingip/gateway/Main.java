package io.floatingip.gateway;

import io.floatingip.FloatingIpException;
import io.netty.util.ResourceLeakDetector;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The gateway as a program: {@code java -jar gateway.jar FILE}. */
public final class Main {
    static final int CANNOT_START = 1;
    static final int BAD_USAGE = 2;

    private Main() {}

    /** Ends the JVM with the status that {@code --help} explains. */
    public static void main(String[] args) {
        if (System.getProperty("io.netty.leakDetection.level") == null) {
            // A stack trace for every hundredth buffer is for tests.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new RunCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((problem, args) -> refuse(problem))
                .setExecutionExceptionHandler((problem, command, parsed) -> explain(problem, command));
    }

    private static int refuse(ParameterException problem) {
        problem.getCommandLine().getErr().println("gateway: " + problem.getMessage() + " (gateway --help explains)");
        return BAD_USAGE;
    }

    private static int explain(Exception problem, CommandLine command) throws Exception {
        if (problem instanceof FloatingIpException || problem instanceof CannotStart) {
            command.getErr().println("gateway: " + problem.getMessage());
            return CANNOT_START;
        }
        // Nobody foresaw it: whoever reports it needs the stack trace.
        throw problem;
    }

    /** From the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"gateway " + (version == null ? "(not run from its jar)" : version)};
        }
    }
}
