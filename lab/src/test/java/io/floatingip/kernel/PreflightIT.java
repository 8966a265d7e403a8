package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Node;
import io.floatingip.lab.Running;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What join refuses on a real machine: a message that says what to do, and nothing changed. */
@Tag("kernel")
class PreflightIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private Lan lan;
    private Host host;

    @BeforeEach
    void buildTheLan() {
        lan = Lan.open();
        host = lan.host("a");
    }

    @AfterEach
    void takeItDown() {
        lan.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"net_raw", "net_admin"})
    void namesTheCapabilityThatIsMissing(String capability) {
        List<String> without = List.of("setpriv", "--bounding-set=-" + capability, "--inh-caps=-" + capability, "--");
        String message = refused(Node.command(without, "--vrid", "52", "--address", "10.99.0.66/32"));
        assertThat(message).contains("CAP_" + capability.toUpperCase(Locale.ROOT));
    }

    @Test
    void namesTheInterfaceThatIsMissing() {
        String message =
                refused(Node.command(List.of(), "--interface", "eth7", "--vrid", "52", "--address", "10.99.0.66/32"));
        assertThat(message).contains("eth7", "eth0");
    }

    @Test
    void saysThatTheAddressIsHereForAnotherPurpose() {
        host.sh("ip link add other type bridge && ip addr add 10.99.0.66/24 dev other && ip link set other up");
        String message = refused(Node.command(List.of(), "--vrid", "52", "--address", "10.99.0.66/32"));
        assertThat(message).contains("10.99.0.66", "other");
    }

    @Test
    void refusesTheHostsOwnAddress() {
        String message = refused(Node.command(List.of(), "--vrid", "52", "--address", host.ipv4() + "/32"));
        assertThat(message).contains(host.ipv4(), "eth0");
    }

    @Test
    void namesTheInterfaceThatHasNoAddressToSendFrom() {
        host.sh("ip addr flush dev eth0 scope global");
        String message = refused(Node.command(List.of(), "--vrid", "52", "--address", "10.99.0.66/32"));
        assertThat(message).contains("eth0", "no IPv4 address", "ip addr add");
    }

    @Test
    void takesPartAgainWhenTheAddressToSendFromIsBack() {
        Node node = Node.join(host, "--vrid", "52", "--address", "10.99.0.66/32", "--interval", "100ms");
        node.awaitRole("MASTER", SOON);
        host.sh("ip addr del " + host.ipv4() + "/24 dev eth0");
        node.awaitRole("FAULT", SOON);
        host.awaitHolds("10.99.0.66", false, SOON);
        int said = node.process().lines().size();
        host.sh("ip addr add " + host.ipv4() + "/24 dev eth0");
        node.process().awaitLine("-> MASTER: ", SOON, said);
        host.awaitHolds("10.99.0.66", true, SOON);
    }

    private String refused(List<String> command) {
        String before = state();
        try (Running node = host.start("node", command)) {
            assertThat(node.awaitExit(SOON)).as(node.tail()).isEqualTo(1);
            assertThat(node.lines()).allMatch(Running.Line::error, "standard output is for changes of role");
            List<String> errors = node.lines().stream().map(Running.Line::text).toList();
            assertThat(errors.get(0)).startsWith("floatingip: ");
            assertThat(errors)
                    .as("no stack trace")
                    .noneMatch(line -> line.contains("Exception") || line.startsWith("\tat "));
            assertThat(state()).isEqualTo(before);
            return String.join("\n", errors);
        }
    }

    private String state() {
        return host.run("ip", "-o", "addr") + host.run("nft", "list", "ruleset");
    }
}
