package io.floatingip.kernel;

import static io.floatingip.kernel.Puppet.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two processes on one host. */
@Tag("kernel")
class SecondProcessIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private Lan lan;
    private Host a;

    @BeforeEach
    void buildTheLan() {
        lan = Lan.open();
        a = lan.host("a");
    }

    @AfterEach
    void takeItDown() {
        lan.close();
    }

    @Test
    void ofTheSameVirtualRouterIsRefusedByNameOfTheFirstWhichKeepsItsAddress() {
        Puppet first = Puppet.join(a, "interval=100");
        a.awaitHolds(ADDRESS, true, SOON);
        Puppet second = Puppet.start(a, "interval=100");
        second.await(
                "virtual router 52 on eth0 for IPV4 has been joined by process "
                        + first.process().pid() + " on this host already; stop that one first, or use another id",
                0);
        assertThat(second.process().awaitExit(SOON)).isEqualTo(1);
        assertThat(a.holds(ADDRESS)).isTrue();
        Puppet.join(a, "interval=100", "vrid=53", "address=10.99.0.67/32");
        Puppet.join(lan.host("b"), "interval=100");
        assertThat(first.process().alive()).isTrue();
    }

    @Test
    void waitsForThePredecessorToLeave() {
        Puppet first = Puppet.join(a, "interval=500");
        a.awaitHolds(ADDRESS, true, SOON);
        // A departure takes a skew time; the successor starts within it.
        first.process().terminate();
        Puppet second = Puppet.join(a, "interval=500");
        second.await("-> MASTER", 0);
        assertThat(first.process().awaitExit(SOON)).isEqualTo(143);
        assertThat(a.holds(ADDRESS)).isTrue();
    }

    @Test
    void takesOverFromAKilledOneAtOnce() {
        Puppet first = Puppet.join(a, "interval=100");
        a.awaitHolds(ADDRESS, true, SOON);
        first.process().kill();
        Puppet.join(a, "interval=100").await("-> MASTER", 0);
    }
}
