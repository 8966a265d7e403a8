package io.floatingip.standalone;

import io.floatingip.gateway.LogLevel;
import io.floatingip.gateway.Runner;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Joins and serves everything a keepalived.conf describes, and follows its changes at SIGHUP. */
@Command(
        name = "run",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Joins the instances and groups of a keepalived.conf, serves its virtual_server blocks with TCP by a proxy, and runs until it is told to stop.",
            "",
            "Every change of role is printed on standard output, as join prints it. What of the file is not done as keepalived does it is"
                    + " printed on standard error first; a file with errors is refused.",
            ""
        },
        footerHeading = "%nNeeds Linux and the capabilities CAP_NET_RAW and CAP_NET_ADMIN (root has them).%n",
        footer = {
            "SIGHUP reads the file again: what did not change goes on undisturbed, and a file with errors changes nothing.",
            "SIGTERM or SIGINT (Ctrl-C) is a clean leave: connections to virtual servers are finished while the address still serves.",
            ""
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:left cleanly after SIGTERM or SIGINT",
            "1:cannot start: privilege or interface missing, address or port in use, not Linux; or --strict and there are warnings",
            "2:the file has errors"
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private FileOptions file;

    @Option(names = "--strict", description = "Refuse a file with warnings too.")
    private boolean strict;

    @Option(names = "--status", paramLabel = "PORT", description = "Serve a status page at this port of 127.0.0.1.")
    private Optional<Integer> statusPort = Optional.empty();

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "WARN",
            description = "What to log on standard error: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private LogLevel logLevel;

    @Mixin
    private Console console;

    @Override
    public Integer call() throws InterruptedException {
        return new Runner(file::read, console.terminal(), logLevel, strict, statusPort).run();
    }
}
