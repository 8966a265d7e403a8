package io.floatingip.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.Link;
import io.floatingip.spi.NetworkListener;
import io.floatingip.spi.Packet;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class PollerTest {
    private static final int SOCK_DGRAM = 2;
    private static final int MUCH = 1 << 20;
    private final List<String> read = new ArrayList<>();
    private final NetworkListener nobody = new NetworkListener() {
        @Override
        public void packet(Link link, Packet packet) {}

        @Override
        public void linkChanged(Link link) {}

        @Override
        public void addressesRemoved(Link link) {}

        @Override
        public void neighborClaims(Link link, InetAddress address, HardwareAddress claimant) {}

        @Override
        public void fenceDisturbed(Link link) {}
    };

    /** A socket with one datagram in it. */
    private static Fd readable() throws IOException {
        InetAddress local = InetAddress.getByName("127.0.0.1");
        int port;
        try (DatagramSocket free = new DatagramSocket(0, local)) {
            port = free.getLocalPort();
        }
        Fd fd = Sys.socket(Libc.AF_INET, SOCK_DGRAM, 0, "testing");
        Slab address = new Slab(SockAddr.IN6_BYTES);
        int length = SockAddr.inet(address.bytes(), 0, local, 0);
        SockAddr.putNetworkShort(address.bytes(), 2, port);
        Sys.bind(fd, address, length, "testing");
        try (DatagramSocket sender = new DatagramSocket(0, local)) {
            sender.send(new DatagramPacket(new byte[1], 1, local, port));
        }
        return fd;
    }

    @Test
    void aSourceThatFailsKeepsNoOtherFromBeingReadAndIsAskedAgain() throws IOException {
        Sys.load();
        try (Poller poller = new Poller();
                Fd first = readable();
                Fd second = readable()) {
            boolean[] failing = {true};
            poller.add(first, (listener, max) -> {
                read.add("first");
                if (failing[0]) {
                    // Whatever it had taken in, the kernel has no more of it.
                    Slab taken = new Slab(Long.BYTES);
                    Sys.recv(first.number(), taken.address(), Long.BYTES, 0, "testing");
                    throw new IOException("no");
                }
                return 0;
            });
            poller.add(second, (listener, max) -> {
                read.add("second");
                return MUCH;
            });
            assertThatThrownBy(() -> poller.drain(nobody)).isInstanceOf(IOException.class);
            assertThat(read).containsExactly("first", "second");

            failing[0] = false;
            read.clear();
            poller.remove(second);
            assertThat(poller.drain(nobody)).isFalse();
            assertThat(read).containsExactly("first");
        }
    }
}
