package io.floatingip.keepalived;

import io.floatingip.FloatingIpException;
import io.floatingip.Role;
import io.floatingip.RoleListener;
import io.floatingip.notify.NotifyCommands;
import io.floatingip.notify.NotifyFifo;
import io.floatingip.notify.NotifyMail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes listeners of what is to be told: notify scripts, FIFOs, mail. */
final class Listeners {
    private Listeners() {}

    /**
     * The listeners.
     *
     * @throws FloatingIpException if mail is asked for and Jakarta Mail is not there
     */
    static List<RoleListener> of(NotifyScripts scripts, boolean mail, MailSettings settings, List<Path> fifos) {
        List<RoleListener> listeners = new ArrayList<>();
        if (!scripts.isEmpty()) {
            listeners.add(commands(scripts));
        }
        fifos.forEach(fifo -> listeners.add(new NotifyFifo(fifo)));
        if (mail && !settings.to().isEmpty()) {
            listeners.add(mail(settings));
        }
        return listeners;
    }

    private static NotifyCommands commands(NotifyScripts scripts) {
        NotifyCommands commands = NotifyCommands.create();
        if (scripts.master().isPresent()) {
            List<String> c = Commands.of(scripts.master().get());
            commands = commands.onMaster(c.get(0), rest(c));
        }
        if (scripts.backup().isPresent()) {
            List<String> c = Commands.of(scripts.backup().get());
            commands = commands.onBackup(c.get(0), rest(c));
        }
        if (scripts.fault().isPresent()) {
            List<String> c = Commands.of(scripts.fault().get());
            commands = commands.onFault(c.get(0), rest(c));
        }
        if (scripts.stop().isPresent()) {
            List<String> c = Commands.of(scripts.stop().get());
            commands = commands.onStop(c.get(0), rest(c));
        }
        if (scripts.any().isPresent()) {
            List<String> c = Commands.of(scripts.any().get());
            commands = commands.onAny(c.get(0), rest(c));
        }
        return commands;
    }

    private static String[] rest(List<String> command) {
        return command.subList(1, command.size()).toArray(String[]::new);
    }

    private static RoleListener mail(MailSettings settings) {
        String host = settings.server().orElse("127.0.0.1");
        String from = settings.from()
                .orElseGet(() -> "floatingip@" + settings.routerId().orElse("localhost"));
        NotifyMail mail = NotifyMail.by(host, from, settings.to().toArray(String[]::new))
                .port(settings.port())
                .property(
                        "mail.smtp.connectiontimeout",
                        Long.toString(settings.connectTimeout().toMillis()));
        Optional<String> hello = settings.helloName();
        NotifyMail whole = hello.isPresent() ? mail.property("mail.smtp.localhost", hello.get()) : mail;
        return RoleListener.onAnyChange(change -> {
            if (settings.faults() || change.to() != Role.FAULT) {
                whole.onChange(change);
            }
        });
    }
}
