package io.floatingip.linux;

import static io.floatingip.linux.TwoHosts.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.spi.HardwareAddress;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class NeighborDiscoveryTest {
    private static final byte[] MAC = new HardwareAddress(0x0000_5e00_0233L).toBytes();
    private static final Inet6Address VIRTUAL = (Inet6Address) address("2001:db8::1:2:3");
    private static final String VIRTUAL_BYTES = "20010db8000000000000000100020003";
    private final byte[] memory = new byte[128];
    private final ByteBuffer frame = ByteBuffer.wrap(memory);

    NeighborDiscoveryTest() {
        Arrays.fill(memory, (byte) 0xa5);
    }

    @Test
    void announcementGoesToAllNodesFromTheAddressItself() {
        NeighborDiscovery.announcement(frame, MAC, VIRTUAL, false);
        assertThat(written(NeighborDiscovery.ADVERTISEMENT_BYTES))
                .isEqualTo("333300000001" + "00005e000233" + "86dd"
                        + "60000000" + "0020" + "3a" + "ff"
                        + VIRTUAL_BYTES
                        + "ff020000000000000000000000000001"
                        + "8800" + checksumOf(NeighborDiscovery.ADVERTISEMENT_BYTES) + "20000000"
                        + VIRTUAL_BYTES
                        + "0201" + "00005e000233");
    }

    @Test
    void routerSaysThatItIsOne() {
        NeighborDiscovery.announcement(frame, MAC, VIRTUAL, true);
        assertThat(memory[58]).isEqualTo((byte) 0xa0);
    }

    @Test
    void probeAsksTheSolicitedNodeGroupWithoutASource() {
        NeighborDiscovery.probe(frame, MAC, VIRTUAL);
        assertThat(written(NeighborDiscovery.SOLICITATION_BYTES))
                .isEqualTo("3333ff020003" + "00005e000233" + "86dd"
                        + "60000000" + "0018" + "3a" + "ff"
                        + "00000000000000000000000000000000"
                        + "ff0200000000000000000001ff020003"
                        + "8700" + checksumOf(NeighborDiscovery.SOLICITATION_BYTES) + "00000000"
                        + VIRTUAL_BYTES);
        assertThat(NeighborDiscovery.advertises(frame, NeighborDiscovery.SOLICITATION_BYTES))
                .isFalse();
    }

    @Test
    void checksumMakesTheWholeMessageSumUpToOnes() {
        for (boolean router : new boolean[] {false, true}) {
            NeighborDiscovery.announcement(frame, MAC, VIRTUAL, router);
            int length = NeighborDiscovery.ADVERTISEMENT_BYTES;
            assertThat(sum(length)).isEqualTo(0xffff);
        }
    }

    @Test
    void advertisementIsReadWithTheHardwareAddressItNames() {
        NeighborDiscovery.announcement(frame, MAC, VIRTUAL, false);
        // The frame's own sender is another one.
        memory[11] = 9;
        int length = NeighborDiscovery.ADVERTISEMENT_BYTES;
        assertThat(NeighborDiscovery.advertises(frame, length)).isTrue();
        assertThat(NeighborDiscovery.targetHigh(frame)).isEqualTo(0x2001_0db8_0000_0000L);
        assertThat(NeighborDiscovery.targetLow(frame)).isEqualTo(0x0000_0001_0002_0003L);
        assertThat(NeighborDiscovery.claimant(frame, length)).isEqualTo(0x0000_5e00_0233L);
        assertThat(NeighborDiscovery.claimant(frame, length - 8)).isEqualTo(0x0000_5e00_0209L);
        memory[79] = 0;
        memory[78] = 9;
        assertThat(NeighborDiscovery.claimant(frame, length)).isEqualTo(0x0000_5e00_0209L);
    }

    @Test
    void forwardedShortAndOtherPacketsAdvertiseNothing() {
        NeighborDiscovery.announcement(frame, MAC, VIRTUAL, false);
        assertThat(NeighborDiscovery.advertises(frame, 77)).isFalse();
        for (int at : new int[] {14, 20, 21, 54, 55}) {
            memory[at] ^= 0x11;
            assertThat(NeighborDiscovery.advertises(frame, NeighborDiscovery.ADVERTISEMENT_BYTES))
                    .as("byte " + at)
                    .isFalse();
            memory[at] ^= 0x11;
        }
    }

    /** RFC 1071, written the plain way: what the receiver does. */
    private int sum(int length) {
        long sum = length - 54 + 58;
        for (int at = 22; at < length; at += 2) {
            sum += frame.getShort(at) & 0xffff;
        }
        while (sum > 0xffff) {
            sum = (sum >> 16) + (sum & 0xffff);
        }
        return (int) sum;
    }

    private String checksumOf(int length) {
        assertThat(sum(length)).isEqualTo(0xffff);
        return HexFormat.of().formatHex(memory, 56, 58);
    }

    private String written(int length) {
        assertThat(memory[length]).isEqualTo((byte) 0xa5);
        return HexFormat.of().formatHex(memory, 0, length);
    }
}
