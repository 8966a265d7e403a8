package io.floatingip.internal.notify;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How mail goes out. */
public record MailSettings(
        String host,
        int port,
        String from,
        List<String> to,
        Security security,
        @Nullable String user,
        @Nullable String password,
        Map<String, String> properties) {
    /** What protects the connection. */
    public enum Security {
        NONE,
        STARTTLS,
        TLS
    }

    public MailSettings withPort(int value) {
        return new MailSettings(host, value, from, to, security, user, password, properties);
    }

    public MailSettings with(Security value) {
        return new MailSettings(host, port, from, to, value, user, password, properties);
    }

    public MailSettings withLogin(String newUser, String newPassword) {
        return new MailSettings(host, port, from, to, security, newUser, newPassword, properties);
    }

    public MailSettings withProperties(Map<String, String> value) {
        return new MailSettings(host, port, from, to, security, user, password, value);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "mail from " + from + " to " + to + " by " + host + ":" + port + ", " + security
                + (user == null ? "" : ", as " + user);
    }
}
