package io.floatingip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class UnicastPeerTest {
    private static final InetAddress PEER = VirtualAddress.parse("10.0.0.2").address();

    @Test
    void mayBeAtAnyDistanceUnlessBounded() {
        assertThat(UnicastPeer.of("10.0.0.2")).isEqualTo(new UnicastPeer(PEER, 0, 255));
        assertThat(new UnicastPeer(PEER, 255, 255).minTtl()).isEqualTo(255);
    }

    @Test
    void boundsAreOrderedAndFitAByte() {
        assertThatThrownBy(() -> new UnicastPeer(PEER, -1, 255))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TTL bounds must be 0 <= min <= max <= 255, got -1 to 255");
        assertThatThrownBy(() -> new UnicastPeer(PEER, 0, 256)).hasMessageContaining("got 0 to 256");
        assertThatThrownBy(() -> new UnicastPeer(PEER, 9, 8)).hasMessageContaining("got 9 to 8");
    }

    @Test
    void isOneNodeByAddress() {
        assertThatThrownBy(() -> UnicastPeer.of("node2.example")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> UnicastPeer.of("10.0.0.2/24")).hasMessageContaining("without a prefix length");
        assertThatThrownBy(() -> new UnicastPeer(InetAddress.getByAddress(new byte[4]), 0, 255))
                .hasMessageContaining("got 0.0.0.0");
        assertThatThrownBy(() -> new UnicastPeer(InetAddress.getByAddress(new byte[] {(byte) 224, 0, 0, 18}), 0, 255))
                .hasMessageContaining("got 224.0.0.18");
    }
}
