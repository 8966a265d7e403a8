package io.floatingip.keepalived;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Makes what can be run of what is written. */
final class Commands {
    /** What a shell would do something about; quotes around arguments are taken away without one. */
    private static final Pattern SHELL = Pattern.compile("[|;&<>$`*?\\[\\]()~\\\\]");

    private static final Pattern QUOTED = Pattern.compile("'[^']*'");

    private Commands() {}

    /**
     * The program and its arguments, run as the script's user, and by a shell if the line asks for one, as keepalived does. A program that needs
     * to change its user must be started as root.
     */
    static List<String> of(ScriptCall call) {
        List<String> command = new ArrayList<>();
        String self = System.getProperty("user.name", "");
        if (call.user().isPresent() && !call.user().get().equals(self)) {
            command.addAll(List.of("runuser", "-u", call.user().get()));
            call.group().ifPresent(group -> command.addAll(List.of("-g", group)));
            command.add("--");
        }
        if (SHELL.matcher(QUOTED.matcher(call.line()).replaceAll("")).find()) {
            command.addAll(List.of("/bin/sh", "-c", call.line()));
        } else {
            command.addAll(call.arguments());
        }
        return command;
    }
}
