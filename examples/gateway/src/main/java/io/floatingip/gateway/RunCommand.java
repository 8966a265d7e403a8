package io.floatingip.gateway;

import io.floatingip.gateway.config.GatewayFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a gateway until it is told to stop. */
@Command(
        name = "gateway",
        sortOptions = false,
        usageHelpAutoWidth = true,
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {CheckCommand.class, CommandLine.HelpCommand.class},
        description = {
            "A reverse proxy that claims its own floating IP address, together with the gateways of other nodes.",
            "",
            "Every change of role is printed on standard output as one line: time (UTC), name, the role before and after, why, and"
                    + " [REASON epoch N]. Logs, and what is wrong with the file, go to standard error.",
            ""
        },
        footerHeading = "%nNeeds Linux and the capabilities CAP_NET_RAW and CAP_NET_ADMIN (root has them).%n",
        footer = {
            "SIGHUP reads the file again: what did not change goes on undisturbed, and a file with errors changes nothing."
                    + " Certificates that are replaced are taken over without it.",
            "SIGTERM or SIGINT (Ctrl-C) drains, hands the address to the next node and then ends.",
            ""
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:left cleanly after SIGTERM or SIGINT",
            "1:cannot start: privilege or interface missing, port taken, not Linux; or --strict and there are warnings",
            "2:the file has errors"
        })
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "YAML, or with a name that ends with .conf a file of keepalived's.")
    private Path file;

    @Option(names = "--strict", description = "Refuse a file with warnings too.")
    private boolean strict;

    @Option(
            names = "--status",
            paramLabel = "PORT",
            description = "Serve the status page at this port of 127.0.0.1, whatever the file says.")
    private Optional<Integer> statusPort = Optional.empty();

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "WARN",
            description = "What to log on standard error: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private LogLevel logLevel;

    @Override
    public Integer call() throws InterruptedException {
        if (file == null) {
            throw new ParameterException(spec.commandLine(), "a file is missing, for example: gateway.yaml");
        }
        Terminal terminal = new Terminal(
                "gateway", spec.commandLine().getOut(), spec.commandLine().getErr());
        return new Runner(() -> GatewayFile.read(file), terminal, logLevel, strict, statusPort).run();
    }
}
