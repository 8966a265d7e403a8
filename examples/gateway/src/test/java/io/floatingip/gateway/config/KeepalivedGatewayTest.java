package io.floatingip.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIpConfig;
import io.floatingip.keepalived.KeepalivedConfig;
import io.floatingip.keepalived.Severity;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeepalivedGatewayTest {
    private static final String INSTANCE = """
            vrrp_instance web {
                interface eth0
                virtual_router_id 52
                priority 150
                virtual_ipaddress { 10.99.0.66/32 }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void servesVirtualServersAtTheAddressesOfItsInstances() throws Exception {
        GatewayFile file = read(INSTANCE + """
                virtual_server 10.99.0.66 80 {
                    delay_loop 6
                    lb_algo wrr
                    lb_kind NAT
                    persistence_timeout 50
                    persistence_granularity 255.255.255.0
                    protocol TCP
                    quorum 2
                    sorry_server 10.99.0.9 8080
                    real_server 10.99.0.11 8080 {
                        weight 3
                        TCP_CHECK { connect_timeout 2 }
                    }
                    real_server 10.99.0.12 {
                        uthreshold 100
                        HTTP_GET {
                            url {
                                path /healthz
                                digest 0123456789abcdef0123456789abcdef
                                status_code 200
                            }
                            retry 3
                        }
                    }
                }
                """);
        assertThat(file.findings())
                .filteredOn(f -> f.severity() != Severity.INFO)
                .isEmpty();
        GatewayConfig config = file.config().orElseThrow();
        assertThat(config.floatingIps()).extracting(FloatingIpConfig::name).containsExactly("web");
        assertThat(config.floatingIps().get(0).drain()).isEqualTo(Limits.DEFAULT.drain());
        assertThat(config.listeners())
                .containsExactly(new Listener(
                        "10.99.0.66:80",
                        new InetSocketAddress("10.99.0.66", 80),
                        Listener.Protocol.TCP,
                        Optional.empty(),
                        false,
                        "10.99.0.66:80"));
        Service service = config.service("10.99.0.66:80");
        assertThat(service.algorithm()).isEqualTo(Service.Algorithm.WRR);
        assertThat(service.persistence()).contains(new Service.Persistence(Duration.ofSeconds(50), 24, 128));
        assertThat(service.quorum()).isEqualTo(2);
        assertThat(service.sorryServer()).contains(new InetSocketAddress("10.99.0.9", 8080));
        Service.Upstream first = service.upstreams().get(0);
        assertThat(first.weight()).isEqualTo(3);
        assertThat(first.checks())
                .containsExactly(new Check.Tcp(
                        new InetSocketAddress("10.99.0.11", 8080),
                        new Check.Timing(
                                Duration.ofSeconds(6), Duration.ofSeconds(2), 1, Duration.ofSeconds(1), 1, 1, false)));
        Service.Upstream second = service.upstreams().get(1);
        assertThat(second.address()).isEqualTo(new InetSocketAddress("10.99.0.12", 80));
        assertThat(second.connectionsMax()).isEqualTo(100);
        assertThat(second.checks()).singleElement().isInstanceOfSatisfying(Check.Http.class, http -> {
            assertThat(http.pages())
                    .isEqualTo(List.of(new Check.Page(
                            "/healthz",
                            Optional.empty(),
                            200,
                            200,
                            Optional.of("0123456789abcdef0123456789abcdef"),
                            Optional.empty())));
            assertThat(http.timing().retries()).isEqualTo(3);
        });
    }

    @Test
    void keepsGroupsTogether() throws Exception {
        GatewayConfig config = read("vrrp_sync_group both { group { web other } }\n" + INSTANCE
                        + INSTANCE.replace("web", "other").replace("52", "53").replace(".66", ".67")
                        + "virtual_server 10.99.0.66 80 { real_server 10.99.0.11 80 { } }\n")
                .config()
                .orElseThrow();
        assertThat(config.memberships()).singleElement().satisfies(group -> {
            assertThat(group.group()).contains("both");
            assertThat(group.members()).extracting(Membership.Member::name).containsExactly("web", "other");
        });
    }

    @Test
    void idleConnectionsStayAsLongAsTheyDidInTheKernel() throws Exception {
        String server = "virtual_server 10.99.0.66 80 { real_server 10.99.0.11 80 { } }\n";
        assertThat(read(INSTANCE + server).config().orElseThrow().limits().idleTimeout())
                .isEqualTo(Duration.ofMinutes(15));
        String timeouts = "global_defs { lvs_timeouts tcpfin 30 tcp 7200 udp 300 }\n";
        GatewayFile file = read(timeouts + INSTANCE + server);
        assertThat(file.config().orElseThrow().limits().idleTimeout()).isEqualTo(Duration.ofHours(2));
        assertThat(file.findings())
                .filteredOn(f -> f.at().line() == 1)
                .allSatisfy(f -> assertThat(f.severity()).isEqualTo(Severity.INFO));
        String written =
                KeepalivedConfig.read(directory.resolve("keepalived.conf")).write();
        assertThat(KeepalivedConfig.parse(written).tcpTimeout()).contains(Duration.ofHours(2));
    }

    @Test
    void refusesAnInstanceOfTwoGroups() throws Exception {
        GatewayFile file = read("""
                vrrp_sync_group one { group { web } }
                vrrp_sync_group two { group { web } }
                """ + INSTANCE + "virtual_server 10.99.0.66 80 { real_server 10.99.0.11 80 { } }\n");
        assertThat(file.config()).isEmpty();
        assertThat(file.findings())
                .filteredOn(f -> f.severity() == Severity.ERROR)
                .singleElement()
                .satisfies(f -> assertThat(f.at().line()).isEqualTo(2));
    }

    @Test
    void saysWhatItDoesNotDo() throws Exception {
        GatewayFile file = read(INSTANCE + """
                virtual_server 10.99.0.66 80 {
                    lb_algo sed
                    real_server 10.99.0.11 80 { }
                }
                virtual_server 10.99.0.66 53 {
                    protocol UDP
                    real_server 10.99.0.11 53 { }
                }
                virtual_server fwmark 3 {
                    real_server 10.99.0.11 80 { }
                }
                """);
        assertThat(file.config()).isPresent();
        assertThat(file.findings().stream()
                        .filter(f -> f.severity() == Severity.WARNING)
                        .map(f -> f.at().line() + ": " + f.message()))
                .containsExactly(
                        "7: lb_algo sed is done as wlc",
                        "11: not served: the gateway carries TCP, not UDP; leave this virtual_server to keepalived",
                        "15: fwmark is not served: the gateway listens on addresses and ports; name them instead");
    }

    @Test
    void refusesWhatCouldNotRun() throws Exception {
        GatewayFile file = read(INSTANCE + """
                virtual_server 10.99.0.66 80 {
                    real_server 10.99.0.11 80 {
                        HTTP_GET { url {
                            path /
                            regex "(open"
                        } }
                    }
                    real_server 10.99.0.11 80 { }
                }
                virtual_server 10.99.0.66 80 {
                    real_server 10.99.0.12 80 { }
                }
                """);
        assertThat(file.config()).isEmpty();
        assertThat(file.findings().stream()
                        .filter(f -> f.severity() == Severity.ERROR)
                        .map(f -> f.at().line() + ": "
                                + f.message().lines().findFirst().orElseThrow()))
                .containsExactly(
                        "8: a check cannot be done: Unclosed group near index 5",
                        "14: another real_server is 10.99.0.11:80 too",
                        "16: another virtual_server has 10.99.0.66:80 too");
    }

    @Test
    void dropsNothingSilently() throws Exception {
        GatewayFile file =
                read("global_defs {\nnotification_email {\na@example.org\n}\nscript_user nobody\n}\n" + INSTANCE + """
                virtual_server 10.99.0.66 80 {
                    lb_algo sh
                    sh-port
                    sh-fallback
                    hysteresis 1
                    omega
                    ops
                    warmup 9
                    quorum_up /bin/true
                    sorry_server 10.99.0.9 80
                    sorry_server_inhibit
                    real_server 10.99.0.11 80 {
                        inhibit_on_failure
                        lthreshold 5
                        notify_up /bin/true
                        HTTP_GET {
                            url { path / }
                            fast_recovery
                            http_protocol 1.0C
                        }
                        MISC_CHECK {
                            misc_path "/bin/check | grep up"
                            misc_dynamic
                        }
                        PING_CHECK { }
                    }
                }
                """);
        assertThat(file.findings().stream().map(f -> f.message().split("[ :]")[0]))
                .contains(
                        "quorum_up",
                        "hysteresis",
                        "no",
                        "sh-port",
                        "sh-fallback",
                        "ops",
                        "omega",
                        "warmup",
                        "sorry_server_inhibit",
                        "lthreshold",
                        "notify_up",
                        "inhibit_on_failure",
                        "fast_recovery",
                        "http_protocol",
                        "misc_dynamic",
                        "PING_CHECK");
        Service service = file.config().orElseThrow().service("10.99.0.66:80");
        assertThat(service.upstreams().get(0).checks())
                .filteredOn(Check.Command.class::isInstance)
                .extracting(check -> ((Check.Command) check).command())
                .containsExactly(List.of("runuser", "-u", "nobody", "--", "/bin/sh", "-c", "/bin/check | grep up"));
    }

    @Test
    void mayJoinAloneIfNothingHasToBeServed() throws Exception {
        Path path = directory.resolve("alone");
        Files.writeString(path, "@one " + INSTANCE.replace("\n", "\n@one ").strip() + "\n");
        assertThat(GatewayFile.keepalived(path, Optional.of("two"))
                        .config()
                        .orElseThrow()
                        .floatingIps())
                .isEmpty();
        GatewayConfig config =
                GatewayFile.keepalived(path, Optional.of("one")).config().orElseThrow();
        assertThat(config.listeners()).isEmpty();
        assertThat(config.floatingIps()).extracting(FloatingIpConfig::drain).containsExactly(Duration.ZERO);
    }

    @Test
    void refusesAFileWithNothingToServe() throws Exception {
        GatewayFile file = read(INSTANCE);
        assertThat(file.config()).isEmpty();
        assertThat(file.findings())
                .filteredOn(f -> f.severity() == Severity.ERROR)
                .singleElement()
                .asString()
                .endsWith(
                        ":1:1: error: there is no virtual_server that the gateway could serve; floatingip.jar run joins floating IPs alone");
    }

    private GatewayFile read(String text) throws Exception {
        Path file = directory.resolve("keepalived.conf");
        Files.writeString(file, text);
        return GatewayFile.read(file);
    }
}
