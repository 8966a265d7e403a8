package io.floatingip.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.floatingip.Announcements;
import io.floatingip.Authentication;
import io.floatingip.FenceMode;
import io.floatingip.FloatingIpConfig;
import io.floatingip.IpFamily;
import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.floatingip.TrackedInterface;
import io.floatingip.UnicastPeer;
import io.floatingip.VirtualAddress;
import io.floatingip.VirtualMac;
import io.floatingip.VrrpVersion;
import io.floatingip.gateway.Runner;
import io.floatingip.keepalived.KeepalivedConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class StandaloneTest {
    private static final String GOOD = "join --interface eth0 --vrid 52 --address 10.99.0.66/32";

    @TempDir
    private Path directory;

    private static final String HEX = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private record Outcome(int status, String out, String err) {}

    @Test
    void configuresWhatTheOptionsSay() {
        FloatingIpConfig config =
                config("join --interface eth1 --vrid 7 --priority 150 --address 10.99.0.66/24 --address 10.99.0.67"
                        + " --interval 2s --version 2 --no-preempt --fence none --name web");
        assertThat(config.networkInterface()).isEqualTo("eth1");
        assertThat(config.virtualRouterId()).isEqualTo(7);
        assertThat(config.priority()).isEqualTo(150);
        assertThat(config.addresses())
                .containsExactly(VirtualAddress.parse("10.99.0.66/24"), VirtualAddress.parse("10.99.0.67/32"));
        assertThat(config.advertInterval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.version()).isEqualTo(VrrpVersion.V2);
        assertThat(config.preempt()).isFalse();
        assertThat(config.fence()).isEqualTo(FenceMode.NONE);
        assertThat(config.name()).isEqualTo("web");
    }

    @Test
    void configuresWhatFloatsAndWhereAdvertsGo() {
        FloatingIpConfig config =
                config("join --interface eth0 --vrid 7 --address 10.99.0.66/24,dev=eth1,label=eth1:web"
                        + " --excluded fd99::66,noprefixroute --excluded 10.99.0.67,broadcast=10.99.0.255,peer=10.9.0.1 --virtual-mac base --no-accept --track eth2 --track eth3:-50:reverse"
                        + " --source 10.99.0.1 --unicast-peer 10.99.0.2 --unicast-peer 10.99.0.3@254-255 --preempt-delay 2s"
                        + " --startup-delay 3s --down-after 5 --announce-repeat 2 --announce-second-after 0s --announce-refresh 10s"
                        + " --announce-interval 1ms --drain 4s");
        assertThat(config.addresses())
                .containsExactly(
                        VirtualAddress.parse("10.99.0.66/24").device("eth1").label("eth1:web"));
        assertThat(config.excludedAddresses())
                .containsExactly(
                        VirtualAddress.parse("fd99::66").noPrefixRoute(true),
                        VirtualAddress.parse("10.99.0.67")
                                .broadcast(VirtualAddress.parse("10.99.0.255").address())
                                .peer(VirtualAddress.parse("10.9.0.1").address()));
        assertThat(config.virtualMac()).isEqualTo(VirtualMac.ADVERTS_FROM_BASE);
        assertThat(config.accept()).isFalse();
        assertThat(config.trackedInterfaces())
                .containsExactly(TrackedInterface.required("eth2"), new TrackedInterface("eth3", -50, true));
        assertThat(config.sources())
                .containsOnly(
                        entry(IpFamily.IPV4, VirtualAddress.parse("10.99.0.1").address()));
        assertThat(config.unicastPeers())
                .containsExactly(
                        UnicastPeer.of("10.99.0.2"),
                        new UnicastPeer(VirtualAddress.parse("10.99.0.3").address(), 254, 255));
        assertThat(config.preemptDelay()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.startupDelay()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.downAfterAdverts()).isEqualTo(5);
        assertThat(config.announcements())
                .isEqualTo(new Announcements(2, Duration.ZERO, Duration.ofSeconds(10), Duration.ofMillis(1)));
        assertThat(config.drain()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void readsSecretsFromTheLineOrFromAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "swordfish\n");
        Path key = Files.writeString(directory.resolve("key"), HEX + "\n");
        assertThat(config(GOOD + " --version 2 --password file:" + file).authentication())
                .isInstanceOfSatisfying(
                        Authentication.Password.class,
                        it -> assertThat(it.secret()).asString().isEqualTo("swordfish"));
        assertThat(config(GOOD + " --version 2 --auth-header swordfish").authentication())
                .isInstanceOfSatisfying(
                        Authentication.AuthenticationHeader.class,
                        it -> assertThat(it.secret()).asString().isEqualTo("swordfish"));
        assertThat(config(GOOD + " --hmac-key 7:file:" + key + " --hmac-key 8:" + HEX
                                + " --hmac-active 8 --hmac-mode permissive --hmac-window 9s --hmac-replay monotonic")
                        .authentication())
                .isInstanceOfSatisfying(Authentication.Hmac.class, it -> {
                    assertThat(it.key(7).orElseThrow()).isEqualTo(HexFormat.of().parseHex(HEX));
                    assertThat(it).hasToString("hmac(keys [7, 8], active 8, PERMISSIVE)");
                    assertThat(it.timeWindow()).contains(Duration.ofSeconds(9));
                    assertThat(it.antiReplay()).isEqualTo(Authentication.Hmac.AntiReplay.MONOTONIC);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--password swordfish",
                "--version 2 --password swordfish --auth-header swordfish",
                "--hmac-key swordfish",
                "--hmac-key 1:swordfish",
                "--hmac-key 999:swordfish",
                "--auth-header swordfish --interval"
            })
    void repeatsNoSecretWhenItRefuses(String arguments) {
        Outcome outcome = run(GOOD + " " + arguments);
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("floatingip: ").doesNotContain("swordfish");
    }

    @Test
    void leavesTheRestToTheLibrarysDefaults() {
        FloatingIpConfig library = FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(52)
                .address("10.99.0.66/32")
                .build();
        assertThat(config(GOOD)).hasToString(library.toString());
    }

    @ParameterizedTest
    @CsvSource({"1s, PT1S", "20ms, PT0.02S", "1.5s, PT1.5S", "0.01 s, PT0.01S"})
    void readsTimesWithTheirUnit(String text, Duration time) {
        assertThat(new TimeConverter().convert(text)).isEqualTo(time);
    }

    @Test
    void printsAChangeOfRoleAsOneLine() {
        RoleChange change = new RoleChange(
                "web",
                Role.BACKUP,
                Role.MASTER,
                Reason.MASTER_SILENT,
                "no advert for 3.6 s",
                100,
                1,
                Instant.ofEpochSecond(1_800_000_000L));
        assertThat(Runner.line(change))
                .isEqualTo(
                        "2027-01-15T08:00:00.000Z (web) BACKUP -> MASTER: no advert for 3.6 s [MASTER_SILENT epoch 1]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                     | a command is missing
                    join --vrid 52 --address 10.99.0.66    | --interface
                    join -i eth0 --address 10.99.0.66      | --vrid
                    join -i eth0 --vrid 52                 | --address
                    join -i eth0 --vrid 0 -a 10.99.0.66    | virtualRouterId must be 1 to 255, got 0
                    join -i eth0 --vrid 256 -a 10.99.0.66  | virtualRouterId must be 1 to 255, got 256
                    join -i eth0 --vrid x -a 10.99.0.66    | 'x' is not an int
                    join -i eth0 --vrid 52 -a 10.99.0.66 --priority 256  | priority must be 1 to 255, got 256
                    join -i eth0 --vrid 52 -a 10.99.0.66 --interval 100  | such as 1s or 20ms, got "100"
                    join -i eth0 --vrid 52 -a 10.99.0.66 --interval 5ms  | got 5.0 ms
                    join -i eth0 --vrid 52 -a 10.99.0.66 --version 4     | version must be 2 or 3, got 4
                    join -i eth0 --vrid 52 -a 10.99.0.666  | got "10.99.0.666"
                    join -i eth0 --vrid 52 -a example.org  | got "example.org"
                    join -i eth0 --vrid 52 -a 10.99.0.66 --colour red    | '--colour'
                    join -i eth0 --vrid 52 -a 10.99.0.66,colour=red      | dev=NAME
                    join -i eth0 --vrid 52 -a 10.99.0.66,peer=x          | needs an IP address behind peer=, got "x"
                    join -i eth0 --vrid 52 -a 10.99.0.66 --virtual-mac off       | on or base, got "off"
                    join -i eth0 --vrid 52 -a 10.99.0.66 --track eth1:high       | such as eth1:-50, got "eth1:high"
                    join -i eth0 --vrid 52 -a 10.99.0.66 --unicast-peer example.org  | such as 10.0.0.2, got "example.org"
                    join -i eth0 --vrid 52 -a 10.99.0.66 --unicast-peer 10.0.0.2@9   | such as 10.0.0.2@254-255
                    join -i eth0 --vrid 52 -a 10.99.0.66 --password file:/nowhere    | --password cannot read /nowhere
                    join -i eth0 --vrid 52 -a 10.99.0.66 --hmac-active 3         | need an --hmac-key
                    """)
    void refusesBadUsageInOneLine(String arguments, String message) {
        Outcome outcome = run(arguments);
        assertThat(outcome.err()).startsWith("floatingip: ").contains(message).hasLineCount(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.status()).isEqualTo(2);
    }

    @Test
    void explainsEveryOption() {
        Outcome outcome = run("join --help");
        List<String> options = Standalone.commandLine().getSubcommands().get("join").getCommandSpec().options().stream()
                .map(CommandLine.Model.OptionSpec::longestName)
                .toList();
        assertThat(options).hasSizeGreaterThan(10);
        assertThat(outcome.out()).contains(options).contains("Exit status", "SIGTERM", "CAP_NET_RAW");
        assertThat(outcome.status()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    priority 100       |          | 0 |
                    promote_secondaries | --strict | 0 | 2:1: info: promote_secondaries
                    colour red         |          | 0 | 2:1: warning: "colour" is no keyword
                    colour red         | --strict | 1 | 2:1: warning: "colour" is no keyword
                    priority 256       |          | 2 | 2:10: error: priority must be a number from 1 to 255
                    """)
    void checksAFile(String line, String option, int status, String said) throws IOException {
        Path file = directory.resolve("test.conf");
        Files.writeString(
                file,
                "vrrp_instance A { virtual_ipaddress { 10.0.0.1 } interface x\n" + line + "\nvirtual_router_id 7 }\n");
        Outcome outcome = run("check " + file + (option == null ? "" : " " + option));
        assertThat(outcome.out()).contains(said == null ? "" : file + ":" + said);
        assertThat(outcome.status()).isEqualTo(status);
    }

    /** By the rules of the proxy that run serves them with. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    protocol TCP      | 0 | 5:1: info: virtual_server is a proxy's work here
                    protocol UDP      | 1 | 5:1: warning: not served: the gateway carries TCP, not UDP
                    lb_algo sed       | 1 | 5:1: warning: lb_algo sed is done as wlc
                    lb_kind DR        | 0 | 6:9: info: lb_kind DR is done by the kernel
                    real_server 10.0.0.2 80 {} | 2 | error: another real_server is 10.0.0.2:80 too
                    """)
    void checksVirtualServers(String line, int status, String said) throws IOException {
        Path file = directory.resolve("test.conf");
        Files.writeString(file, """
                vrrp_instance A { virtual_ipaddress { 10.0.0.1 } interface x
                virtual_router_id 7 }


                virtual_server 10.0.0.1 80 {
                %s
                real_server 10.0.0.2 80 { }
                }
                """.formatted(line));
        Outcome outcome = run("check --strict " + file);
        assertThat(outcome.out()).contains(said);
        assertThat(outcome.status()).as(outcome.out()).isEqualTo(status);
    }

    @Test
    void refusesToRunAFileWithErrors() {
        Outcome outcome = run("run " + directory.resolve("none.conf"));
        assertThat(outcome.err()).contains(directory.resolve("none.conf") + ":1:1: error: cannot read");
        assertThat(outcome.status()).isEqualTo(2);
    }

    @Test
    void exportsWhatJoinWouldDo() {
        String options =
                "--interface eth1 --vrid 7 --priority 150 --address 10.99.0.66/24 --interval 2s --version 2 --no-preempt --name web";
        Outcome outcome = run("export " + options);
        KeepalivedConfig read = KeepalivedConfig.parse(outcome.out());
        assertThat(read.report().findings()).isEmpty();
        assertThat(read.instances())
                .extracting(i -> i.config().toString())
                .containsExactly(config("join " + options).toString());
        assertThat(outcome.status()).isZero();
    }

    private static FloatingIpConfig config(String arguments) {
        CommandLine.ParseResult parsed = Standalone.commandLine().parseArgs(arguments.split(" "));
        JoinCommand join = (JoinCommand) parsed.subcommand().commandSpec().userObject();
        return join.config(RoleListener.onAnyChange(change -> {}));
    }

    private static Outcome run(String arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Standalone.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        return new Outcome(status, out.toString(), err.toString());
    }
}
