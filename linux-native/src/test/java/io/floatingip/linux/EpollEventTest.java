package io.floatingip.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EpollEventTest {
    private final byte[] memory = new byte[33];
    private final ByteBuffer buffer = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);

    EpollEventTest() {
        Arrays.fill(memory, (byte) 0xa5);
    }

    @Test
    void x86PacksEventsInTwelveBytes() {
        EpollEvent layout = EpollEvent.of("amd64");
        layout.put(buffer, 0, Libc.EPOLLIN | Libc.EPOLLET, 7);
        layout.put(buffer, 1, Libc.EPOLLIN, -2);
        assertThat(HexFormat.of().formatHex(memory, 0, 25))
                .isEqualTo("01000080" + "0700000000000000" + "01000000" + "feffffffffffffff" + "a5");
        assertThat(layout.data(buffer, 0)).isEqualTo(7);
        assertThat(layout.data(buffer, 1)).isEqualTo(-2);
    }

    @Test
    void armAlignsThemToSixteenBytes() {
        EpollEvent layout = EpollEvent.of("aarch64");
        layout.put(buffer, 0, Libc.EPOLLIN | Libc.EPOLLET, 7);
        layout.put(buffer, 1, Libc.EPOLLIN, -2);
        assertThat(HexFormat.of().formatHex(memory))
                .isEqualTo("01000080" + "a5a5a5a5" + "0700000000000000" + "01000000" + "a5a5a5a5" + "feffffffffffffff"
                        + "a5");
        assertThat(layout.data(buffer, 0)).isEqualTo(7);
        assertThat(layout.data(buffer, 1)).isEqualTo(-2);
    }
}
