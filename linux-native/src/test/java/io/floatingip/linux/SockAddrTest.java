package io.floatingip.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/** Layouts of a little endian machine, written into memory that held something else before. */
class SockAddrTest {
    @Test
    void ipv4AddressIsSixteenBytes() {
        assertThat(written(out -> SockAddr.inet(out, 0, address("224.0.0.18"), 7)))
                .isEqualTo("0200" + "0000" + "e0000012" + "0000000000000000");
    }

    @Test
    void ipv6AddressCarriesItsInterface() {
        assertThat(written(out -> SockAddr.inet(out, 0, address("ff02::12"), 7)))
                .isEqualTo("0a00" + "0000" + "00000000" + "ff020000000000000000000000000012" + "07000000");
    }

    @Test
    void netlinkAddressHasPortAndGroups() {
        assertThat(written(out -> SockAddr.netlink(out, 0, 0x1234, 0x111)))
                .isEqualTo("1000" + "0000" + "34120000" + "11010000");
    }

    @Test
    void linkLayerAddressHasTheEthertypeInNetworkOrder() {
        assertThat(written(out -> SockAddr.linkLayer(out, 0, Libc.ETH_P_ARP, 3, 0xffff_ffff_ffffL)))
                .isEqualTo("1100" + "0806" + "03000000" + "0000" + "00" + "06" + "ffffffffffff" + "0000");
    }

    @Test
    void abstractNameBeginsWithZeroAndEndsWithItsLength() {
        assertThat(written(out -> SockAddr.abstractUnix(out, 0, "ab"))).isEqualTo("0100" + "00" + "6162");
    }

    private static String written(ToIntFunction<ByteBuffer> layout) {
        byte[] bytes = new byte[64];
        Arrays.fill(bytes, (byte) 0xa5);
        int length = layout.applyAsInt(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        assertThat(bytes[length]).isEqualTo((byte) 0xa5);
        return HexFormat.of().formatHex(bytes, 0, length);
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
