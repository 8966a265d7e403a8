package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The only peer is switched off: adverts to it leave no more, for want of its hardware address, and are no less a proof that the sender lives. */
@Tag("kernel")
@Tag("once")
class SilentPeerIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    /** Longer than it takes the kernel to give a neighbour up, and than the fence would stay open. */
    private static final int PINGS = 8_000;

    @ParameterizedTest
    @CsvSource({
        "10.99.0.66, 10.99.0.250, 100, ''",
        "10.99.0.66, 10.99.0.250, 1000, --version 2 --auth-header secret",
        "fd99::66, fe80::dead, 100, ''",
    })
    void theMasterServesAndStopsWhenItIsFrozen(String address, String peer, int interval, String more) {
        try (Lan lan = Lan.open()) {
            Host host = lan.host("a");
            Host client = lan.host("client");
            List<String> options = new ArrayList<>(List.of("--vrid", "52", "--priority", "200"));
            options.addAll(List.of("--address", address, "--unicast-peer", peer, "--interval", interval + "ms"));
            if (!more.isEmpty()) {
                options.addAll(List.of(more.split(" ")));
            }
            Node node = Node.join(host, options.toArray(String[]::new)).awaitRole("MASTER", SOON);
            assertThat(Pings.start(client, address, PINGS).lost())
                    .as(lan.tails())
                    .isZero();
            assertThat(host.run("nft", "list", "set", "netdev", "floatingip-eth0", "live"))
                    .contains("elements");

            node.process().freeze();
            // Three intervals; the lease is 2.75.
            LockSupport.parkNanos(3_000_000L * interval);
            assertThat(Pings.start(client, address, 100).lost()).isEqualTo(100);
            node.process().thaw();
        }
    }
}
