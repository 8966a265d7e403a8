package io.floatingip.keepalived;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where mail about changes goes ({@code global_defs}).
 *
 * @param to nobody: no mail is sent
 * @param server host name or address
 * @param connectTimeout default 30 s
 * @param faults whether faults are worth a mail ({@code no_email_faults} absent)
 * @param routerId names this machine in the subject; empty for the host's name
 */
public record MailSettings(
        List<String> to,
        Optional<String> from,
        Optional<String> server,
        int port,
        Optional<String> helloName,
        Duration connectTimeout,
        boolean faults,
        Optional<String> routerId) {
    public MailSettings {
        to = List.copyOf(to);
    }
}
