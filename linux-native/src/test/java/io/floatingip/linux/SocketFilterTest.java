package io.floatingip.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SocketFilterTest {
    @Test
    void arpIsLetInFromWatchedSendersOnly() {
        byte[] program = SocketFilter.arpFrom(new int[] {0x0a000064, 0x0a000065});
        assertThat(lets(program, arp(0x0a000064))).isTrue();
        assertThat(lets(program, arp(0x0a000065))).isTrue();
        assertThat(lets(program, arp(0x0a000066))).isFalse();
    }

    @Test
    void advertisementsAreLetInForWatchedTargetsOnly() {
        byte[] program = SocketFilter.advertisementsOf(new int[] {0x100, 0x101});
        assertThat(lets(program, neighbor(58, 136, 0x100))).isTrue();
        assertThat(lets(program, neighbor(58, 136, 0x101))).isTrue();
        assertThat(lets(program, neighbor(58, 136, 0x102))).isFalse();
        assertThat(lets(program, neighbor(58, 135, 0x100))).isFalse();
        assertThat(lets(program, neighbor(6, 136, 0x100))).isFalse();
    }

    @Test
    void tooManyAddressesLetTheWholeKindIn() {
        int[] many = IntStream.rangeClosed(1, SocketFilter.ADDRESSES_MAX + 1).toArray();
        byte[] arp = SocketFilter.arpFrom(many);
        assertThat(lets(arp, arp(0x0a000064))).isTrue();
        assertThat(lets(arp, arp(0))).isFalse();
        byte[] advertisements = SocketFilter.advertisementsOf(many);
        assertThat(lets(advertisements, neighbor(58, 136, 0x7777_7777))).isTrue();
        assertThat(lets(advertisements, neighbor(58, 135, 1))).isFalse();
        assertThat(lets(advertisements, neighbor(17, 136, 1))).isFalse();
    }

    @Test
    void longestProgramStillReachesItsEnd() {
        int[] longest = IntStream.rangeClosed(1, SocketFilter.ADDRESSES_MAX).toArray();
        for (int each : new int[] {1, 2, SocketFilter.ADDRESSES_MAX}) {
            assertThat(lets(SocketFilter.arpFrom(longest), arp(each))).isTrue();
            assertThat(lets(SocketFilter.advertisementsOf(longest), neighbor(58, 136, each)))
                    .isTrue();
        }
        assertThat(lets(SocketFilter.arpFrom(longest), arp(SocketFilter.ADDRESSES_MAX + 1)))
                .isFalse();
        assertThat(lets(SocketFilter.advertisementsOf(longest), neighbor(58, 135, 1)))
                .isFalse();
    }

    @Test
    void nothingIsNothing() {
        assertThat(lets(SocketFilter.nothing(), arp(1))).isFalse();
    }

    private static byte[] arp(int sender) {
        return ByteBuffer.allocate(64).putInt(28, sender).array();
    }

    private static byte[] neighbor(int nextHeader, int type, int lastWord) {
        return ByteBuffer.allocate(96)
                .put(20, (byte) nextHeader)
                .put(54, (byte) type)
                .putInt(74, lastWord)
                .array();
    }

    /** Runs the program as the kernel would: the instructions it is made of, and no others. */
    private static boolean lets(byte[] program, byte[] frame) {
        ByteBuffer code = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
        ByteBuffer packet = ByteBuffer.wrap(frame);
        int accumulator = 0;
        for (int at = 0; ; ) {
            int k = code.getInt(at + 4);
            int next = at + SocketFilter.INSTRUCTION_BYTES;
            switch (code.getShort(at)) {
                case 0x20 -> accumulator = packet.getInt(k);
                case 0x30 -> accumulator = packet.get(k) & 0xff;
                case 0x15 ->
                    next += SocketFilter.INSTRUCTION_BYTES * (code.get(at + (accumulator == k ? 2 : 3)) & 0xff);
                case 0x06 -> {
                    return k != 0;
                }
                default -> throw new AssertionError("instruction " + code.getShort(at));
            }
            at = next;
        }
    }
}
