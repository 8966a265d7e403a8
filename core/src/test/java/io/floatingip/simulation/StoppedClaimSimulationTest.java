package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FenceMode;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A process that is stopped in the midst of its work for so long that not even the fence guards any more, while somebody else is master: when it
 * goes on, it neither says nor takes anything.
 */
class StoppedClaimSimulationTest {
    private static final String VIP = "10.0.0.10";
    // An advert, the lease after it, the time for which a closed fence guards, and what a host may do in that time.
    private static final Duration LONG = Duration.ofSeconds(30);
    // More calls than a claim makes.
    private static final int CALLS = 16;

    private final List<String> said = new ArrayList<>();
    private final Set<String> held = new HashSet<>();
    private SimLan lan;
    private SimHost a;
    private SimHost b;
    private SimHost client;
    private FloatingIp first;

    /** Two nodes, of which the first is stopped from this time on, after so many more calls to its kernel. */
    private void begin(FenceMode fence, Duration stoppedAt, int calls) {
        lan = SimLan.withSeed(1);
        a = lan.host("10.0.0.1").named("a");
        b = lan.host("10.0.0.2").named("b");
        client = lan.host("10.0.0.99").named("client");
        said.clear();
        held.clear();
        first = join(a, 200, fence);
        join(b, 100, fence);
        lan.after(stoppedAt, () -> a.pauseAfterCalls(calls, LONG));
        lan.after(LONG, () -> client.ask(VIP));
        lan.afterEveryStep(this::writeDownWhatIsHeld);
        lan.observer = new Observer() {
            @Override
            public void sent(SimHost host, Flight flight) {
                say(host, flight.priority() == 0 ? "good-bye" : "advert");
            }

            @Override
            public void announced(SimHost host, InetAddress address) {
                say(host, "announcement of " + address.getHostAddress());
            }
        };
        // To the end of the pause, and until it is settled after that.
        lan.runFor(stoppedAt.plus(LONG));
        lan.runFor(Duration.ofMillis(1500));
    }

    private FloatingIp join(SimHost host, int priority, FenceMode fence) {
        return FloatingIp.join(FloatingIpConfig.builder()
                .name(host.toString())
                .networkInterface("eth0")
                .virtualRouterId(7)
                .priority(priority)
                .preempt(false)
                .advertInterval(Duration.ofSeconds(2))
                .address(VIP + "/24")
                .address("10.0.0.11/24")
                .fence(fence)
                .network(host.network())
                .build());
    }

    private void say(SimHost host, String what) {
        if (host == a && lan.now().compareTo(LONG) > 0) {
            said.add(what);
        }
    }

    private void writeDownWhatIsHeld() {
        for (String address : List.of(VIP, "10.0.0.11")) {
            if (a.holds(address) && !held.contains(address)) {
                say(a, "has " + address);
            }
            if (a.holds(address)) {
                held.add(address);
            } else {
                held.remove(address);
            }
        }
    }

    @Test
    void aClaimIsNotFinished() {
        for (FenceMode fence : FenceMode.values()) {
            for (int calls = 0; calls < CALLS; calls++) {
                begin(fence, Duration.ofMillis(6300), calls);
                check(fence, calls);
            }
        }
    }

    @Test
    void anAddressIsNotRenewedOnTheStrengthOfAnAdvertThatLeftLongAgo() {
        for (FenceMode fence : FenceMode.values()) {
            for (int calls = 0; calls < CALLS; calls++) {
                begin(fence, Duration.ofSeconds(12), calls);
                check(fence, calls);
            }
        }
    }

    /** But for the one call in which it was stopped, which is made after all. */
    private void check(FenceMode fence, int calls) {
        assertThat(said).as("%s, stopped after %d calls", fence, calls).hasSizeLessThanOrEqualTo(1);
        assertThat(first.role()).isEqualTo(Role.BACKUP);
        // An advert that leaves so late unseats who came meanwhile; then they start anew.
        lan.runFor(Duration.ofSeconds(12));
        assertThat(lan.answering(VIP)).hasSize(1);
        assertThat(client.ask(VIP)).isEqualTo(lan.answering(VIP).stream().findFirst());
    }
}
