package io.floatingip.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.floatingip.spi.Fence;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fence on the real kernel: two namespaces, a client that asks every millisecond, a sender that is stopped and killed. */
class NftFenceIT {
    private static final String IPV4 = "10.0.0.100";
    private static final String IPV6 = "fd00::100";
    private static final int PORT = 9999;
    private static final long MILLI = 1_000_000;

    @TempDir
    Path directory;

    private NftLab lab;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void makeNamespaces() throws IOException {
        assumeTrue(NftLab.possible(), "needs root for network namespaces");
        lab = new NftLab();
        lab.inA("ip addr add " + IPV4 + "/32 dev a0; ip addr add " + IPV6 + "/128 dev a0 nodad");
    }

    @AfterEach
    void removeNamespaces() throws Exception {
        for (int i = opened.size(); i-- > 0; ) {
            opened.get(i).close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    @ParameterizedTest(name = "{0} {1} to {2}, every {3} ms")
    @CsvSource({"plain, 10.0.0.1, 224.0.0.18, 1000", "ah, 10.0.0.1, 10.0.0.2, 1000", "plain, fd00::1, ff02::12, 1000"})
    @Tag("long")
    void hostStopsAnsweringAtOneSecond(String kind, String source, String to, long interval) throws Exception {
        hostStopsAnsweringWithinOneLeaseAndSendsNothingStaleWhenItGoesOn(kind, source, to, interval);
    }

    @ParameterizedTest(name = "{0} {1} to {2}, every {3} ms")
    @CsvSource({
        "plain, 10.0.0.1, 224.0.0.18, 50",
        "plain, 10.0.0.1, 224.0.0.18, 100",
        "plain, 10.0.0.1, 10.0.0.2, 100",
        "ah, 10.0.0.1, 224.0.0.18, 100",
        "ah, 10.0.0.1, 10.0.0.2, 100",
        "plain, fd00::1, ff02::12, 50",
        "plain, fd00::1, ff02::12, 100",
        "plain, fd00::1, fd00::2, 100",
    })
    @Tag("once")
    void hostStopsAnsweringWithinOneLeaseAndSendsNothingStaleWhenItGoesOn(
            String kind, String source, String to, long interval) throws Exception {
        String address = source.contains(":") ? IPV6 : IPV4;
        long lease = interval * 11 / 4;
        Sender sender = sender(kind, source, to, 52, interval, lease, address);
        echo(address);
        Probe probe = probe(address);
        Capture capture = capture();
        sender.command("open");
        probe.awaitAnswer();
        // Longer than a lease: what still answers then does so because adverts leave.
        sleep(Math.max(3 * interval, 300));
        probe.awaitAnswer();

        sender.signal("STOP");
        sleep(lease + 200);
        long late = probe.lastAnswered() - sender.lastAdvert();
        report(kind, source, to, interval, lease, "STOP", late);
        assertThat(late).isBetween(lease / 2 * MILLI, lease * MILLI * 101 / 100);

        // It goes on without having noticed: its adverts and announcements must not leave.
        capture.clear();
        sender.signal("CONT");
        sender.command("announce");
        sleep(Math.max(3 * interval, 200));
        assertThat(capture.seen(52, address)).isEmpty();
        assertThat(probe.lastAnswered() - sender.lastAdvert()).isNegative();

        sender.command("open");
        sender.command("announce");
        probe.awaitAnswer();
        sleep(Math.max(2 * interval, 200));
        assertThat(capture.seen(52, address).keySet())
                .containsExactlyInAnyOrder(kind.equals("ah") ? "ah" : "advert", address.contains(":") ? "na" : "arp");

        sender.signal("KILL");
        sleep(lease + 200);
        late = probe.lastAnswered() - sender.lastAdvert();
        report(kind, source, to, interval, lease, "KILL", late);
        assertThat(late).isBetween(lease / 2 * MILLI, lease * MILLI * 101 / 100);
    }

    @Test
    void nobodyHearsOfAnAddressBeforeTheFirstAdvertHasLeft() throws Exception {
        Sender sender = sender("plain", "10.0.0.1", "224.0.0.18", 52, 20, 400, IPV4);
        echo(IPV4);
        Probe probe = probe(IPV4);
        Capture capture = capture();
        probe.awaitAnswer();
        sender.command("claim");
        long since = System.nanoTime();
        sender.command("announce");
        sleep(200);
        assertThat(probe.lastAnswered() - since).isNegative();
        assertThat(capture.seen(52, IPV4)).isEmpty();
        sender.command("open");
        probe.awaitAnswerAfter(since);
    }

    @Test
    void aFenceInPlaceOfAnotherIsOpenForWhatThatOneHadLeft() throws Exception {
        InetAddress address = InetAddress.getByName(IPV4);
        NftLab.call(lab.a, () -> {
            try (NftFences fences = NftFences.open()) {
                Fence fence = fences.fence("a0", Set.of("a0"), spec(52, 60_000 * MILLI, address), () -> {});
                fence.openFor(300 * MILLI);
                assertThat(live()).contains("elements");
                sleep(310);
                assertThat(live()).doesNotContain("elements");
                fence.openFor(-1);
                assertThat(live()).doesNotContain("elements");
                assertThat(NftLab.run("nft", "list", "set", "netdev", "floatingip-a0", "held"))
                        .contains("elements");
                fence.open();
                assertThat(live()).doesNotContain("elements");
                return null;
            }
        });
    }

    @Test
    void aTableOfAnotherVersionIsMadeAnewAsSoonAsNobodyHoldsAnythingInIt() throws Exception {
        InetAddress address = InetAddress.getByName(IPV4);
        NftLab.call(lab.a, () -> {
            NftLab.run("nft", "add table netdev floatingip-a0");
            NftLab.run("nft", "add set netdev floatingip-a0 held { type mark; flags dynamic,timeout; }");
            NftLab.run("nft", "add chain netdev floatingip-a0 in4");
            NftLab.run("nft", "add element netdev floatingip-a0 held { 1 timeout 1s }");
            try (NftFences fences = NftFences.open()) {
                Fence fence = fences.fence("a0", Set.of("a0"), spec(52, 60_000 * MILLI, address), () -> {});
                fence.open();
                assertThat(fence.state().packetFilter()).isFalse();
                assertThat(fence.state().reason()).contains("another version's of this library");
                sleep(1100);
                fence.open();
                assertThat(fence.state()).isEqualTo(new Fence.State(true, ""));
                assertThat(listing()).contains("guard-4-52", "opening");
            }
            assertThat(listing()).isEmpty();
            return null;
        });
    }

    @Test
    void priorityZeroLeavesAlwaysAndRenewsNothing() throws Exception {
        Sender sender = sender("plain", "10.0.0.1", "224.0.0.18", 52, 20, 200, IPV4);
        echo(IPV4);
        Probe probe = probe(IPV4);
        Capture capture = capture();
        sender.command("open");
        probe.awaitAnswer();
        sender.command("zero");
        long since = System.nanoTime();
        sleep(600);
        assertThat(probe.lastAnswered() - since).isLessThan(202 * MILLI);
        capture.clear();
        sleep(200);
        assertThat(capture.seen(52, IPV4).get("advert")).isGreaterThan(5);
    }

    @Test
    void whoLeavesAnswersForAMomentOnlyAndIsNotLetOutAgainLater() throws Exception {
        Sender sender = sender("plain", "10.0.0.1", "224.0.0.18", 52, 20, 3000, IPV4);
        echo(IPV4);
        Probe probe = probe(IPV4);
        sender.command("open");
        probe.awaitAnswer();
        sender.command("leave");
        long since = System.nanoTime();
        sleep(500);
        long last = probe.lastAnswered();
        assertThat(last - since).isLessThan(110 * MILLI);

        sender.command("leaving");
        sleep(200);
        assertThat(probe.lastAnswered()).isEqualTo(last);
    }

    @Test
    void anotherProgramHasTheAddressAfterTheTimeOfHolding() throws Exception {
        Sender sender = sender("plain", "10.0.0.1", "224.0.0.18", 52, 20, 400, IPV4);
        echo(IPV4);
        Probe probe = probe(IPV4);
        sender.command("open");
        probe.awaitAnswer();
        sender.signal("KILL");
        long killed = sender.lastAdvert();
        sleep(500);
        long silent = probe.lastAnswered();
        assertThat(silent - killed).isLessThan(404 * MILLI);
        probe.awaitAnswerAfter(System.nanoTime());
        assertThat(probe.firstAnswerAfter(silent + MILLI) - killed)
                .isBetween(NftRouter.HOLD_NANOS, NftRouter.HOLD_NANOS + TimeUnit.SECONDS.toNanos(2));
    }

    @Test
    void shutLetsAnotherProgramHaveTheAddressAtOnce() throws Exception {
        Sender sender = sender("plain", "10.0.0.1", "224.0.0.18", 52, 20, 400, IPV4);
        echo(IPV4);
        Probe probe = probe(IPV4);
        sender.command("open");
        probe.awaitAnswer();
        sender.command("silent");
        sleep(700);
        assertThat(probe.lastAnswered() - sender.lastAdvert()).isLessThan(404 * MILLI);
        sender.command("shut");
        long shut = System.nanoTime();
        probe.awaitAnswerAfter(shut);
        sender.command("close");
        assertThat(lab.inA("nft list ruleset")).isEmpty();
    }

    @Test
    void restartedProcessTakesOverWhatTheKilledOneLeft() throws Exception {
        Sender killed = sender("plain", "10.0.0.1", "224.0.0.18", 52, 20, 400, IPV4);
        echo(IPV4);
        Probe probe = probe(IPV4);
        killed.command("open");
        probe.awaitAnswer();
        killed.signal("KILL");
        sleep(700);
        long silent = System.nanoTime();
        assertThat(probe.lastAnswered() - silent).isLessThan(-100 * MILLI);

        Sender next = sender("plain", "10.0.0.1", "224.0.0.18", 52, 20, 400, IPV4);
        next.command("open");
        probe.awaitAnswerAfter(silent);
        sleep(700);
        probe.awaitAnswer();
        next.command("close");
        assertThat(lab.inA("nft list ruleset")).isEmpty();
    }

    @Test
    void addressOfAKilledRouterCanBelongToAnotherOneAndTheRemainsAreRemoved() throws Exception {
        Sender killed = sender("plain", "10.0.0.1", "224.0.0.18", 52, 20, 400, IPV4, "10.0.0.101");
        killed.command("open");
        killed.signal("KILL");
        Sender next = sender("plain", "10.0.0.1", "224.0.0.18", 53, 20, 400, IPV4);
        echo(IPV4);
        Probe probe = probe(IPV4);
        next.command("open");
        probe.awaitAnswer();
        next.command("close");
        sleep(NftRouter.HOLD_NANOS / MILLI + 1200);
        Sender last = sender("plain", "10.0.0.1", "224.0.0.18", 54, 20, 400, IPV4);
        last.command("open");
        assertThat(lab.inA("nft list ruleset")).contains("guard-4-54").doesNotContain("-4-52", "10.0.0.101");
        last.command("close");
        assertThat(lab.inA("nft list ruleset")).isEmpty();
    }

    @Test
    void twoProcessesOnOneDeviceLeaveEachOtherAlone() throws Exception {
        lab.inA("ip addr add 10.0.0.101/32 dev a0");
        Sender one = sender("plain", "10.0.0.1", "224.0.0.18", 52, 20, 400, IPV4);
        Sender two = sender("plain", "10.0.0.1", "224.0.0.18", 53, 20, 400, "10.0.0.101");
        echo(IPV4);
        echo("10.0.0.101");
        Probe first = probe(IPV4);
        Probe second = probe("10.0.0.101");
        one.command("open");
        two.command("open");
        first.awaitAnswer();
        second.awaitAnswer();
        one.signal("KILL");
        long killed = System.nanoTime();
        sleep(700);
        assertThat(first.lastAnswered() - killed).isLessThan(404 * MILLI);
        second.awaitAnswer();
        two.command("close");
        assertThat(lab.inA("nft list ruleset")).contains("guard-4-52").doesNotContain("-4-53");
    }

    @Test
    void flushedRulesArePutBackAndReported() throws Exception {
        InetAddress address = InetAddress.getByName(IPV4);
        List<String> disturbed = NftLab.call(lab.a, () -> {
            List<String> reports = new ArrayList<>();
            try (NftFences fences = NftFences.open()) {
                Fence fence = fences.fence("a0", Set.of("a0"), spec(52, 60_000 * MILLI, address), () -> {});
                assertThat(fence.state()).isEqualTo(new Fence.State(true, ""));
                fence.open();
                fences.refuse("a0", List.of(InetAddress.getByName("10.0.0.101")));
                fences.onReadable(reports::add);
                assertThat(reports).isEmpty();
                String before = listing();
                NftLab.run("nft", "flush", "ruleset");
                assertThat(listing()).doesNotContain("guard-4-52").contains("10.0.0.101");
                fences.onReadable(reports::add);
                assertThat(sorted(listing())).isEqualTo(sorted(before));
                fences.onReadable(reports::add);
            }
            return reports;
        });
        assertThat(disturbed).containsExactly("a0");
        assertThat(lab.inA("nft list ruleset")).isEmpty();
    }

    @Test
    void flushedRulesArePutBackForNoLongerThanTheyWouldHaveHeld() throws Exception {
        InetAddress address = InetAddress.getByName(IPV4);
        NftLab.call(lab.a, () -> {
            try (NftFences fences = NftFences.open()) {
                Fence fence = fences.fence("a0", Set.of("a0"), spec(52, 60_000 * MILLI, address), () -> {});
                fence.open();
                fence.advertised(true);
                NftLab.run("nft", "flush", "ruleset");
                fences.onReadable(device -> {});
                assertThat(live()).as("a master").contains("elements");
                fence.closeAfter(200 * MILLI);
                NftLab.run("nft", "flush", "ruleset");
                fences.onReadable(device -> {});
                sleep(210);
                assertThat(live()).as("who has left").doesNotContain("elements");
                NftLab.run("nft", "flush", "ruleset");
                fences.onReadable(device -> {});
                sleep(20);
                assertThat(live()).as("who was stopped while leaving").doesNotContain("elements");
                return null;
            }
        });
    }

    private static String live() throws IOException {
        return NftLab.run("nft", "list", "set", "netdev", "floatingip-a0", "live");
    }

    @Test
    void hostStopsAnsweringAfterSomebodyFlushedTheRules() throws Exception {
        Sender sender = sender("plain", "10.0.0.1", "224.0.0.18", 52, 100, 275, IPV4);
        echo(IPV4);
        Probe probe = probe(IPV4);
        sender.command("open");
        probe.awaitAnswer();
        lab.inA("nft flush ruleset");
        sender.command("repair");
        sleep(400);
        probe.awaitAnswer();
        sender.signal("STOP");
        sleep(475);
        long late = probe.lastAnswered() - sender.lastAdvert();
        report("flushed", "10.0.0.1", "224.0.0.18", 100, 275, "STOP", late);
        assertThat(late).isBetween(137 * MILLI, 275 * MILLI * 101 / 100);
    }

    @Test
    void aTableThatAnotherProcessMadeAgainLacksOurChains() throws Exception {
        NftLab.call(lab.a, () -> {
            NetlinkSocket commands = NetlinkSocket.open(Libc.NETLINK_NETFILTER, 0);
            NftTable table = new NftTable(commands, "a0");
            NftRouter router = NftRouter.of(spec(52, 60_000 * MILLI, InetAddress.getByName(IPV4)));
            new NftFence(table, router, Set.of("a0"), () -> {}).open();
            assertThat(table.guards()).isTrue();
            NftLab.run("nft", "flush", "ruleset");
            try (NftFences others = NftFences.open()) {
                others.fence(
                                "a0",
                                Set.of("a0"),
                                spec(53, 60_000 * MILLI, InetAddress.getByName("10.0.0.101")),
                                () -> {})
                        .open();
                assertThat(table.isIntact()).isTrue();
                assertThat(table.guards()).isFalse();
                assertThat(table.repair(false)).isTrue();
                assertThat(table.guards()).isTrue();
                assertThat(listing()).contains("guard-4-52", "guard-4-53");
                table.close();
            }
            commands.close();
            return null;
        });
    }

    @Test
    void listingCanBeLoadedAgain() throws Exception {
        NftLab.call(lab.a, () -> {
            try (NftFences fences = NftFences.open()) {
                fences.fence("a0", Set.of("a0"), spec(52, 1000 * MILLI, InetAddress.getByName(IPV4)), () -> {})
                        .open();
                fences.fence(
                                "a0",
                                Set.of("a0"),
                                NftSender.spec(
                                        false,
                                        InetAddress.getByName("fd00::1"),
                                        InetAddress.getByName("ff02::12"),
                                        52,
                                        1000 * MILLI,
                                        InetAddress.getByName(IPV6)),
                                () -> {})
                        .open();
                Path saved = directory.resolve("ruleset");
                Files.writeString(saved, NftLab.run("nft", "-s", "list", "ruleset"));
                NftLab.run("nft", "flush", "ruleset");
                NftLab.run("nft", "-f", saved.toString());
                assertThat(sorted(NftLab.run("nft", "-s", "list", "ruleset")))
                        .isEqualTo(sorted(Files.readString(saved)));
                return null;
            }
        });
    }

    @Test
    void replacedInterfaceIsGuardedAgain() throws Exception {
        NftLab.call(lab.a, () -> {
            try (NftFences fences = NftFences.open()) {
                Fence fence = fences.fence(
                        "x0", Set.of("x0"), spec(52, 60_000 * MILLI, InetAddress.getByName(IPV4)), () -> {});
                fence.open();
                NftLab.run("ip", "link", "add", "x0", "type", "veth", "peer", "name", "x1");
                fences.linkChanged("x0");
                fence.open();
                assertThat(fence.state()).isEqualTo(new Fence.State(true, ""));
                NftLab.run("ip", "link", "del", "x0");
                NftLab.run("ip", "link", "add", "x0", "type", "veth", "peer", "name", "x1");
                fences.linkChanged("x0");
                assertThat(listing()).contains("hook ingress device \"x0\"", "hook egress device \"x0\"");
                return null;
            }
        });
    }

    @Test
    void refusedAddressesTakeNeighbourDiscoveryOnlyAndOnlyWhileTheProcessLives() throws Exception {
        NftLab.call(lab.a, () -> {
            try (NftFences fences = NftFences.open()) {
                fences.refuse("a0", List.of(InetAddress.getByName(IPV4), InetAddress.getByName(IPV6)));
                for (String address : List.of(IPV4, IPV6)) {
                    lab.inB("! ping -c1 -W1 " + address);
                    assertThat(lab.inB("ip neigh show " + address)).contains("lladdr");
                }
                lab.inB("ping -c1 -W1 10.0.0.1; ping -c1 -W1 fd00::1");
                fences.refuse("a0", List.of(InetAddress.getByName(IPV6)));
                lab.inB("ping -c1 -W1 " + IPV4 + "; ! ping -c1 -W1 " + IPV6);
            }
            return null;
        });
        lab.inB("ping -c1 -W1 " + IPV6);
        assertThat(lab.inA("nft list ruleset")).isEmpty();
    }

    @Test
    void packetsOfAVlanAreNotTheDevicesOwnButPriorityTaggedOnesAre() throws Exception {
        NftLab.call(lab.a, () -> {
            try (NftFences fences = NftFences.open()) {
                fences.fence("a0", Set.of("a0"), spec(52, MILLI, InetAddress.getByName(IPV4)), () -> {})
                        .open();
                sleep(20);
                lab.inA("nft 'table netdev seen { chain c { type filter hook ingress device a0 priority 0;"
                        + " @nh,192,32 0x0a000064 counter; }; }'");
                assertThat(arrived(0x0005)).isEqualTo(1);
                assertThat(arrived(0x6000)).isEqualTo(0);
                return null;
            }
        });
    }

    /** How many ARP requests for the address, sent with this tag, come past the fence. */
    private int arrived(int tag) throws IOException {
        lab.inA("nft reset rules >/dev/null 2>&1 || nft 'flush chain netdev seen c; add rule netdev seen c counter'");
        NftLab.call(lab.b, () -> {
            Slab frame = new Slab(64);
            frame.bytes().put(0, new byte[] {-1, -1, -1, -1, -1, -1, 2, 0, 0, 0, 0, 9, (byte) 0x81, 0});
            SockAddr.putNetworkShort(frame.bytes(), 14, tag);
            frame.bytes().put(16, new byte[] {8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 9, 10, 0, 0, 2});
            frame.bytes().put(42, InetAddress.getByName(IPV4).getAddress());
            Fd socket = Sys.socket(Libc.AF_PACKET, Libc.SOCK_RAW, 0, "");
            Slab to = new Slab(SockAddr.LL_BYTES);
            int ifindex = NetworkInterface.getByName("b0").getIndex();
            Sys.bind(socket, to, SockAddr.linkLayer(to.bytes(), 0, 0x8100, ifindex, 0), "");
            Sys.send(socket.number(), frame.address(), 60, 0, "");
            socket.close();
            return null;
        });
        String rules = lab.inA("nft list table netdev seen");
        return Integer.parseInt(rules.replaceAll("(?s).*packets (\\d+).*", "$1"));
    }

    @Test
    void manyRoutersAreInstalledQuickly() throws Exception {
        NftLab.call(lab.a, () -> {
            try (NftFences fences = NftFences.open()) {
                List<Fence> all = new ArrayList<>();
                for (int vrid = 1; vrid <= 255; vrid++) {
                    byte[] one = {10, 1, 0, (byte) vrid};
                    byte[] two = {10, 2, 0, (byte) vrid};
                    all.add(fences.fence(
                            "a0",
                            Set.of("a0"),
                            spec(vrid, 1000 * MILLI, InetAddress.getByAddress(one), InetAddress.getByAddress(two)),
                            () -> {}));
                }
                for (int round = 1; round <= 3; round++) {
                    long start = System.nanoTime();
                    for (Fence fence : all) {
                        fence.open();
                    }
                    long took = System.nanoTime() - start;
                    System.out.printf("255 routers with 2 addresses, round %d: opened in %.1f ms%n", round, took / 1e6);
                    assertThat(took).isLessThan(2000 * MILLI);
                }
                assertThat(listing().split("goto guard-4-", -1)).hasSize(2 * 255 + 1);
            }
            return null;
        });
        assertThat(lab.inA("nft list ruleset")).isEmpty();
    }

    private static io.floatingip.spi.FenceSpec spec(int vrid, long leaseNanos, InetAddress... guarded)
            throws IOException {
        return NftSender.spec(
                false,
                InetAddress.getByName("10.0.0.1"),
                InetAddress.getByName("224.0.0.18"),
                vrid,
                leaseNanos,
                guarded);
    }

    private static String listing() throws IOException {
        return NftLab.run("nft", "-s", "list", "ruleset").replaceAll(" (expires|timeout) [0-9][0-9a-z]*", "");
    }

    private static List<String> sorted(String listing) {
        return listing.lines().sorted().toList();
    }

    private static void report(
            String kind, String source, String to, long interval, long lease, String signal, long late) {
        System.out.printf(
                "%s %s > %s every %d ms, lease %d ms, %s: last answer %.1f ms after the last advert%n",
                kind, source, to, interval, lease, signal, late / 1e6);
    }

    private static void sleep(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    // The processes and threads of a test.

    private Sender sender(
            String kind, String source, String to, int vrid, long interval, long lease, String... addresses)
            throws IOException {
        Path file = Files.createTempFile(directory, "last", "");
        List<String> arguments =
                new ArrayList<>(List.of(kind, source, to, "" + vrid, "" + interval, "" + lease, file.toString()));
        arguments.addAll(List.of(addresses));
        Sender sender = new Sender(lab.sender(arguments.toArray(String[]::new)), file);
        opened.add(sender);
        assertThat(sender.answer()).isEqualTo(new Fence.State(true, "").toString());
        return sender;
    }

    private static final class Sender implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;
        private final MappedByteBuffer last;

        Sender(Process process, Path file) throws IOException {
            this.process = process;
            answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                last = open.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, 16);
            }
        }

        void command(String command) throws IOException {
            process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            assertThat(answer()).isEqualTo(command);
        }

        String answer() throws IOException {
            return answers.readLine();
        }

        /** When the last one had been sent. CLOCK_MONOTONIC is the same for all processes, and so is nanoTime. */
        long lastAdvert() {
            return last.getLong(0);
        }

        void signal(String signal) throws IOException {
            NftLab.run("kill", "-" + signal, Long.toString(process.pid()));
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** Answers in namespace a at an address, as the application would. */
    private void echo(String address) throws IOException {
        DatagramChannel channel = NftLab.call(
                lab.a,
                () -> DatagramChannel.open()
                        .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                        .bind(new InetSocketAddress(address, PORT)));
        opened.add(channel);
        Thread thread = new Thread(() -> {
            ByteBuffer packet = ByteBuffer.allocate(64);
            while (channel.isOpen()) {
                try {
                    packet.clear();
                    var from = channel.receive(packet);
                    channel.send(packet.flip(), from);
                } catch (IOException e) {
                    // Dropped by the fence on its way out, or closed.
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private Probe probe(String address) throws IOException {
        Probe probe = new Probe(
                NftLab.call(lab.b, () -> DatagramChannel.open().connect(new InetSocketAddress(address, PORT))));
        opened.add(probe);
        return probe;
    }

    /** Asks every millisecond from namespace b. */
    private static final class Probe implements AutoCloseable {
        private final DatagramChannel channel;
        // When the questions that were answered had been sent.
        private final List<Long> answered = new ArrayList<>();

        Probe(DatagramChannel channel) throws IOException {
            this.channel = channel;
            channel.configureBlocking(false);
            Thread thread = new Thread(this::ask);
            thread.setDaemon(true);
            thread.start();
        }

        private void ask() {
            ByteBuffer packet = ByteBuffer.allocate(64);
            while (channel.isOpen()) {
                try {
                    channel.write(packet.clear().putLong(System.nanoTime()).flip());
                } catch (IOException e) {
                    // No answer is an answer.
                }
                LockSupport.parkNanos(MILLI);
                try {
                    while (channel.read(packet.clear()) > 0) {
                        synchronized (answered) {
                            answered.add(packet.flip().getLong());
                        }
                    }
                } catch (IOException e) {
                    // Unreachable, or closed.
                }
            }
        }

        void awaitAnswer() throws InterruptedException {
            awaitAnswerAfter(System.nanoTime());
        }

        void awaitAnswerAfter(long time) throws InterruptedException {
            for (int i = 0; i < 30_000; i++) {
                synchronized (answered) {
                    if (!answered.isEmpty() && answered.get(answered.size() - 1) - time > 0) {
                        return;
                    }
                }
                Thread.sleep(1);
            }
            throw new AssertionError("no answer for 30 s");
        }

        long lastAnswered() {
            synchronized (answered) {
                return answered.get(answered.size() - 1);
            }
        }

        long firstAnswerAfter(long time) {
            synchronized (answered) {
                return answered.stream().filter(t -> t - time > 0).findFirst().orElseThrow();
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private Capture capture() throws IOException {
        Capture capture = new Capture();
        opened.add(capture);
        return capture;
    }

    /** What namespace b receives from a. */
    private final class Capture implements AutoCloseable {
        private final Fd socket;
        private final Slab frame = new Slab(2048);
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final List<byte[]> frames = new ArrayList<>();
        private volatile boolean closed;

        Capture() throws IOException {
            socket = NftLab.call(lab.b, () -> {
                Fd fd = Sys.socket(Libc.AF_PACKET, Libc.SOCK_RAW, 0, "");
                Sys.setsockopt(fd, Libc.SOL_PACKET, Libc.PACKET_IGNORE_OUTGOING, 1, "");
                Slab to = new Slab(SockAddr.LL_BYTES);
                int ifindex = NetworkInterface.getByName("b0").getIndex();
                Sys.bind(fd, to, SockAddr.linkLayer(to.bytes(), 0, 3, ifindex, 0), "");
                return fd;
            });
            Thread thread = new Thread(this::read);
            thread.setDaemon(true);
            thread.start();
        }

        private void read() {
            try {
                while (!closed) {
                    int length = Sys.recv(socket.number(), frame.address(), 2048, 0, "");
                    if (length == Sys.AGAIN) {
                        LockSupport.parkNanos(MILLI);
                    } else {
                        byte[] copy = new byte[length];
                        frame.bytes().get(0, copy);
                        synchronized (frames) {
                            frames.add(copy);
                        }
                    }
                }
                done.complete(null);
            } catch (NativeIoException e) {
                done.completeExceptionally(e);
            }
        }

        void clear() {
            synchronized (frames) {
                frames.clear();
            }
        }

        /** How many adverts of the router, and how many announcements or packets from the address. */
        Map<String, Integer> seen(int vrid, String address) throws IOException {
            String ip = java.util.HexFormat.of()
                    .formatHex(InetAddress.getByName(address).getAddress());
            Map<String, Integer> counts = new TreeMap<>();
            synchronized (frames) {
                for (byte[] each : frames) {
                    String hex = java.util.HexFormat.of().formatHex(each, 12, each.length);
                    String kind = hex.startsWith("0806") && hex.startsWith(ip, 32)
                            ? "arp"
                            : hex.startsWith("0800") && hex.startsWith("70", 22) && vrid == each[35]
                                    ? "advert"
                                    : hex.startsWith("0800") && hex.startsWith("33", 22) && vrid == each[59]
                                            ? "ah"
                                            : hex.startsWith("86dd") && hex.startsWith("70", 16) && vrid == each[55]
                                                    ? "advert"
                                                    : hex.startsWith("86dd")
                                                                    && hex.startsWith("88", 84)
                                                                    && hex.startsWith(ip, 100)
                                                            ? "na"
                                                            : "";
                    if (!kind.isEmpty()) {
                        counts.merge(kind, 1, Integer::sum);
                    }
                }
            }
            return counts;
        }

        @Override
        public void close() {
            closed = true;
            done.join();
            socket.close();
        }
    }
}
