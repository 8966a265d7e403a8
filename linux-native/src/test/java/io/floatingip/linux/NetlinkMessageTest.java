package io.floatingip.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class NetlinkMessageTest {
    private final byte[] memory = new byte[256];
    private final ByteBuffer buffer = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
    private final NetlinkWriter writer = new NetlinkWriter(buffer);

    NetlinkMessageTest() {
        Arrays.fill(memory, (byte) 0xa5);
    }

    @Test
    void attributesArePaddedToFourBytesAndCountOnlyWhatTheyHold() {
        writer.message(20, NetlinkMessage.F_REQUEST | NetlinkMessage.F_ACK, 7)
                .u8(2)
                .u8(24)
                .u8(0)
                .u8(0)
                .u32(3);
        writer.attributeU8(11, 112).attribute(3, "eth0:ha").attribute(2, new byte[] {10, 0, 0, 1});
        assertThat(written(writer.end()))
                .isEqualTo("34000000" + "1400" + "0500" + "07000000" + "00000000"
                        + "02180000" + "03000000"
                        + "0500" + "0b00" + "70000000"
                        + "0c00" + "0300" + "657468303a686100"
                        + "0800" + "0200" + "0a000001");
    }

    @Test
    void nestedAttributesSpanWhatIsInsideThem() {
        writer.message(1, 0, 1)
                .nest(18)
                .attribute(1, "macvlan")
                .nest(2)
                .attributeU32(1, 1)
                .unnest()
                .unnest();
        writer.attributeU16(9, 0x1234);
        assertThat(written(writer.end()))
                .isEqualTo("34000000" + "0100" + "0000" + "01000000" + "00000000"
                        + "1c00" + "1280"
                        + "0c00" + "0100" + "6d6163766c616e00"
                        + "0c00" + "0280"
                        + "0800" + "0100" + "01000000"
                        + "0600" + "0900" + "34120000");
    }

    @Test
    void netfilterNumbersAreInNetworkOrder() {
        writer.message(1, 0, 1).attributeBe32(1, 0x01020304).attributeBe64(2, 0x0102030405060708L);
        assertThat(written(writer.end())).endsWith("0800" + "0100" + "01020304" + "0c00" + "0200" + "0102030405060708");
        NetlinkMessage message = new NetlinkMessage(buffer, writer.end());
        assertThat(message.next()).isTrue();
        NetlinkMessage.Attributes attributes = message.attributes(0);
        assertThat(attributes.next()).isTrue();
        assertThat(attributes.be32()).isEqualTo(0x01020304);
        assertThat(attributes.next()).isTrue();
        assertThat(attributes.be64()).isEqualTo(0x0102030405060708L);
    }

    @Test
    void messagesFollowEachOtherAndAreReadBackOneByOne() {
        writer.message(16, 0, 1).u32(5).attribute(3, "eth0");
        writer.message(17, 2, 2).attributeU8(1, 9);
        int length = writer.end();
        assertThat(writer.messages()).isEqualTo(2);

        NetlinkMessage message = new NetlinkMessage(buffer, length);
        assertThat(message.next()).isTrue();
        assertThat(message.type()).isEqualTo(16);
        assertThat(message.u32(0)).isEqualTo(5);
        NetlinkMessage.Attributes attributes = message.attributes(4);
        assertThat(attributes.next()).isTrue();
        assertThat(attributes.text()).isEqualTo("eth0");
        assertThat(attributes.next()).isFalse();

        assertThat(message.next()).isTrue();
        assertThat(message.type()).isEqualTo(17);
        assertThat(message.flags()).isEqualTo(2);
        assertThat(message.sequence()).isEqualTo(2);
        assertThat(message.next()).isFalse();
    }

    @Test
    void errorIsReadWithTheKernelsWords() {
        ByteBuffer error = hex("38000000" + "0200" + "0003" + "07000000" + "00000000" // F_CAPPED | F_ACK_TLVS
                + "efffffff" // -17
                + "2c000000" + "1400" + "0506" + "07000000" + "00000000"
                + "1200" + "0100" + "416c726561647920746865726500"
                + "0000");
        NetlinkMessage message = new NetlinkMessage(error, error.capacity());
        assertThat(message.next()).isTrue();
        assertThat(message.errno()).isEqualTo(Errno.EEXIST);
        assertThat(message.errorText()).isEqualTo("Already there");
    }

    @Test
    void whatIsCutShortEndsTheReading() {
        writer.message(16, 0, 1).attribute(3, "eth0");
        int length = writer.end();
        assertThat(new NetlinkMessage(buffer, length - 1).next()).isFalse();
        assertThat(new NetlinkMessage(buffer, 8).next()).isFalse();
        buffer.putShort(NetlinkMessage.HEADER_BYTES, (short) 200);
        NetlinkMessage message = new NetlinkMessage(buffer, length);
        assertThat(message.next()).isTrue();
        assertThat(message.attributes(0).next()).isFalse();
        assertThat(message.u32(100)).isZero();
    }

    @Test
    void openNestIsAMistakeOfTheWriter() {
        writer.message(1, 0, 1).nest(2);
        assertThatThrownBy(writer::end).isInstanceOf(IllegalStateException.class);
    }

    private String written(int length) {
        assertThat(memory[length]).isEqualTo((byte) 0xa5);
        return HexFormat.of().formatHex(memory, 0, length);
    }

    private static ByteBuffer hex(String text) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(text)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
