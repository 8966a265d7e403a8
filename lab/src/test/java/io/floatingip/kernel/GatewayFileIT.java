package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Node;
import io.floatingip.lab.Running;
import io.floatingip.lab.Web;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
        gateway.awaitLine("listeners changes when the gateway is started again", SOON);
        gateway.awaitLine("gateway: reloaded", SOON);
        assertThat(get(ADDRESS)).endsWith("second");
        assertThat(node.holds(ADDRESS)).isTrue();
    }

    @Test
    void servesTheVirtualServersOfAKeepalivedConf() throws IOException {
        Web.start(servers, 8081, "balanced");
        Path file = lan.directory().resolve("keepalived.conf");
        Files.writeString(file, """
                vrrp_instance web {
                    interface eth0
                    virtual_router_id 52
                    version 3
                    priority 150
                    virtual_ipaddress { %s/32 }
                }
                virtual_server %s 80 {
                    lb_algo rr
                    protocol TCP
                    delay_loop 1
                    real_server %s 8081 { TCP_CHECK { connect_timeout 1 } }
                }
                """.formatted(ADDRESS, ADDRESS, servers.ipv4()));
        Running gateway = Node.gateway(node, file, change -> {}).process();
        node.awaitHolds(ADDRESS, true, SOON);
        assertThat(get(ADDRESS)).endsWith("balanced");
        gateway.terminate();
        assertThat(gateway.awaitExit(SOON)).as(gateway.tail()).isZero();
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

    private void hangUp(Running gateway) {
        node.sh("kill -HUP " + gateway.pid());
    }

    /** The whole answer, as it came. */
    private String get(String address) {
        return client.run(
                "bash",
                "-c",
                "exec 3<>/dev/tcp/" + address + "/80; printf 'GET / HTTP/1.1\\r\\nHost: " + address
                        + "\\r\\nConnection: close\\r\\n\\r\\n' >&3; cat <&3");
    }
}
