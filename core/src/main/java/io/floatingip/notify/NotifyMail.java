package io.floatingip.notify;

import io.floatingip.FloatingIpException;
import io.floatingip.RoleChange;
import io.floatingip.internal.notify.MailSettings;
import io.floatingip.internal.notify.MailTransport;
import io.floatingip.internal.notify.Outbox;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Sends mail on every change, through Jakarta Mail, which the application has to bring ({@code org.eclipse.angus:jakarta.mail}). Tried 5 times,
 * with pauses of 2 s and more. Immutable, each method returns a changed copy.
 */
public final class NotifyMail extends Delivering {
    private final MailSettings settings;

    private NotifyMail(MailSettings settings) {
        super(new Outbox("mail by " + settings.host(), 5, Duration.ofSeconds(2), Duration.ofMinutes(1)));
        this.settings = settings;
    }

    /**
     * Mail from one address to others by an SMTP server; without TLS and login if nothing else is said, on port 25.
     *
     * @throws FloatingIpException if Jakarta Mail is not there
     */
    public static NotifyMail by(String host, String from, String... to) {
        if (to.length == 0) {
            throw new IllegalArgumentException("mail needs an address to go to");
        }
        try {
            Class.forName("jakarta.mail.Session", false, NotifyMail.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new FloatingIpException(
                    "mail needs Jakarta Mail on the class path; add org.eclipse.angus:jakarta.mail", e);
        }
        return new NotifyMail(new MailSettings(
                Objects.requireNonNull(host, "host"),
                25,
                from,
                List.of(to),
                MailSettings.Security.NONE,
                null,
                null,
                Map.of()));
    }

    /** Another port: 587 is usual with STARTTLS, 465 with TLS from the start. */
    public NotifyMail port(int value) {
        if (value < 1 || value > 65535) {
            throw new IllegalArgumentException("port must be 1 to 65535, got " + value);
        }
        return new NotifyMail(settings.withPort(value));
    }

    /** Changes to TLS before anything is said, and says nothing to a server that cannot. */
    public NotifyMail startTls() {
        return new NotifyMail(settings.with(MailSettings.Security.STARTTLS));
    }

    /** TLS from the start. */
    public NotifyMail tls() {
        return new NotifyMail(settings.with(MailSettings.Security.TLS));
    }

    /** Logs in; without {@link #startTls} or {@link #tls} whoever listens reads the password. */
    public NotifyMail login(String user, String password) {
        return new NotifyMail(
                settings.withLogin(Objects.requireNonNull(user, "user"), Objects.requireNonNull(password, "password")));
    }

    /** Anything else Jakarta Mail understands, such as {@code mail.smtp.ssl.trust}. */
    public NotifyMail property(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(settings.properties());
        more.put(name, value);
        return new NotifyMail(settings.withProperties(Map.copyOf(more)));
    }

    @Override
    public void onChange(RoleChange change) {
        outbox.put(change.toString(), () -> MailTransport.send(settings, change));
    }
}
