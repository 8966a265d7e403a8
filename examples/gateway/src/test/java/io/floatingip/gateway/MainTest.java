package io.floatingip.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
    private static final String GOOD = """
            listeners: [{address: "10.0.0.1:80", service: web}]
            services:
              web: {upstreams: [10.0.0.2:80]}
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void checksAFileWithoutRunningIt() throws Exception {
        assertThat(run("check", file(GOOD))).isZero();
        assertThat(out.toString()).isEmpty();
        String unused = file(GOOD + "  shop: {upstreams: [10.0.0.2:80]}\n");
        assertThat(run("check", unused)).isZero();
        assertThat(out.toString())
                .isEqualTo(unused + ":4:9: warning: services.shop: no listener sends anything here\n");
        assertThat(run("check", "--strict", unused)).isEqualTo(1);
    }

    @Test
    void refusesAFileWithMistakesBeforeAnythingIsBound() throws Exception {
        String wrong = file(GOOD.replace("upstreams", "servers"));
        assertThat(run(wrong)).isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo(
                        "gateway: " + wrong + ":3:8: error: services.web: upstreams is missing, for example upstreams:"
                                + " [10.0.0.1:8080, 10.0.0.2:8080]\ngateway: " + wrong
                                + ":3:9: error: services.web.servers: no such key; there is algorithm, check, persistence, quorum,"
                                + " sorry-server, upstreams\n");
    }

    @Test
    void saysHowItIsUsed() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo("gateway: a file is missing, for example: gateway.yaml (gateway --help explains)\n");
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("SIGHUP").contains("CAP_NET_ADMIN");
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    private String file(String text) throws Exception {
        Path file = directory.resolve("gateway.yaml");
        Files.writeString(file, text);
        return file.toString();
    }
}
