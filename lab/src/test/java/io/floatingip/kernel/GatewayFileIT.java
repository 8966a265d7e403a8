package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Capture;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Load;
import io.floatingip.lab.Node;
import io.floatingip.lab.Running;
import io.floatingip.lab.Web;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a gateway's file says is what it does, also when the file changes, and also when it is keepalived's. */
@Tag("kernel")
@Tag("once")
class GatewayFileIT {
    private static final String ADDRESS = "10.99.0.66";
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Lan lan = Lan.open();
    private final Host node = lan.host("node");
    private final Host servers = lan.host("servers");
    private final Host client = lan.host("client");

    @AfterEach
    void close() {
        lan.close();
    }

    @Test
    void readsItsFileAgainAtSighup() throws IOException {
        Web.start(servers, 8081, "first");
        Web.start(servers, 8082, "second");
        Path file = lan.directory().resolve("gateway.yaml");
        Files.writeString(file, yaml(8081, 80));
        Running gateway = Node.gateway(node, file, change -> {}).process();
        node.awaitHolds(ADDRESS, true, SOON);
        assertThat(get(ADDRESS)).endsWith("first");

        Files.writeString(file, yaml(8082, 80).replace("upstreams", "upstraems"));
        hangUp(gateway);
        gateway.awaitLine("yaml:9:10: error: services.web.upstraems: no such key; did you mean upstreams", SOON);
        gateway.awaitLine("not reloaded: the file as it is now is refused; nothing has changed", SOON);
        assertThat(get(ADDRESS)).endsWith("first");

        Files.writeString(file, yaml(8082, 81));
        hangUp(gateway);
        gateway.awaitLine("listener in changes at the next start", SOON);
        gateway.awaitLine("gateway: reloaded", SOON);
        assertThat(get(ADDRESS)).endsWith("second");
        assertThat(node.holds(ADDRESS)).isTrue();
    }

    @Test
    void theFloatingIpChangesAtSighupToo() throws IOException {
        Web.start(servers, 8081, "upstream");
        Path file = lan.directory().resolve("gateway.yaml");
        String text = yaml(8081, 80);
        Files.writeString(file, text);
        Node gateway = Node.gateway(node, file, change -> {}).awaitRole("MASTER", SOON);
        int before = gateway.changes().size();

        Files.writeString(file, text.replace(ADDRESS + "/32", "[" + ADDRESS + "/32, 10.99.0.67/32]"));
        hangUp(gateway.process());
        node.awaitHolds("10.99.0.67", true, SOON);
        assertThat(node.holds(ADDRESS)).isTrue();
        assertThat(gateway.changes()).hasSize(before);
    }

    @Test
    void servesTheVirtualServersOfAKeepalivedConf() throws IOException {
        Web.start(servers, 8081, "balanced");
        Path file = lan.directory().resolve("keepalived.conf");
        Files.writeString(file, keepalived(8081));
        Running gateway = Node.gateway(node, file, change -> {}).process();
        node.awaitHolds(ADDRESS, true, SOON);
        assertThat(get(ADDRESS)).endsWith("balanced");
        gateway.terminate();
        assertThat(gateway.awaitExit(SOON)).as(gateway.tail()).isZero();
        assertThat(node.holds(ADDRESS)).isFalse();
    }

