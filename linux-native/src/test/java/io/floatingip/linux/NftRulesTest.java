package io.floatingip.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whole batches, byte for byte, against those in nft-batches.txt; for little-endian hosts, as the descriptions in them are. */
class NftRulesTest {
    private final byte[] memory = new byte[16384];

    @Test
    void tableIsMadeWithItsSetsAndSharedChains() throws IOException {
        assertThat(batch(NftRules::addTable)).isEqualTo(expected("addTable"));
    }

    @Test
    void deviceGetsOneChainForEachDirection() throws IOException {
        assertThat(batch(to -> NftRules.addDevice(to, "eth0"))).isEqualTo(expected("addDevice eth0"));
    }

    @Test
    void routerGetsItsChainsAnew() throws IOException {
        NftRouter router = router("10.0.0.1", 275_999_999, "10.0.0.100");
        assertThat(batch(to -> NftRules.addRouter(to, router))).isEqualTo(expected("addRouter IPv4 52, 275 ms"));
    }

    @Test
    void openingAddsTheAddressesAndArmsAnewWhateverWasThere() throws IOException {
        NftRouter ipv4 = router("10.0.0.1", 275_000_000, "10.0.0.100");
        assertThat(batch(to -> NftRules.open(to, ipv4, 275))).isEqualTo(expected("open IPv4 52"));
        NftRouter ipv6 = router("fe80::1", 275_000_000, "fe80::100");
        assertThat(batch(to -> NftRules.open(to, ipv6, 275))).isEqualTo(expected("open IPv6 52"));
    }

    @Test
    void closingAtOnceIsNotTakenForStayingOpenForGood() throws IOException {
        NftRouter router = router("10.0.0.1", 275_000_000, "10.0.0.100");
        String shortest = batch(to -> NftRules.closeAfter(to, router, 10));
        assertThat(batch(to -> NftRules.closeAfter(to, router, 0))).isEqualTo(shortest);
        assertThat(batch(to -> NftRules.closeAfter(to, router, 11))).isNotEqualTo(shortest);
    }

    @Test
    void onlyTheLastRequestOfABatchAsksForAnAnswer() {
        batch(to -> to.addTable(0).addChain("x"));
        NetlinkMessage message =
                new NetlinkMessage(ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN), memory.length);
        int[] flags = new int[4];
        for (int i = 0; i < flags.length && message.next(); i++) {
            flags[i] = message.flags() & NetlinkMessage.F_ACK;
        }
        assertThat(flags).containsExactly(0, 0, NetlinkMessage.F_ACK, 0);
    }

    @Test
    void routerIsNamedByFamilyAndVridAndKeyedByItsSource() throws IOException {
        NftRouter router = router("fe80::1", 55_900_000, "fe80::100", "10.0.0.100");
        assertThat(router)
                .isEqualTo(new NftRouter(
                        6,
                        52,
                        55,
                        55,
                        10_055,
                        List.of(
                                element("addresses6", "fe800000000000000000000000000100", "guard-6-52"),
                                element("targets6", "fe800000000000000000000000000100", "guard-6-52"),
                                element("addresses4", "0a000064", "guard-6-52"),
                                element("adverts6", "fe800000000000000000000000000001" + "34000000", "advert-6-52"))));
        assertThat(router.number()).isEqualTo(0x0634);
        assertThat(NftRouter.numberOf(router.guardChain())).isEqualTo(0x0634);
        assertThat(NftRouter.numberOf(router.advertChain())).isEqualTo(0x0634);
    }

    @Test
    void otherChainsAreNoRouters() {
        assertThat(List.of("in-eth0", "out-eth0", "adverts4", "guard-x-1", "guard-4-", "in-4-52"))
                .allSatisfy(chain -> assertThat(NftRouter.numberOf(chain)).isZero());
    }

    @Test
    void reasonSaysWhatTheKernelLacks() {
        assertThat(reason(Errno.EPERM)).contains("CAP_NET_ADMIN");
        assertThat(reason(Errno.EOPNOTSUPP))
                .contains("EOPNOTSUPP")
                .contains("5.16")
                .contains("CONFIG_NETFILTER_EGRESS");
        assertThat(reason(Errno.ENOENT)).contains("does not exist");
        assertThat(reason(Errno.ENOMEM)).contains("ENOMEM");
    }

    private static String reason(int errno) {
        return NftFence.reason(new NativeIoException("netlink request", errno, "changing the packet filter"));
    }

    private static NftRouter.Element element(String map, String key, String chain) {
        return new NftRouter.Element(map, HexFormat.of().parseHex(key), chain);
    }

    private String batch(Consumer<NftWriter> content) {
        Arrays.fill(memory, (byte) 0xa5);
        NetlinkWriter out = new NetlinkWriter(ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN));
        NftWriter writer = new NftWriter(out.clear(), "t", 7);
        content.accept(writer);
        writer.end();
        return HexFormat.of().formatHex(memory, 0, out.end());
    }

    private static NftRouter router(String source, long leaseNanos, String... addresses) throws IOException {
        InetAddress[] guarded = Arrays.stream(addresses).map(NftSender::address).toArray(InetAddress[]::new);
        InetAddress from = InetAddress.getByName(source);
        InetAddress to = InetAddress.getByName(from.getAddress().length == 4 ? "224.0.0.18" : "ff02::12");
        return NftRouter.of(NftSender.spec(false, from, to, 52, leaseNanos, guarded));
    }

    private static String expected(String name) throws IOException {
        Map<String, StringBuilder> sections = new HashMap<>();
        try (InputStream in = NftRulesTest.class.getResourceAsStream("nft-batches.txt")) {
            StringBuilder section = new StringBuilder();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (line.startsWith("[")) {
                    section = new StringBuilder();
                    sections.put(line.substring(1, line.length() - 1), section);
                } else if (!line.startsWith("#")) {
                    section.append(line);
                }
            }
        }
        return sections.get(name).toString();
    }
}
