package io.floatingip.linux;

import static io.floatingip.linux.TwoHosts.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.spi.HardwareAddress;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ArpFrameTest {
    private static final byte[] MAC = new HardwareAddress(0x0000_5e00_0133L).toBytes();
    private static final Inet4Address VIRTUAL = (Inet4Address) address("192.0.2.1");
    private final byte[] memory = new byte[64];
    private final ByteBuffer frame = ByteBuffer.wrap(memory);

    ArpFrameTest() {
        Arrays.fill(memory, (byte) 0xa5);
    }

    /** The bytes keepalived 2.2.7 sends for this address, read from its source and from a capture. */
    @Test
    void announcementIsARequestFromTheAddressForTheAddress() {
        ArpFrame.announcement(frame, MAC, VIRTUAL);
        assertThat(written())
                .isEqualTo("ffffffffffff" + "00005e000133" + "0806"
                        + "0001" + "0800" + "06" + "04" + "0001"
                        + "00005e000133" + "c0000201"
                        + "ffffffffffff" + "c0000201");
    }

    @Test
    void probeClaimsNothing() {
        ArpFrame.probe(frame, MAC, VIRTUAL);
        assertThat(written())
                .isEqualTo("ffffffffffff" + "00005e000133" + "0806"
                        + "0001" + "0800" + "06" + "04" + "0001"
                        + "00005e000133" + "00000000"
                        + "000000000000" + "c0000201");
        assertThat(ArpFrame.claimed(frame, ArpFrame.BYTES)).isZero();
    }

    @Test
    void requestsAndRepliesClaimTheirSendersAddress() {
        ArpFrame.announcement(frame, MAC, VIRTUAL);
        assertThat(ArpFrame.claimed(frame, ArpFrame.BYTES)).isEqualTo(0xc0000201L);
        assertThat(ArpFrame.claimant(frame)).isEqualTo(0x0000_5e00_0133L);
        memory[21] = 2;
        assertThat(ArpFrame.claimed(frame, ArpFrame.BYTES)).isEqualTo(0xc0000201L);
        memory[21] = 3;
        assertThat(ArpFrame.claimed(frame, ArpFrame.BYTES)).isZero();
    }

    @Test
    void whatIsShortOrOfAnotherKindClaimsNothing() {
        ArpFrame.announcement(frame, MAC, VIRTUAL);
        assertThat(ArpFrame.claimed(frame, ArpFrame.BYTES - 1)).isZero();
        for (int at = 12; at < 20; at++) {
            memory[at] ^= 1;
            assertThat(ArpFrame.claimed(frame, ArpFrame.BYTES)).as("byte " + at).isZero();
            memory[at] ^= 1;
        }
    }

    private String written() {
        assertThat(memory[ArpFrame.BYTES]).isEqualTo((byte) 0xa5);
        return HexFormat.of().formatHex(memory, 0, ArpFrame.BYTES);
    }
}