    @Test
    void theStandaloneProgramServesThemAndFollowsTheirChanges() throws IOException {
        Web.start(servers, 8081, "first");
        Running second = Web.start(servers, 8082, "second");
        Web.start(servers, 8083, "third");
        Path file = lan.directory().resolve("keepalived.conf");
        Files.writeString(file, keepalived(8081, 8082));
        Node running = Node.run(node, file);
        node.awaitHolds(ADDRESS, true, SOON);
        awaitServers("first", "second");

        second.kill();
        awaitServers("first");
        assertThat(node.holds(ADDRESS)).isTrue();

        int before = running.changes().size();
        try (Capture capture = lan.capture("reload");
                Load load = Load.start(client, ADDRESS, 80, 200)) {
            // One real_server more, and one virtual_server.
            Files.writeString(
                    file,
                    keepalived(8081, 8082, 8083)
                            + "virtual_server %s 81 {\n real_server %s 8083 {\n }\n}\n"
                                    .formatted(ADDRESS, servers.ipv4()));
            hangUp(running.process());
            running.process().awaitLine("floatingip: reloaded", SOON);
            awaitServers("first", "third");
            assertThat(get(ADDRESS, 81)).endsWith("third");
            Load.Count count = load.stop();
            assertThat(count.failed()).as(count.toString()).isZero();
            assertThat(count.answered()).isPositive();
            assertThat(capture.stop().adverts())
                    .isNotEmpty()
                    .extracting(Capture.Advert::priority)
                    .containsOnly(150);
        }
        assertThat(running.changes()).hasSize(before);
        assertThat(node.holds(ADDRESS)).isTrue();

        running.process().terminate();
        assertThat(running.process().awaitExit(SOON))
                .as(running.process().tail())
                .isZero();
        assertThat(node.holds(ADDRESS)).isFalse();
    }

    @Test
    void saysWhatIsInTheWayAndLeavesNothingBehind() throws IOException {
        Path file = lan.directory().resolve("gateway.yaml");
        Files.writeString(file, yaml(8081, 80).replace("eth0", "eth7"));
        Running gateway = Node.gateway(node, file, change -> {}).process();
        assertThat(gateway.awaitExit(SOON)).isEqualTo(1);
        gateway.awaitLine("^gateway: there is no interface eth7", SOON);
        Web.start(node, 80, "taken");
        Files.writeString(file, yaml(8081, 80));
        Running second = Node.gateway(node, file, change -> {}).process();
        assertThat(second.awaitExit(SOON)).isEqualTo(1);
        second.awaitLine("^gateway: cannot listen at .*" + ADDRESS + ".*in use", SOON);
        assertThat(node.holds(ADDRESS)).isFalse();
    }

    private String yaml(int upstream, int port) {
        return """
                floating-ip:
                  interface: eth0
                  virtual-router-id: 52
                  address: %s/32
                listeners:
                  - {name: in, address: "%s:%d", http2: false}
                services:
                  web:
                         upstreams: ["%s:%d"]
                """.formatted(ADDRESS, ADDRESS, port, servers.ipv4(), upstream);
    }

    private String keepalived(int... realServers) {
        String instance = """
                vrrp_instance web {
                    interface eth0
                    virtual_router_id 52
                    version 3
                    advert_int 0.1
                    priority 150
                    virtual_ipaddress { %s/32 }
                }
                """.formatted(ADDRESS);
        String checked = IntStream.of(realServers)
                .mapToObj(port -> " real_server %s %d {\n  TCP_CHECK {\n   connect_timeout 1\n  }\n }\n"
                        .formatted(servers.ipv4(), port))
                .collect(Collectors.joining());
        return instance + "virtual_server " + ADDRESS + " 80 {\n lb_algo rr\n protocol TCP\n delay_loop 1\n" + checked
                + "}\n";
    }

    /** Until several requests in a row are answered by all of these, and by nobody else. */
    private void awaitServers(String... names) {
        Set<String> seen = new TreeSet<>();
        Lan.await(
                SOON,
                () -> {
                    seen.clear();
                    for (int i = 0; i < 6; i++) {
                        String answer = get(ADDRESS);
                        seen.add(answer.substring(answer.lastIndexOf('\n') + 1));
                    }
                    return seen.equals(Set.of(names));
                },
                () -> "answers come from " + seen);
    }

    private void hangUp(Running gateway) {
        node.sh("kill -HUP " + gateway.pid());
    }

    private String get(String address) {
        return get(address, 80);
    }

    /** The whole answer, as it came. */
    private String get(String address, int port) {
        return client.run(
                "bash",
                "-c",
                "exec 3<>/dev/tcp/" + address + "/" + port + "; printf 'GET / HTTP/1.1\\r\\nHost: " + address
                        + "\\r\\nConnection: close\\r\\n\\r\\n' >&3; cat <&3");
    }
}
