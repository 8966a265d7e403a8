package io.floatingip.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Announcements;
import io.floatingip.Authentication;
import io.floatingip.ChecksumMode;
import io.floatingip.FenceMode;
import io.floatingip.FloatingIpConfig;
import io.floatingip.IpFamily;
import io.floatingip.TrackedInterface;
import io.floatingip.UnicastPeer;
import io.floatingip.VirtualAddress;
import io.floatingip.VirtualMac;
import io.floatingip.VrrpVersion;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.NamedCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file means. */
class KeepalivedConfigTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/keepalived");

    @Test
    void readsTheTwoNodePair() throws IOException {
        KeepalivedConfig config = sample("01-two-nodes-pass");
        assertThat(described(config))
                .containsExactly(Described.of(keepalived()
                        .name("VI_1")
                        .virtualRouterId(52)
                        .address("10.99.0.66")
                        .address("10.99.0.67")
                        .authentication(Authentication.password("1111"))
                        .build()));
        assertThat(config.mail().routerId()).contains("hostname1");
    }

    @Test
    void readsTheTrackedService() throws IOException {
        KeepalivedConfig config = sample("02-tracked-service");
        assertThat(config.scripts())
                .containsExactly(new TrackScript(
                        "chk_http_ port",
                        new ScriptCall("/usr/local/src/proxy_check.sh", Optional.empty(), Optional.empty()),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        2,
                        false,
                        1,
                        1,
                        false));
        assertThat(config.instances())
                .extracting(KeepalivedInstance::tracking)
                .containsExactly(
                        List.of(new Tracking(Tracking.Kind.SCRIPT, "chk_http_ port", OptionalInt.empty(), false)));
        VirtualServer first = config.virtualServers().get(0);
        assertThat(first.algorithm()).isEqualTo("rr");
        assertThat(first.persistence()).contains(Duration.ofSeconds(50));
        ServerCheck.Timing timing = new ServerCheck.Timing(
                Duration.ofSeconds(6), Duration.ofSeconds(3), 3, Duration.ofSeconds(3), Duration.ofSeconds(6), false);
        assertThat(first.realServers().get(0).checks())
                .containsExactly(new ServerCheck.Http(
                        new ServerCheck.Target(
                                new VirtualServer.Endpoint(address("192.168.201.100"), 443),
                                Optional.empty(),
                                Optional.empty(),
                                0,
                                0),
                        timing,
                        true,
                        false,
                        "1.0",
                        false,
                        List.of(
                                url("/", "ff20ad2481f97b1754ef3e12ecd3a9cc"),
                                url("/mrtg/", "9b3a0c85a887a256d6939da88aabd8cd"))));
        VirtualServer second = config.virtualServers().get(1);
        assertThat(second.sorryServer()).contains(new VirtualServer.Endpoint(address("192.168.200.200"), 1358));
        assertThat(second.realServers())
                .extracting(RealServer::endpoint)
                .containsExactly(
                        new VirtualServer.Endpoint(address("192.168.200.2"), 1358),
                        new VirtualServer.Endpoint(address("192.168.200.3"), 1358));
        assertThat(second.realServers().get(0).checks().get(0).timing()).isEqualTo(timing);
    }

    @Test
    void readsEverything() throws IOException {
        KeepalivedConfig config = sample("03-everything");
        assertThat(described(config))
                .containsExactly(
                        Described.of(keepalived()
                                .name("VI_v4")
                                .virtualRouterId(52)
                                .priority(150)
                                .preempt(false)
                                .source(address("10.99.0.1"))
                                .authentication(Authentication.authenticationHeader("1111"))
                                .address("10.99.0.66/32")
                                .address(VirtualAddress.parse("10.99.0.67/24")
                                        .device("eth0")
                                        .label("eth0:web"))
                                .excludedAddress(VirtualAddress.parse("10.99.0.80"))
                                .trackedInterface(TrackedInterface.required("eth0"))
                                .build()),
                        Described.of(keepalived()
                                .name("VI_v6")
                                .version(VrrpVersion.V3)
                                .virtualRouterId(53)
                                .priority(150)
                                .advertInterval(Duration.ofMillis(100))
                                .preemptDelay(Duration.ofSeconds(5))
                                .announcements(new Announcements(
                                        3, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ZERO))
                                .address("fe80::66/64")
                                .address("fd99::66/128")
                                .excludedAddress(VirtualAddress.parse("fd99::80/128"))
                                .build()),
                        Described.of(keepalived()
                                .name("VI_cloud")
                                .virtualRouterId(54)
                                .priority(90)
                                .source(address("10.99.0.1"))
                                .unicastPeer(UnicastPeer.of("10.99.0.2"))
                                .unicastPeer(UnicastPeer.of("10.99.0.3"))
                                .address("10.99.0.90")
                                .build()));
        assertThat(config.groups())
                .containsExactly(new KeepalivedGroup(
                        "VG_1",
                        List.of("VI_v4", "VI_v6"),
                        new NotifyScripts(
                                script("/etc/ha/notify.sh master"),
                                script("/etc/ha/notify.sh backup"),
                                script("/etc/ha/notify.sh fault"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        false,
                        new Position("03-everything.conf", 2, 1)));
        assertThat(config.instances()).extracting(KeepalivedInstance::mail).containsExactly(true, false, false);
        assertThat(config.instances().get(0).tracking())
                .containsExactly(new Tracking(Tracking.Kind.SCRIPT, "chk", OptionalInt.of(0), false));
        assertThat(config.scripts().get(0).script().arguments())
                .containsExactly("/bin/bash", "-c", "curl -m1 -k -s https://127.0.0.1:6443/healthz -o/dev/null");
        VirtualServer server = config.virtualServers().get(0);
        assertThat(server.granularity()).isEqualTo(24);
        assertThat(server.realServers()).extracting(RealServer::weight).containsExactly(3, 1, 1);
        assertThat(server.realServers())
                .extracting(s -> s.checks().get(0).getClass().getSimpleName())
                .containsExactly("Tcp", "Misc", "Http");
        assertThat(((ServerCheck.Http) server.realServers().get(2).checks().get(0)).urls())
                .containsExactly(new ServerCheck.Url(
                        "/healthz",
                        Optional.empty(),
                        List.of(new ServerCheck.StatusRange(200, 200)),
                        Optional.of("www.example.net"),
                        Optional.empty(),
                        false,
                        List.of()));
    }

    /** One line in an instance, and what it does to the configuration. */
    @Test
    void mapsTheKeywordsOfAnInstance() {
        maps("version 3; v3_checksum_as_v2", c -> c.version(VrrpVersion.V3).checksum(ChecksumMode.MESSAGE_ONLY));
        maps("version 3; advert_int 0.25", c -> c.version(VrrpVersion.V3).advertInterval(Duration.ofMillis(250)));
        maps("version 3; advert_int 0.254", c -> c.version(VrrpVersion.V3).advertInterval(Duration.ofMillis(250)));
        maps("advert_int 1.5", c -> c.advertInterval(Duration.ofSeconds(2)));
        maps("advert_int 0.1", c -> c.advertInterval(Duration.ofSeconds(1)));
        maps("down_timer_adverts 5", c -> c.downAfterAdverts(5));
        maps("down_timer_adverts 1", c -> c.downAfterAdverts(1).fence(FenceMode.NONE));
        maps("nopreempt", c -> c.preempt(false));
        maps("nopreempt; preempt", c -> c);
        maps("nopreempt; state MASTER", c -> c.preempt(false));
        maps("nopreempt; preempt_delay 3", c -> c.preempt(false));
        maps("preempt_delay 2.5", c -> c.preemptDelay(Duration.ofMillis(2500)));
        maps("state MASTER", c -> c);
        maps("no_accept", c -> c.accept(false));
        maps("strict_mode on", c -> c.strict(true).accept(false));
        maps("strict_mode on; accept", c -> c.strict(true));
        maps("strict_mode on; accept; mcast_dst_ip 224.0.0.99", c -> c.multicastGroup(address("224.0.0.99")));
        maps("version 3; strict_mode", c -> c.version(VrrpVersion.V3).accept(false));
        maps("mcast_src_ip 10.0.0.9", c -> c.source(address("10.0.0.9")));
        maps("mcast_src_ip 10.0.0.9\n track_src_ip", c -> c.source(address("10.0.0.9")));
        maps("mcast_dst_ip 224.0.0.99", c -> c.multicastGroup(address("224.0.0.99")));
        maps(
                "unicast_peer { 10.0.0.2 min_ttl 254 max_ttl 255",
                c -> c.unicastPeer(new UnicastPeer(address("10.0.0.2"), 254, 255)));
        maps("use_vmac", c -> c.virtualMac(VirtualMac.ON));
        maps("use_vmac vrrp.7; vmac_xmit_base", c -> c.virtualMac(VirtualMac.ADVERTS_FROM_BASE));
        maps(
                "use_vmac; unicast_peer { 10.0.0.2",
                c -> c.virtualMac(VirtualMac.ADVERTS_FROM_BASE).unicastPeer(UnicastPeer.of("10.0.0.2")));
        maps("track_interface { eth1", c -> c.trackedInterface(TrackedInterface.required("eth1")));
        maps(
                "track_interface { eth1 weight -20 reverse",
                c -> c.trackedInterface(new TrackedInterface("eth1", -20, true)));
        maps(
                "authentication { auth_type PASS; auth_pass \"a#b\"",
                c -> c.authentication(Authentication.password("a#b")));
        maps(
                "authentication { auth_type AH; auth_pass secret",
                c -> c.authentication(Authentication.authenticationHeader("secret")));
        maps("version 3; authentication { auth_type PASS; auth_pass x", c -> c.version(VrrpVersion.V3));
        maps(
                "strict_mode on; authentication { auth_type PASS; auth_pass x",
                c -> c.strict(true).accept(false));
        maps(
                "auth_hmac { key 7 0123456789abcdef0123456789abcdef; anti_replay monotonic; mode permissive; time_window 9",
                c -> c.authentication(Authentication.hmac()
                        .key(7, "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                        .antiReplay(Authentication.Hmac.AntiReplay.MONOTONIC)
                        .mode(Authentication.Hmac.Mode.PERMISSIVE)
                        .timeWindow(Duration.ofSeconds(9))
                        .build()));
        maps(
                "garp_master_delay 0; garp_master_repeat 2; garp_master_refresh 30",
                c -> c.announcements(new Announcements(2, Duration.ZERO, Duration.ofSeconds(30), Duration.ZERO)));
        maps(
                "virtual_ipaddress { 10.0.0.3/24 dev eth1 scope link label eth1:x noprefixroute",
                c -> c.address(VirtualAddress.parse("10.0.0.3/24")
                        .device("eth1")
                        .scope(VirtualAddress.Scope.LINK)
                        .label("eth1:x")
                        .noPrefixRoute(true)));
        maps(
                "virtual_ipaddress { 10.0.3.3/20 brd +",
                c -> c.address(VirtualAddress.parse("10.0.3.3/20").broadcast(address("10.0.15.255"))));
        maps(
                "virtual_ipaddress { 10.0.3.3/20 broadcast -",
                c -> c.address(VirtualAddress.parse("10.0.3.3/20").broadcast(address("10.0.0.0"))));
        maps(
                "virtual_ipaddress { 10.0.0.3 brd 10.0.0.250",
                c -> c.address(VirtualAddress.parse("10.0.0.3").broadcast(address("10.0.0.250"))));
        for (String line : List.of("brd 10.0.0.9 peer 10.9.0.1", "peer 10.9.0.1 brd 10.0.0.9")) {
            maps(
                    "virtual_ipaddress { 10.0.0.3 " + line,
                    c -> c.address(VirtualAddress.parse("10.0.0.3").peer(address("10.9.0.1"))));
        }
        maps(
                "virtual_ipaddress { 10.0.0.3/24 label eth0:x peer 10.9.0.1/32 dev eth1",
                c -> c.address(VirtualAddress.parse("10.0.0.3")
                        .label("eth0:x")
                        .peer(address("10.9.0.1"))
                        .device("eth1")));
        maps("virtual_ipaddress_excluded { fd99::1/64", c -> c.excludedAddress(VirtualAddress.parse("fd99::1/64")));
    }

    @Test
    void takesDefaultsFromTheGlobals() {
        String globals = """
                global_defs {
                    vrrp_version 3
                    v3_checksum_as_v2
                    default_interface eth5
                    vrrp_mcast_group4 224.0.0.99
                    vrrp_garp_interval 0.001
                    vrrp_garp_master_refresh 60
                    vrrp_min_garp
                    vrrp_down_timer_adverts 4
                    vrrp_startup_delay 2.5
                    script_user nobody nogroup
                    smtp_alert
                }
                """;
        KeepalivedConfig config = parse(
                globals + "vrrp_instance A { virtual_router_id 7\n notify /x\n virtual_ipaddress { 10.0.0.1\n } }");
        assertThat(described(config))
                .containsExactly(Described.of(keepalived()
                        .name("A")
                        .networkInterface("eth5")
                        .virtualRouterId(7)
                        .version(VrrpVersion.V3)
                        .checksum(ChecksumMode.MESSAGE_ONLY)
                        .multicastGroup(address("224.0.0.99"))
                        .announcements(
                                new Announcements(1, Duration.ZERO, Duration.ofSeconds(60), Duration.ofMillis(1)))
                        .downAfterAdverts(4)
                        .startupDelay(Duration.ofMillis(2500))
                        .address("10.0.0.1")
                        .build()));
        assertThat(config.instances().get(0).mail()).isTrue();
        assertThat(config.instances().get(0).notifyScripts().any())
                .contains(new ScriptCall("/x", Optional.of("nobody"), Optional.of("nogroup")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    virtual_router_id 0                       | virtual_router_id must be a number from 1 to 255, got "0"
                    virtual_router_id x                       | virtual_router_id must be a number from 1 to 255, got "x"
                    priority 256                              | priority must be a number from 1 to 255, got "256"
                    version 4                                 | version must be a number from 2 to 3, got "4"
                    advert_int 0                              | advert_int must be a time in seconds from 0.01 to 255, got "0"
                    advert_int                                | advert_int needs a time in seconds
                    virtual_ipaddress { 10.0.0.300 }          | expected an IPv4 or IPv6 address with an optional prefix length, such as 10.0.0.10/24 or 2001:db8::10/64, got "10.0.0.300"
                    virtual_ipaddress { 10.0.0.2/33 }         | prefix length of 10.0.0.2 must be 1 to 32, got 33
                    virtual_ipaddress { 10.0.0.2 10.0.0.3 }   | each address stands on a line of its own; "10.0.0.3" would be left out
                    virtual_ipaddress { fd99::1 }             | an instance advertises addresses of one family
                    unicast_peer { }                          | unicast is asked for without a peer
                    unicast_peer { host }                     | expected an IP address, got "host"
                    unicast_peer { fd99::1 }                  | unicast_peer has a peer that is not of the family of the addresses
                    mcast_src_ip 10.0.0                       | expected an IP address, got "10.0.0"
                    mcast_dst_ip 10.0.0.1                     | mcast_dst_ip must be a multicast address, got 10.0.0.1
                    authentication { auth_type PASS }         | authentication needs auth_type and auth_pass
                    authentication { auth_type MD5            | auth_type and auth_pass
                    track_script { none }                     | there is no vrrp_script "none"
                    no_virtual_ipaddress                      | an instance without an address is not possible here
                    use_vmac 02:00:00:00:00:01                | the virtual MAC is the one of RFC 9568
                    """)
    void makesNoInstanceOfWhatIsUnsafe(String line, String message) {
        KeepalivedConfig config = instance(line);
        assertThat(config.report().findings().stream().filter(f -> f.severity() == Severity.ERROR))
                .anyMatch(f -> f.message().contains(message) && f.at().line() == 6);
        assertThat(config.instances()).isEmpty();
    }

    @Test
    void makesNoInstanceWithoutAnIdOrAnAddress() {
        KeepalivedConfig config = parse("vrrp_instance A {\n interface eth0\n}");
        assertThat(config.report().toString()).isEqualTo("""
                test:1:1: error: vrrp_instance A has no virtual_router_id, 1 to 255, the same on all nodes
                test:1:1: error: vrrp_instance A has no address in virtual_ipaddress
                """);
        assertThat(config.instances()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    virtual_ipaddres { 10.0.0.2 }    | "virtual_ipaddres" is no keyword of vrrp_instance; it is left out; is virtual_ipaddress meant?
                    priority 5 6                     | not understood behind priority and left out: "6"
                    smtp_alert maybe                 | smtp_alert takes on or off
                    nopreempt { x }                  | nopreempt takes no block; what is in it is left out
                    priority 7                       | priority is given again and counts instead of the one in line 5
                    garp_master_delay x              | garp_master_delay must be a time in seconds from 0 to 4294, got "x"; the default is used
                    virtual_ipaddress { 10.0.0.2 brd + } | 10.0.0.2/32 has no broadcast address
                    virtual_ipaddress_excluded { fd99::2 brd 10.0.0.3 } | has no broadcast address, as it is IPv6
                    virtual_ipaddress { 10.0.0.2/24 brd x } | brd must be an IPv4 address, + or -, got "x"
                    virtual_ipaddress { 10.0.0.2 peer 10.0.0.3/24 } | peer must be a single host of the same family, got "10.0.0.3/24"
                    virtual_ipaddress { 10.0.0.2 preferred_lft 0 } | name their source in a route
                    virtual_ipaddress_excluded { fd99::2/64 preferred_lft 0 } | choose by the length, /128 or another
                    virtual_rules { x }              | take them off in notify_backup, notify_fault and notify_stop
                    virtual_ipaddress { 10.0.0.2 foo }   | "foo" is no option of an address
                    virtual_routes { x }             | virtual_routes: not added here
                    unicast_src_ip 10.0.0.9          | without a unicast_peer adverts go to the multicast group
                    strict_mode                      | strict mode keeps this host from serving
                    """)
    void warnsOfWhatIsNotDone(String line, String message) {
        KeepalivedConfig config = instance(line);
        assertThat(config.report().findings())
                .anyMatch(f -> f.severity() == Severity.WARNING && f.message().contains(message) && f.at().line() == 6);
        assertThat(config.instances()).hasSize(1);
    }

    @Test
    void makesTheOwnerOfAMasterWithoutPriority() {
        KeepalivedConfig config = parse(
                "vrrp_instance A {\n state MASTER\n interface eth0\n virtual_router_id 7\n virtual_ipaddress { 10.0.0.1\n }\n}");
        assertThat(config.instances().get(0).config().priority()).isEqualTo(255);
        assertThat(config.report().hasWarnings()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    A B C | there is no vrrp_instance "C"
                    A B A | vrrp_instance A is in group G twice
                    ``    | vrrp_sync_group G has no members in a group block
                    """)
    void runsNoPartOfAGroup(String members, String message) {
        KeepalivedConfig config =
                parse(simple("A", 7) + simple("B", 8) + "vrrp_sync_group G {\n group { " + members + " }\n}");
        assertThat(config.report().toString()).contains(message);
        assertThat(config.report().hasErrors()).isTrue();
    }

    @Test
    void keepsWeightsInAGroupThatAllowsThem() {
        String group = "vrrp_sync_group G {\n group {\n A\n B\n }\n track_interface { eth9 weight 5 }\n%s\n}\n";
        UnaryOperator<String> text = more -> group.formatted(more) + simple("A", 7) + simple("B", 8);
        assertThat(parse(text.apply("")).instances())
                .extracting(i -> i.config().trackedInterfaces())
                .containsOnly(List.of(TrackedInterface.required("eth9")));
        assertThat(parse(text.apply("sync_group_tracking_weight")).instances())
                .extracting(i -> i.config().trackedInterfaces())
                .containsOnly(List.of(TrackedInterface.weighted("eth9", 5)));
    }

    @Test
    void refusesTwoInstancesOfOneId() {
        KeepalivedConfig config = parse(simple("A", 7) + simple("B", 7) + simple("A", 9));
        assertThat(config.report().findings())
                .extracting(Finding::message)
                .containsExactly(
                        "vrrp_instance B has the interface and the virtual_router_id of A; give it another id",
                        "vrrp_instance \"A\" is there already; keepalived would leave out this one. Rename or remove it");
    }

    @Test
    void readsStaticAddressesAndPauses() {
        KeepalivedConfig config = parse("""
                static_ipaddress {
                    10.1.0.1/24
                    fd99::1/64 dev eth3
                }
                garp_group {
                    garp_interval 0.5
                    interface eth0
                }
                """ + simple("A", 7));
        assertThat(config.staticAddresses())
                .extracting(StaticAddress::address)
                .containsExactly(
                        VirtualAddress.parse("10.1.0.1/24").device("eth0"),
                        VirtualAddress.parse("fd99::1/64").device("eth3"));
        assertThat(config.instances().get(0).config().announcements().interval())
                .isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void tracksByHealthChecks() {
        KeepalivedConfig config = parse("""
                vrrp_script script {
                    script "/bin/check one 'two three'"
                    interval 2
                    timeout 1
                    weight -10
                    rise 2
                    fall 3
                    init_fail
                }
                vrrp_track_file file {
                    file /run/number
                }
                vrrp_track_process process {
                    process haproxy
                    quorum 2
                }
                """ + simple("A", 7).replace("interface eth0", """
                interface eth0
                track_script {
                    script
                }
                track_file {
                    file weight 3 reverse
                }
                track_process {
                    process
                }
                """));
        assertThat(config.report().findings()).isEmpty();
        List<NamedCheck> checks = config.instances().get(0).config().checks();
        assertThat(checks.stream().map(c -> c.name() + " " + policy(c.policy())))
                .containsExactly(
                        "script Weight[weight=-10, reversed=false] every PT2S at most PT1S rise 2 fall 3 UNHEALTHY",
                        "file Weight[weight=3, reversed=true] every PT1S at most PT1S rise 1 fall 1 PENDING",
                        "process Release[makeBeforeBreak=false, reversed=false] every PT1S at most PT1S rise 1 fall 1 PENDING");
    }

    private static String policy(HealthPolicy p) {
        return p.effect() + " every " + p.interval() + " at most " + p.timeout() + " rise " + p.rise() + " fall "
                + p.fall() + " " + p.initial();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    /bin/a b 'c d' "e f" | [/bin/a, b, c d, e f]
                    killall -0 haproxy   | [killall, -0, haproxy]
                    a && b               | [/bin/sh, -c, a && b]
                    </dev/tcp/127.0.0.1/80   | [/bin/sh, -c, </dev/tcp/127.0.0.1/80]
                    sh -c 'exit $X'      | [sh, -c, exit $X]
                    """)
    void runsWhatIsPlainWithoutAShell(String line, String command) {
        assertThat(Commands.of(new ScriptCall(line, Optional.empty(), Optional.empty())))
                .hasToString(command);
    }

    @Test
    void runsAScriptAsItsUser() {
        assertThat(Commands.of(new ScriptCall("/bin/a b", Optional.of("somebody"), Optional.of("some"))))
                .containsExactly("runuser", "-u", "somebody", "-g", "some", "--", "/bin/a", "b");
    }

    @Test
    void listensForScriptsAndFifos() {
        KeepalivedConfig config = parse("global_defs {\n vrrp_notify_fifo /run/fifo\n}\n"
                + simple("A", 7)
                        .replace(
                                "interface eth0",
                                "interface eth0\n notify_master /bin/master\n notify \"/bin/any x\""));
        assertThat(config.fifos()).containsExactly(Path.of("/run/fifo"));
        assertThat(config.listeners(config.instances().get(0)))
                .extracting(l -> l.getClass().getSimpleName())
                .containsExactly("NotifyCommands", "NotifyFifo");
    }

    @Test
    void neverQuotesSecrets() {
        String secret = "s3cr3t";
        for (String line : List.of(
                "authentication { auth_type PASS; auth_pass " + secret + " " + secret,
                "authentication auth_pass " + secret,
                "authentication { auth_type " + "X" + "; auth_pass " + secret,
                "auth_hmac { key 1 " + secret,
                "authentication { auth_type PASS auth_pass " + secret,
                "authentication { auth_type PASS; auth_pass; " + secret,
                "auth_hmac { key " + secret,
                "auth_hmac { key 1; " + secret,
                "auth_hmac { key x " + secret,
                "auth_hmac { key 1 x " + secret,
                "auth_hmac { mode enforce key 1 " + secret,
                "auth_hmac { key 1 hex:" + secret)) {
            assertThat(instance(line).report().toString())
                    .as(line)
                    .contains("error")
                    .doesNotContain(secret);
        }
    }

    private static void maps(String lines, UnaryOperator<FloatingIpConfig.Builder> change) {
        KeepalivedConfig config = instance(lines);
        assertThat(config.report().hasErrors()).as(config.report().toString()).isFalse();
        FloatingIpConfig.Builder plain =
                keepalived().name("A").virtualRouterId(7).address("10.0.0.1");
        assertThat(described(config))
                .as(lines)
                .containsExactly(Described.of(change.apply(plain).build()));
    }

    /** An instance with more lines, from line 6 on; a semicolon is a line break, a block is closed. */
    private static KeepalivedConfig instance(String lines) {
        boolean open = lines.contains("{") && !lines.contains("}");
        return parse(
                "vrrp_instance A {\n interface eth0\n virtual_router_id 7\n virtual_ipaddress { 10.0.0.1 }\n priority 100\n"
                        + lines.replace(';', '\n') + (open ? "\n}" : "") + "\n}\n");
    }

    private static String simple(String name, int vrid) {
        return "vrrp_instance " + name + " {\n interface eth0\n virtual_router_id " + vrid
                + "\n virtual_ipaddress { 10.0.0." + vrid + " }\n}\n";
    }

    private static KeepalivedConfig parse(String text) {
        return KeepalivedConfig.parse(text, "test", "host");
    }

    private static KeepalivedConfig sample(String name) throws IOException {
        return KeepalivedConfig.parse(Files.readString(DIRECTORY.resolve(name + ".conf")), name + ".conf", "host");
    }

    private static List<String> described(KeepalivedConfig config) {
        return config.instances().stream().map(i -> Described.of(i.config())).toList();
    }

    /** With keepalived's defaults. */
    private static FloatingIpConfig.Builder keepalived() {
        return FloatingIpConfig.builder()
                .networkInterface("eth0")
                .version(VrrpVersion.V2)
                .announcements(Announcements.defaults().refresh(Duration.ZERO));
    }

    private static Optional<ScriptCall> script(String line) {
        return Optional.of(new ScriptCall(line, Optional.empty(), Optional.empty()));
    }

    private static ServerCheck.Url url(String path, String digest) {
        return new ServerCheck.Url(
                path, Optional.of(digest), List.of(), Optional.empty(), Optional.empty(), false, List.of());
    }

    private static InetAddress address(String text) {
        return IpFamily.literal(text).orElseThrow();
    }
}
