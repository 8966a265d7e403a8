package io.floatingip.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.floatingip.Role;
import io.floatingip.internal.health.Certificates;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NotifyMailTest {
    @TempDir
    Path directory;

    @Test
    void arrivesAtTheServer() throws Exception {
        GreenMail server = started(ServerSetup.PROTOCOL_SMTP);
        try {
            NotifyMail mail = NotifyMail.by("127.0.0.1", "vip@example.test", "ops@example.test", "boss@example.test")
                    .port(server.getSmtp().getPort());
            mail.onChange(Changes.to(Role.MASTER));
            Changes.awaitDone(mail);

            MimeMessage[] received = server.getReceivedMessages();
            assertThat(received).hasSize(2);
            assertThat(received[0].getSubject()).endsWith("] VI_1 is MASTER");
            assertThat(GreenMailUtil.getBody(received[0]))
                    .startsWith("(VI_1) BACKUP -> MASTER: no advert for \"3.6 s\"")
                    .contains("reason:   MASTER_SILENT", "priority: 100", "epoch:    3");
            assertThat(mail.delivered()).isEqualTo(1);
        } finally {
            server.stop();
        }
    }

    @Test
    void logsInOverTls() throws Exception {
        GreenMail server = started(ServerSetup.PROTOCOL_SMTPS);
        try {
            server.setUser("ops@example.test", "vip", "secret");
            server.getUserManager().setAuthRequired(true);
            NotifyMail mail = NotifyMail.by("127.0.0.1", "vip@example.test", "ops@example.test")
                    .port(server.getSmtps().getPort())
                    .tls()
                    .property("mail.smtp.ssl.trust", "*")
                    .property("mail.smtp.ssl.checkserveridentity", "false")
                    .login("vip", "secret");
            mail.onChange(Changes.to(Role.FAULT));
            Changes.awaitDone(mail);
            assertThat(server.getReceivedMessages()).hasSize(1);
            assertThat(mail.delivered()).isEqualTo(1);
        } finally {
            server.stop();
        }
    }

    @Test
    void saysNothingInTheClearWithStartTls() throws Exception {
        Certificates.Identity identity = new Certificates(directory).selfSigned("smtp", "dns:localhost,ip:127.0.0.1");
        try (StartTlsServer server = new StartTlsServer(identity.server())) {
            NotifyMail mail = NotifyMail.by("localhost", "vip@example.test", "ops@example.test")
                    .port(server.port())
                    .startTls()
                    .property("mail.smtp.ssl.trust", "localhost")
                    .login("vip", "secret");
            mail.onChange(Changes.to(Role.MASTER));
            Changes.awaitDone(mail);
            assertThat(mail.delivered()).isEqualTo(1);
            assertThat(server.inTheClear()).isEqualTo(List.of("EHLO", "STARTTLS"));
            assertThat(server.encrypted()).containsSubsequence("EHLO", "AUTH", "MAIL", "RCPT", "DATA");
        }
    }

    private static GreenMail started(String protocol) {
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", protocol);
        setup.setServerStartupTimeout(10_000);
        GreenMail server = new GreenMail(setup.dynamicPort());
        server.start();
        return server;
    }
}
