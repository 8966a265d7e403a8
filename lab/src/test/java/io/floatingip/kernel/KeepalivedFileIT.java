package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.keepalived.KeepalivedConfig;
import io.floatingip.lab.Capture;
import io.floatingip.lab.Client;
import io.floatingip.lab.Host;
import io.floatingip.lab.Keepalived;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Metronome;
import io.floatingip.lab.Node;
import io.floatingip.lab.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One file, two programs: keepalived and this library say the same on the wire, hold the same addresses, and agree on the master. */
@Tag("kernel")
@Tag("once")
@Tag("keepalived")
class KeepalivedFileIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Pattern ADDRESS = Pattern.compile(
            "\\d+: (\\S+)\\s+(inet6?) (\\S+)((?: peer \\S+)?(?: brd \\S+)?) scope (\\S+)((?: \\w+)*) ([\\w.:-]+)?\\\\");

    /** What the programs are started with; node a has the lower priority. */
    enum File {
        V2(List.of("10.99.0.66", "10.99.0.67"), """
                vrrp_instance A {
                    state BACKUP
                    interface eth0
                    virtual_router_id 10
                    @a priority 100
                    @b priority 150
                    virtual_ipaddress {
                        10.99.0.66
                        10.99.0.67/24
                    }
                }
                """),
        V2_PASS(List.of("10.99.0.66"), """
                vrrp_instance A {
                    interface eth0   # a comment!
                    virtual_router_id 11
                    @a priority 100
                    @b priority 150
                    authentication {
                        auth_type PASS
                        auth_pass "s#cret!longer"
                    }
                    virtual_ipaddress { 10.99.0.66 }
                }
                """),
        V2_AH(List.of("10.99.0.66"), """
                vrrp_instance A {
                    interface eth0
                    virtual_router_id 12
                    @a priority 100
                    @b priority 150
                    authentication {
                        auth_type AH
                        auth_pass secret
                    }
                    virtual_ipaddress {
                        10.99.0.66
                    }
                }
                """),
        V3(List.of("10.99.0.66", "10.99.0.67", "10.99.0.68", "10.99.0.69"), """
                vrrp_instance A {
                    interface eth0
                    version 3
                    virtual_router_id 13
                    @a priority 100
                    @b priority 150
                    advert_int 0.25
                    virtual_ipaddress {
                        10.99.0.66/32 dev eth0 label eth0:web scope link
                        10.99.0.67/24 brd + noprefixroute
                        10.99.0.68/28 brd -
                        10.99.0.69 peer 10.98.0.1
                    }
                }
                """),
        V3_IPV6(List.of("fd99::66", "fe80::66", "fd99::67", "10.99.0.68"), """
                vrrp_instance A {
                    interface eth0
                    virtual_router_id 14
                    @a priority 100
                    @b priority 150
                    advert_int 0.1
                    virtual_ipaddress {
                        fe80::66/64
                        fd99::66/128
                    }
                    virtual_ipaddress_excluded {
                        fd99::67/64
                        10.99.0.68
                    }
                }
                """),
        UNICAST_V3(List.of("10.99.0.66"), """
                vrrp_instance A {
                    interface eth0
                    version 3
                    virtual_router_id 15
                    @a priority 100
                    @b priority 150
                    advert_int 0.1
                    @a unicast_src_ip 10.99.0.1
                    @b unicast_src_ip 10.99.0.2
                    unicast_peer {
                        @a 10.99.0.2
                        @b 10.99.0.1
                    }
                    virtual_ipaddress {
                        10.99.0.66
                    }
                }
                """),
        UNICAST_V2_PASS(List.of("10.99.0.66"), """
                vrrp_instance A {
                    interface eth0
                    virtual_router_id 16
                    @a priority 100
                    @b priority 150
                    unicast_peer {
                        @^a 10.99.0.1
                        @^b 10.99.0.2
                    }
                    authentication {
                        auth_type PASS
                        auth_pass abc
                    }
                    virtual_ipaddress {
                        10.99.0.66
                    }
                }
                """),
        OTHER_GROUP(List.of("10.99.0.66"), """
                global_defs {
                    vrrp_version 3
                    vrrp_mcast_group4 224.0.0.99
                    vrrp_garp_master_repeat 2
                    vrrp_garp_master_delay 1
                }
                vrrp_instance A {
                    interface eth0
                    virtual_router_id 17
                    @a priority 100
                    @b priority 150
                    advert_int 0.1
                    virtual_ipaddress {
                        10.99.0.66
                    }
                }
                """),
        GROUP(List.of("10.99.0.66", "fe80::66"), """
                vrrp_sync_group G {
                    group {
                        V4
                        V6
                    }
                }
                vrrp_instance V4 {
                    interface eth0
                    version 3
                    virtual_router_id 18
                    @a priority 100
                    @b priority 150
                    advert_int 0.1
                    virtual_ipaddress {
                        10.99.0.66
                    }
                }
                vrrp_instance V6 {
                    interface eth0
                    virtual_router_id 18
                    @a priority 90
                    @b priority 140
                    advert_int 0.1
                    virtual_ipaddress {
                        fe80::66
                    }
                }
                """),
        DEFINITIONS(List.of("10.99.0.66", "10.99.0.67", "10.99.0.68", "10.99.0.69", "10.99.0.70"), """
                @a $PRIORITY=100
                @b $PRIORITY=150
                $BASE=10.99.0
                vrrp_instance A
                {
                    interface eth0
                    version 3
                    virtual_router_id 19
                    priority $PRIORITY
                    advert_int 0.1
                    down_timer_adverts 4
                    preempt_delay 1
                    track_interface {
                        lo weight 20
                    }
                    virtual_ipaddress {
                        ~SEQ(N, 66, 1, 70) ${BASE}.${N}/32
                    }
                }
                """),
        VIRTUAL_MAC(List.of("10.99.0.66"), """
                vrrp_instance A {
                    interface eth0
                    version 3
                    virtual_router_id 20
                    @a priority 100
                    @b priority 150
                    advert_int 0.1
                    use_vmac
                    virtual_ipaddress {
                        10.99.0.66
                    }
                }
                """);

        /** The first of all that a master holds. */
        private final String address;

        private final List<String> addresses;
        private final String text;

        File(List<String> addresses, String text) {
            this.address = addresses.get(0);
            this.addresses = addresses;
            this.text = text;
        }
    }

    /** What a program did as the only one on a LAN. */
    private record Behaviour(Set<String> adverts, Set<String> addresses) {}

    @ParameterizedTest
    @EnumSource
    void saysAndHoldsTheSame(File file) {
        Behaviour theirs = alone(file, true);
        assertThat(alone(file, false)).isEqualTo(theirs);
        assertThat(theirs.adverts()).hasSizeGreaterThanOrEqualTo(2);
    }

    private static Behaviour alone(File file, boolean keepalived) {
        try (Lan lan = Lan.open()) {
            Host host = lan.host("a");
            // Nothing runs there, but unicast adverts need someone who answers for their destination.
            lan.host("b");
            Path path = write(lan, file);
            try (Capture capture = lan.capture("alone")) {
                Set<String> before = addresses(host);
                Running running = keepalived
                        ? Keepalived.run(host, path, "a")
                        : Node.run(host, path, "--id", "a").process();
                // Further addresses of a master come one by one.
                file.addresses.forEach(address -> host.awaitHolds(address, true, SOON));
                Set<String> held = addresses(host);
                held.removeAll(before);
                running.terminate();
                assertThat(running.awaitExit(SOON)).as(host.tails()).isZero();
                host.awaitHolds(file.address, false, SOON);
                return new Behaviour(adverts(capture), held);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void electsTheSameMaster(File file) {
        boolean oursIsBetter = file.ordinal() % 2 == 0;
        try (Lan lan = Lan.open()) {
            Host a = lan.host("a");
            Host b = lan.host("b");
            Path path = write(lan, file);
            Running better = start(!oursIsBetter, b, path);
            b.awaitHolds(file.address, true, SOON);
            start(oursIsBetter, a, path);

            better.terminate();
            assertThat(better.awaitExit(SOON)).as(b.tails()).isZero();
            a.awaitHolds(file.address, true, SOON);

            start(!oursIsBetter, b, path);
            b.awaitHolds(file.address, true, SOON);
            a.awaitHolds(file.address, false, SOON);
        }
    }

    /** The way back: of what is written keepalived says nothing that it did not say of what was read. */
    @Test
    void keepalivedReadsWhatIsWritten() throws IOException {
        List<String> texts = new ArrayList<>();
        Arrays.stream(File.values()).forEach(file -> texts.add(file.text));
        texts.add("""
                vrrp_script up {
                    script "/bin/test -e /"
                    weight -20 reverse
                    rise 2
                    user root
                    init_fail
                }
                vrrp_track_file number {
                    file /run/number
                    weight 2
                }
                vrrp_track_process shell {
                    process sh
                    quorum 2
                }
                vrrp_instance A {
                    interface eth0
                    virtual_router_id 21
                    track_script {
                        up
                    }
                    track_file {
                        number weight 3
                    }
                    track_process {
                        shell weight 4
                    }
                    notify_master "/bin/true 'a b'" root
                    notify /bin/true root
                    virtual_ipaddress {
                        10.99.0.66
                    }
                }
                virtual_server 10.99.0.66 80 {
                    real_server 10.99.0.2 80 {
                        TCP_CHECK {
                        }
                        HTTP_GET {
                            url {
                                path /
                                status_code 200-204
                            }
                        }
                        MISC_CHECK {
                            misc_path /bin/true
                            user root
                        }
                    }
                }
                """);
        try (Lan lan = Lan.open()) {
            Host host = lan.host("a");
            for (String text : texts) {
                KeepalivedConfig read = KeepalivedConfig.parse(text, "read", "a");
                assertThat(read.report().hasErrors()).as(text).isFalse();
                assertThat(complaints(lan, host, read.write())).as(text).isSubsetOf(complaints(lan, host, text));
            }
        }
    }

    /** What keepalived says of a text, without where. */
    private static List<String> complaints(Lan lan, Host host, String text) throws IOException {
        Path path = Files.writeString(lan.directory().resolve("checked.conf"), text);
        return host.sh("keepalived -t -i a -f " + path + " 2>&1 || true")
                .lines()
                .map(line -> line.replaceFirst("^\\(\\S+: Line \\d+\\) ", ""))
                .toList();
    }

    private static Running start(boolean keepalived, Host host, Path path) {
        return keepalived
                ? Keepalived.run(host, path, host.name())
                : Node.run(host, path, "--id", host.name()).process();
    }

    @Test
    void sharesTheSampleOfTwoNodesWithKeepalived() throws IOException {
        String sample = new String(
                Objects.requireNonNull(getClass().getResourceAsStream("/keepalived/01-two-nodes-pass.conf"))
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        try (Lan lan = Lan.open()) {
            Host ours = lan.host("ours");
            Host theirs = lan.host("theirs");
            Host clientHost = lan.host("client");
            Path preferred = Files.writeString(lan.directory().resolve("preferred.conf"), sample);
            Path other = Files.writeString(
                    lan.directory().resolve("other.conf"),
                    sample.replace("priority 100 ", "priority 50 ").replace("hostname1", "hostname2"));
            Client.serve(ours, List.of("10.99.0.66"));
            Client.serve(theirs, List.of("10.99.0.66"));
            try (Client client = Client.ask(clientHost, "10.99.0.66", Duration.ofMillis(1));
                    Capture capture = lan.capture("sample")) {
                Running keepalived = Keepalived.run(theirs, other, "theirs");
                client.awaitAnswerFrom(theirs, System.nanoTime(), SOON);
                Node node = Node.run(ours, preferred);
                client.awaitAnswerFrom(ours, System.nanoTime(), SOON);
                theirs.awaitHolds("10.99.0.67", false, SOON);

                long leftAt = node.process().terminate();
                client.awaitAnswerFrom(theirs, leftAt, SOON);
                assertThat(node.process().awaitExit(SOON)).isZero();

                Node again = Node.run(ours, preferred);
                client.awaitAnswerFrom(ours, System.nanoTime(), SOON);

                long cutAt = lan.cut(ours);
                client.awaitAnswerFrom(theirs, cutAt, SOON);
                long healedAt = lan.heal(ours);
                client.awaitAnswerFrom(ours, healedAt, SOON);
                theirs.awaitHolds("10.99.0.66", false, SOON);
                assertThat(again.process().alive()).isTrue();

                keepalived.terminate();
                assertThat(capture.stop().faulty()).isEmpty();
            }
        }
    }

    @Test
    void reloadsWithoutDisturbingWhatDidNotChange() throws IOException {
        String instance =
                "vrrp_instance %s {\n interface eth0\n version 3\n advert_int 0.1\n virtual_router_id %d\n priority %d\n"
                        + " virtual_ipaddress {\n  10.99.0.%d\n%s }\n}\n";
        try (Lan lan = Lan.open()) {
            Host host = lan.host("a");
            Path file = lan.directory().resolve("reload.conf");
            Path told = lan.directory().resolve("told");
            String same = "vrrp_script up {\n script /bin/true\n weight 20\n}\n"
                    + instance.formatted(
                            "SAME",
                            1,
                            100,
                            66,
                            " }\n track_script {\n  up\n }\n notify \"/bin/sh -c 'echo $3 >>" + told + "' sh\"\n"
                                    + " virtual_ipaddress_excluded {\n  10.99.0.67\n");
            Files.writeString(
                    file,
                    same + instance.formatted("CHANGED", 2, 100, 70, "") + instance.formatted("GONE", 3, 100, 80, ""));
            Node node = Node.run(host, file);
            for (String address : List.of("10.99.0.66", "10.99.0.70", "10.99.0.80")) {
                host.awaitHolds(address, true, SOON);
            }
            int before = node.changes().size();
            Capture capture = lan.capture("reload");
            Metronome metronome = new Metronome(Duration.ofMillis(1));

            Files.writeString(file, "vrrp_instance BROKEN {\n}\n");
            hangUp(node);
            node.process().awaitLine("not reloaded", SOON);
            assertThat(host.holds("10.99.0.66")).isTrue();

            Files.writeString(
                    file,
                    same
                            + instance.formatted("CHANGED", 2, 90, 70, "  10.99.0.71\n")
                            + instance.formatted("NEW", 4, 100, 90, ""));
            hangUp(node);
            node.process().awaitLine("floatingip: reloaded", SOON);
            host.awaitHolds("10.99.0.71", true, SOON);
            host.awaitHolds("10.99.0.90", true, SOON);
            host.awaitHolds("10.99.0.80", false, SOON);
            assertThat(node.changes().stream()
                            .skip(before)
                            .map(c -> c.to() + " " + c.why())
                            .toList())
                    .as("changes of role after the reload")
                    .hasSize(3);
            assertThat(host.holds("10.99.0.66")).isTrue();
            assertThat(host.holds("10.99.0.70")).isTrue();
            // Its check went on: the weight never left the priority. Its script was told nothing.
            List<Capture.Advert> adverts = capture.stop().adverts().stream()
                    .filter(advert -> advert.vrid() == 1)
                    .dropWhile(advert -> advert.priority() != 120)
                    .toList();
            assertThat(adverts).hasSizeGreaterThan(5);
            assertThat(adverts).extracting(Capture.Advert::priority).containsOnly(120);
            for (int i = 1; i < adverts.size(); i++) {
                assertThat(Duration.ofNanos(
                                adverts.get(i).atNanos() - adverts.get(i - 1).atNanos()))
                        .isLessThanOrEqualTo(Duration.ofMillis(120).plus(metronome.latest()));
            }
            metronome.close();
            assertThat(Files.readAllLines(told)).containsExactly("BACKUP", "MASTER");
            node.process().terminate();
            assertThat(node.process().awaitExit(SOON)).isZero();
        }
    }

    private static void hangUp(Node node) {
        Running.output(List.of("sh", "-c", "kill -HUP " + node.process().pid()));
    }

    private static Path write(Lan lan, File file) {
        try {
            return Files.writeString(lan.directory().resolve("both.conf"), file.text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Distinct adverts as they crossed the switch, without what counts up (the IP id, AH's sequence) and the sums over that. */
    private static Set<String> adverts(Capture capture) {
        Set<String> adverts = new TreeSet<>();
        for (byte[] frame : capture.frames()) {
            ByteBuffer bytes = ByteBuffer.wrap(frame);
            int type = bytes.getShort(12) & 0xffff;
            int protocol = type == 0x0800 ? frame[23] & 0xff : type == 0x86dd ? frame[20] & 0xff : 0;
            if (protocol != 112 && protocol != 51) {
                continue;
            }
            byte[] fixed = frame;
            if (type == 0x0800) {
                fixed = Arrays.copyOf(frame, 14 + (bytes.getShort(16) & 0xffff));
                Arrays.fill(fixed, 18, 20, (byte) 0);
                Arrays.fill(fixed, 24, 26, (byte) 0);
            }
            if (protocol == 51) {
                Arrays.fill(fixed, 34 + 8, 34 + 24, (byte) 0);
            }
            adverts.add(HexFormat.of().formatHex(fixed));
        }
        return adverts;
    }

    /** Without lifetimes, and with one name for the virtual interface. */
    private static Set<String> addresses(Host host) {
        Set<String> addresses = new TreeSet<>();
        Matcher line = ADDRESS.matcher(host.run("ip", "-o", "addr", "show"));
        while (line.find()) {
            String device = line.group(1).equals("eth0") || line.group(1).equals("lo") ? line.group(1) : "virtual";
            String label =
                    line.group(7) == null || line.group(7).equals(line.group(1)) ? "" : " label " + line.group(7);
            if (device.equals("virtual") && line.group(3).startsWith("fe80:")) {
                continue;
            }
            addresses.add(line.group(2) + " " + line.group(3) + line.group(4) + " dev " + device + " scope "
                    + line.group(5) + label);
        }
        return addresses;
    }
}
