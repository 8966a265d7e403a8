package io.floatingip.internal.notify;

import io.floatingip.RoleChange;
import io.floatingip.internal.notify.MailSettings.Security;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Date;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The one class that needs Jakarta Mail. */
public final class MailTransport {
    private static final String LIMIT_MILLIS = "10000";

    private MailTransport() {}

    /** Blocks until the server has taken it. */
    public static void send(MailSettings settings, RoleChange change) throws MessagingException {
        MimeMessage message = new MimeMessage(Session.getInstance(properties(settings), authenticator(settings)));
        message.setFrom(new InternetAddress(settings.from()));
        for (String to : settings.to()) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(to));
        }
        message.setSentDate(Date.from(change.at()));
        String host = host();
        message.setSubject("[" + host + "] " + change.name() + " is " + Words.state(change), "UTF-8");
        message.setText(
                change + "\n\nhost:     " + host + "\nat:       " + change.at() + "\nreason:   " + change.reason()
                        + "\npriority: " + change.priority() + "\nepoch:    " + change.epoch() + "\n",
                "UTF-8");
        Transport.send(message);
    }

    private static Properties properties(MailSettings settings) {
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol", "smtp");
        properties.setProperty("mail.smtp.host", settings.host());
        properties.setProperty("mail.smtp.port", Integer.toString(settings.port()));
        properties.setProperty("mail.smtp.connectiontimeout", LIMIT_MILLIS);
        properties.setProperty("mail.smtp.timeout", LIMIT_MILLIS);
        properties.setProperty("mail.smtp.writetimeout", LIMIT_MILLIS);
        properties.setProperty("mail.smtp.auth", Boolean.toString(settings.user() != null));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        if (settings.security() == Security.STARTTLS) {
            properties.setProperty("mail.smtp.starttls.enable", "true");
            properties.setProperty("mail.smtp.starttls.required", "true");
        } else if (settings.security() == Security.TLS) {
            properties.setProperty("mail.smtp.ssl.enable", "true");
        }
        settings.properties().forEach(properties::setProperty);
        return properties;
    }

    private static @Nullable Authenticator authenticator(MailSettings settings) {
        if (settings.user() == null) {
            return null;
        }
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(settings.user(), settings.password());
            }
        };
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown host";
        }
    }
}
