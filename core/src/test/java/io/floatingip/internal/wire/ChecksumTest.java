package io.floatingip.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    /** The example of RFC 1071 section 3. */
    private static final ByteBuffer EXAMPLE = hex("0001f203f4f5f6f7");

    @Test
    void sumsTheExampleOfRfc1071() {
        assertThat(Checksum.sum(EXAMPLE, 0, 8)).isEqualTo(0x2ddf0);
        assertThat(Checksum.field(0x2ddf0)).isEqualTo(~0xddf2 & 0xffff);
    }

    @Test
    void doesNotDependOnTheOrderOfTheBuffer() {
        assertThat(Checksum.sum(EXAMPLE.duplicate().order(ByteOrder.LITTLE_ENDIAN), 0, 8))
                .isEqualTo(0x2ddf0);
    }

    @Test
    void padsAnOddByteWithZero() {
        assertThat(Checksum.sum(hex("000102"), 0, 3)).isEqualTo(0x0001 + 0x0200);
    }

    @Test
    void sumsOnlyWhatLiesBetweenTheIndexes() {
        assertThat(Checksum.sum(EXAMPLE, 2, 6)).isEqualTo(0xf203 + 0xf4f5);
        assertThat(Checksum.sum(EXAMPLE, 4, 4)).isZero();
    }

    @Test
    void foldsTheCarriesOfTheLongestMessage() {
        ByteBuffer ones = ByteBuffer.allocate(4096);
        while (ones.hasRemaining()) {
            ones.put((byte) 0xff);
        }
        assertThat(Checksum.verifies(Checksum.sum(ones, 0, 4096))).isTrue();
        assertThat(Checksum.field(Checksum.sum(ones, 0, 4096))).isZero();
    }

    @Test
    void anEmptySumIsNotVerified() {
        assertThat(Checksum.verifies(0)).isFalse();
        assertThat(Checksum.field(0)).isEqualTo(0xffff);
    }

    @Test
    void pseudoHeadersAreTheSumOfTheirWords() {
        assertThat(Checksum.ipv4PseudoHeader(0xc00002fb, 0xe0000012, 16))
                .isEqualTo(0xc000 + 0x02fb + 0xe000 + 0x0012 + 112 + 16);
        assertThat(Checksum.ipv6PseudoHeader(0xfe80_0000_0000_0000L, 0xc8, 0xff02_0000_0000_0000L, 0x12, 40))
                .isEqualTo(0xfe80 + 0xc8 + 0xff02 + 0x12 + 40 + 112);
    }

    private static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits));
    }
}
