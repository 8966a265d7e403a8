package io.floatingip.linux;

import io.floatingip.IpFamily;
import io.floatingip.spi.FenceSpec;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A virtual router as the rules know it. Family and VRID name it, not the process: a restarted process replaces what its predecessor left, and two
 * processes on one device are told apart as the protocol demands it.
 *
 * @param family 4 or 6, of its adverts
 * @param leaseMillis of {@code live}, from an advert on
 * @param openMillis of {@code opening}, for the first advert
 * @param holdMillis of {@code held}
 * @param elements what the maps have for it
 */
record NftRouter(
        int family, int virtualRouterId, long leaseMillis, long openMillis, long holdMillis, List<Element> elements) {
    /**
     * How long after the lease the addresses stay blocked. Longer than the lifetime of an address can last after the lease, or the address would
     * be answered for once more; short enough to wait for.
     */
    static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** An element of a map: from a key to a chain. Equal by what it holds. */
    record Element(String map, byte[] key, String chain) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Element e && map.equals(e.map) && Arrays.equals(key, e.key);
        }

        @Override
        public int hashCode() {
            return 31 * map.hashCode() + Arrays.hashCode(key);
        }
    }

    static NftRouter of(FenceSpec spec) {
        int family = spec.channel().family() == IpFamily.IPV4 ? 4 : 6;
        int vrid = spec.virtualRouterId();
        List<Element> elements = new ArrayList<>();
        String guard = guardChain(family, vrid);
        for (InetAddress address : spec.addresses()) {
            byte[] key = address.getAddress();
            if (key.length == 4) {
                elements.add(new Element(NftRules.ADDRESSES4, key, guard));
            } else {
                elements.add(new Element(NftRules.ADDRESSES6, key, guard));
                elements.add(new Element(NftRules.TARGETS6, key, guard));
            }
        }
        byte[] source = spec.source().getAddress();
        // A register has four bytes; a shorter value fills it with zeros.
        byte[] advert = Arrays.copyOf(source, source.length + 4);
        advert[source.length] = (byte) vrid;
        elements.add(
                new Element(family == 4 ? NftRules.ADVERTS4 : NftRules.ADVERTS6, advert, advertChain(family, vrid)));
        // Rounded down, as the kernel does with its own clock ticks:
        // the fence may close early by one of them, never late.
        long lease = Math.max(1, spec.leaseNanos() / NANOS_PER_MILLI);
        long open = spec.openNanos() / NANOS_PER_MILLI;
        long hold = lease + HOLD_NANOS / NANOS_PER_MILLI;
        return new NftRouter(family, vrid, lease, open, hold, List.copyOf(elements));
    }

    String guardChain() {
        return guardChain(family, virtualRouterId);
    }

    String advertChain() {
        return advertChain(family, virtualRouterId);
    }

    /** The key in {@code held} and {@code live}: 0x0434 is IPv4 and VRID 52. */
    byte[] key() {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(number())
                .array();
    }

    int number() {
        return family << 8 | virtualRouterId;
    }

    private static String guardChain(int family, int virtualRouterId) {
        return "guard-" + family + "-" + virtualRouterId;
    }

    private static String advertChain(int family, int virtualRouterId) {
        return "advert-" + family + "-" + virtualRouterId;
    }

    /** The number of the router a chain belongs to; 0 if it is none of a router. */
    static int numberOf(String chain) {
        String[] parts = chain.split("-");
        if (parts.length != 3 || !(parts[0].equals("guard") || parts[0].equals("advert"))) {
            return 0;
        }
        try {
            return Integer.parseInt(parts[1]) << 8 | Integer.parseInt(parts[2]);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
