package io.floatingip.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIpConfig;
import io.floatingip.VirtualAddress;
import io.floatingip.gateway.config.Service.Algorithm;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlGatewayTest {
    @TempDir
    private Path directory;

    @Test
    void fillsInEveryDefault() throws Exception {
        GatewayFile file = read("""
                floating-ip:
                  interface: eth0
                  virtual-router-id: 52
                  address: 10.99.0.66/32
                listeners:
                  - address: 10.99.0.66:80
                services:
                  web:
                    upstreams: [10.99.0.11:8080, "[fd99::12]:8080"]
                """);
        assertThat(file.findings()).isEmpty();
        GatewayConfig config = file.config().orElseThrow();
        FloatingIpConfig ip = config.floatingIps().get(0);
        assertThat(ip.networkInterface()).isEqualTo("eth0");
        assertThat(ip.virtualRouterId()).isEqualTo(52);
        assertThat(ip.addresses()).containsExactly(VirtualAddress.parse("10.99.0.66/32"));
        assertThat(ip.drain()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.listeners())
                .containsExactly(new Listener(
                        "10.99.0.66:80",
                        new InetSocketAddress("10.99.0.66", 80),
                        Listener.Protocol.HTTP,
                        Optional.empty(),
                        true,
                        "web"));
        InetSocketAddress first = new InetSocketAddress("10.99.0.11", 8080);
        InetSocketAddress second = new InetSocketAddress("fd99::12", 8080);
        assertThat(config.services())
                .containsExactly(new Service(
                        "web",
                        Algorithm.WLC,
                        Optional.empty(),
                        1,
                        List.of(
                                new Service.Upstream(
                                        "10.99.0.11:8080",
                                        first,
                                        1,
                                        0,
                                        List.of(new Check.Tcp(first, YamlCheck.TIMING))),
                                new Service.Upstream(
                                        "[fd99:0:0:0:0:0:0:12]:8080",
                                        second,
                                        1,
                                        0,
                                        List.of(new Check.Tcp(second, YamlCheck.TIMING)))),
                        Optional.empty()));
        assertThat(config.limits()).isEqualTo(Limits.DEFAULT);
        assertThat(config.status()).isEmpty();
    }

    @Test
    void readsEveryKey() throws Exception {
        X509Bundle certificate = new CertificateBuilder()
                .subject("CN=example.org")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Files.writeString(directory.resolve("site.pem"), certificate.getCertificatePEM());
        Files.writeString(directory.resolve("site.key"), certificate.getPrivateKeyPEM());
        Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
        GatewayFile file = read("""
                floating-ip:
                  - name: inside
                    interface: eth0
                    virtual-router-id: 52
                    version: v3
                    priority: 150
                    address: [10.99.0.66/32, "fd99::66/128"]
                    excluded-address: 10.99.0.67/32
                    advert-interval: 100ms
                    preempt: true
                    preempt-delay: 5m
                    startup-delay: 2s
                    unicast-peers: [10.99.0.2, "fd99::2"]
                    source: 10.99.0.1
                    announcements: {repeat: 3, second-after: 1s, refresh: 1m, interval: 1ms}
                    checksum: message-only
                    fence: lifetime
                    down-after-adverts: 4
                    placement: interface
                    virtual-mac: "off"
                    tracked-interfaces: [eth1, {interface: eth2, weight: -10}]
                    accept: true
                    strict: false
                    notify: "/etc/ha/notify 'a b'"
                    authentication:
                      hmac: {keys: {1: "0123456789abcdef0123456789abcdef"}, active-key: 1, mode: permissive, anti-replay: time}
                  - interface: eth1
                    virtual-router-id: 53
                    version: v2
                    address: 10.98.0.66/32
                    authentication: {password: secret}
                listeners:
                  - {name: secure, address: "10.99.0.66:443", tls: {certificate: site.pem, key: site.key}, http2: false, service: web}
                  - {address: "*:5432", protocol: tcp, service: database}
                services:
                  web:
                    algorithm: lblc
                    persistence: {timeout: 5m, prefix-ipv4: 24, prefix-ipv6: 64}
                    quorum: 2
                    sorry-server: 127.0.0.1:8081
                    check:
                      https: {path: /healthz, host: example.org, status: 200-399, body-matches: ok, trust: site.pem}
                      port: 8443
                      interval: 1s
                      timeout: 500ms
                      retries: 2
                      delay-before-retry: 10ms
                      rise: 2
                      fall: 3
                      failed-at-first: true
                    upstreams:
                      - {name: one, address: "10.99.0.11:8080", weight: 3, connections-max: 100}
                      - address: 10.99.0.12:8080
                        check: [tcp, {command: /usr/bin/check --fast}]
                  database:
                    persistence: 1h
                    check: none
                    upstreams: 10.99.0.13:5432
                limits:
                  body-max: 1MiB
                  header-max: 8kB
                  allowed-hosts: [Example.org, "*.example.net"]
                  connections-max: 500
                  connect-timeout: 1s
                  request-timeout: 2s
                  response-timeout: 3s
                  idle-timeout: 4s
                  drain: 5s
                status: {address: "127.0.0.1:9000", token-file: token}
                """);
        assertThat(file.findings()).isEmpty();
        GatewayConfig config = file.config().orElseThrow();
        assertThat(config.floatingIps()).extracting(FloatingIpConfig::name).containsExactly("inside", "eth1-53");
        FloatingIpConfig inside = config.floatingIps().get(0);
        assertThat(inside.advertInterval()).isEqualTo(Duration.ofMillis(100));
        assertThat(inside.trackedInterfaces()).hasSize(2);
        assertThat(inside.unicastPeers()).hasSize(2);
        assertThat(inside.announcements().refresh()).isEqualTo(Duration.ofMinutes(1));
        assertThat(inside.authentication()).hasToString("hmac(keys [1], active 1, PERMISSIVE)");
        assertThat(inside.drain()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.listeners().get(0).tls())
                .contains(new Listener.Tls(directory.resolve("site.pem"), directory.resolve("site.key")));
        assertThat(config.listeners().get(0).http2()).isFalse();
        assertThat(config.listeners().get(1).address()).isEqualTo(new InetSocketAddress(5432));
        Check.Timing timing =
                new Check.Timing(Duration.ofSeconds(1), Duration.ofMillis(500), 2, Duration.ofMillis(10), 2, 3, true);
        assertThat(config.service("web"))
                .isEqualTo(new Service(
                        "web",
                        Algorithm.LBLC,
                        Optional.of(new Service.Persistence(Duration.ofMinutes(5), 24, 64)),
                        2,
                        List.of(
                                new Service.Upstream(
                                        "one",
                                        new InetSocketAddress("10.99.0.11", 8080),
                                        3,
                                        100,
                                        List.of(new Check.Http(
                                                new InetSocketAddress("10.99.0.11", 8443),
                                                true,
                                                Optional.of(directory.resolve("site.pem")),
                                                Optional.of("example.org"),
                                                List.of(new Check.Page(
                                                        "/healthz",
                                                        Optional.empty(),
                                                        200,
                                                        399,
                                                        Optional.empty(),
                                                        Optional.of("ok"))),
                                                timing))),
                                new Service.Upstream(
                                        "10.99.0.12:8080",
                                        new InetSocketAddress("10.99.0.12", 8080),
                                        1,
                                        0,
                                        List.of(
                                                new Check.Tcp(
                                                        new InetSocketAddress("10.99.0.12", 8080), YamlCheck.TIMING),
                                                new Check.Command(
                                                        List.of("/usr/bin/check", "--fast"), YamlCheck.TIMING)))),
                        Optional.of(new InetSocketAddress("127.0.0.1", 8081))));
        assertThat(config.service("database").upstreams().get(0).checks()).isEmpty();
        assertThat(config.limits())
                .isEqualTo(new Limits(
                        1 << 20,
                        8000,
                        Set.of("example.org", "*.example.net"),
                        500,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5)));
        assertThat(config.status())
                .contains(new StatusPage(new InetSocketAddress("127.0.0.1", 9000), Optional.of("0123456789abcdef")));
    }

    @Test
    void saysEveryMistakeAtOnceWithItsPathAndLine() throws Exception {
        GatewayFile file = read("""
                floating-ip:
                  interface: an-interface-with-a-long-name
                  virtual-router-id: 256
                  address: [10.99.0.66/32, web.example.org]
                  version: v2
                  advert-interval: 100ms
                  prioritty: 150
                listeners:
                  - {address: "10.99.0.66:80", service: wbe}
                  - {address: "10.99.0.66:80", service: web, tls: {certificate: missing.pem, key: missing.pem}}
                  - {address: "example.org:443", service: web}
                  - {address: "10.99.0.66:99999", protocol: udp}
                services:
                  web:
                    algorithm: best
                    check: {http: {path: healthz}, interval: 100}
                    upstreams: [10.99.0.11:8080, 10.99.0.11:8080, {weight: -1}]
                limits: {body-max: 10 potatoes, body-max: 1}
                status: {token: short}
                """);
        assertThat(file.config()).isEmpty();
        assertThat(file.findings().stream()
                        .map(finding -> finding.at().line() + ": " + finding.message())
                        .toList())
                .containsExactly(
                        "2: floating-ip.interface: networkInterface must be an interface's name of 1 to 15 characters, got"
                                + " \"an-interface-with-a-long-name\"",
                        "3: floating-ip.virtual-router-id: must be 1 to 255, got \"256\"",
                        "4: floating-ip.address[1]: expected an IPv4 or IPv6 address with an optional prefix length, such as"
                                + " 10.0.0.10/24 or 2001:db8::10/64, got \"web.example.org\"",
                        "6: floating-ip.advert-interval: advertInterval must be 1 s to 255 s in whole seconds with VRRPv2, got 100.0"
                                + " ms; shorter intervals need version(V3)",
                        "7: floating-ip.prioritty: no such key; did you mean priority?",
                        "9: listeners[0].service: there is no service wbe; there is web",
                        "10: listeners[1].tls.certificate: there is no file " + directory.resolve("missing.pem"),
                        "10: listeners[1].tls.key: there is no file " + directory.resolve("missing.pem"),
                        "11: listeners[2].address: must be an address and a port, such as 10.0.0.1:8080, got \"example.org:443\";"
                                + " names are not resolved: a gateway that waits for DNS cannot take over",
                        "12: listeners[3].address: must be an address and a port, such as 10.0.0.1:8080 or [2001:db8::1]:8080, got"
                                + " \"10.99.0.66:99999\"",
                        "12: listeners[3].protocol: must be one of http, tcp, got \"udp\"",
                        "15: services.web.algorithm: must be one of rr, wrr, lc, wlc, sh, dh, lblc, got \"best\"",
                        "16: services.web.check.http.path: must begin with a slash, without spaces, got \"healthz\"",
                        "16: services.web.check.interval: must be a time with its unit, such as 20ms, 1s, 5m or 1h, got \"100\"",
                        "17: services.web.upstreams[1]: another upstream is called 10.99.0.11:8080 too",
                        "17: services.web.upstreams[2]: address is missing, for example address: 10.0.0.1:8080",
                        "17: services.web.upstreams[2].weight: must be 0 to 65535, got \"-1\"",
                        "18: limits.body-max: must be a size such as 512, 64kB, 10MB or 1GiB, got \"10 potatoes\"",
                        "18: limits.body-max: is given twice",
                        "19: status.token: a token must have at least 16 characters, got 5; openssl rand -hex 16 makes one");
        assertThat(file.findings().get(0))
                .asString()
                .startsWith(directory.resolve("gateway.yaml") + ":2:14: error: floating-ip.interface: ");
    }

    @Test
    void saysWhereItIsNotYaml() throws Exception {
        assertThat(read("listeners:\n  - {address: \"10.0.0.1:80\"\nservices: {}\n")
                        .findings())
                .singleElement()
                .asString()
                .contains("gateway.yaml:3:1: error: not YAML: ");
        assertThat(read("").findings()).singleElement().asString().endsWith("has an example to begin with");
        assertThat(read("- a\n").findings())
                .singleElement()
                .asString()
                .endsWith("must be a mapping (key: value), got a list");
        assertThat(GatewayFile.read(directory.resolve("other.yaml")).findings())
                .singleElement()
                .asString()
                .endsWith("there is no such file");
    }

    @Test
    void refusesCertificatesThatAreNone() throws Exception {
        Files.writeString(directory.resolve("site.pem"), "no certificate");
        assertThat(read("""
                listeners: [{address: "10.0.0.1:443", tls: {certificate: site.pem, key: site.pem}}]
                services: {web: {upstreams: [10.0.0.2:80]}}
                """).findings())
                .singleElement()
                .asString()
                .contains("listeners[0].tls: cannot be used: ")
                .endsWith("wanted a certificate chain and its key (PKCS #8, not encrypted), both as PEM");
    }

    @Test
    void warnsOfAServiceThatNobodyAsks() throws Exception {
        GatewayFile file = read("""
                listeners: [{address: "10.0.0.1:80", service: web}]
                services:
                  web: {upstreams: [10.0.0.2:80]}
                  shop: {upstreams: [10.0.0.3:80]}
                """);
        assertThat(file.config()).isPresent();
        assertThat(file.findings())
                .singleElement()
                .asString()
                .endsWith("gateway.yaml:4:9: warning: services.shop: no listener sends anything here");
    }

    @Test
    void keepsItsSecrets() {
        assertThat(new StatusPage(new InetSocketAddress(1), Optional.of("0123456789abcdef")))
                .asString()
                .doesNotContain("0123456789");
    }

    private GatewayFile read(String text) throws Exception {
        Path file = directory.resolve("gateway.yaml");
        Files.writeString(file, text);
        return GatewayFile.read(file);
    }
}
