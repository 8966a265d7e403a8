package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.Authentication;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.Role;
import io.floatingip.UnicastPeer;
import io.floatingip.VirtualAddress;
import io.floatingip.VrrpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Changes of a master and its backup while they run: nobody else notices more than was asked for. */
class LiveChangeSimulationTest {
    private static final String VIP = "10.0.0.10";

    private final SimLan lan = SimLan.withSeed(1);
    private final SimHost hostA = lan.host("10.0.0.1");
    private final SimHost hostB = lan.host("10.0.0.2");

    private FloatingIp join(SimHost host, int priority, UnaryOperator<FloatingIpConfig.Builder> more) {
        return FloatingIp.join(more.apply(FloatingIpConfig.builder()
                        .name(host.toString())
                        .networkInterface("eth0")
                        .virtualRouterId(7)
                        .priority(priority)
                        .address(VIP)
                        .network(host.network()))
                .build());
    }

    private void settle() {
        lan.runFor(Duration.ofSeconds(10));
    }

    @Test
    void anEqualSecretInANewObjectDoesNotLetTheCountBeginAnew() {
        UnaryOperator<FloatingIpConfig.Builder> secret =
                c -> c.version(VrrpVersion.V2).authentication(Authentication.authenticationHeader("secret"));
        FloatingIp a = join(hostA, 200, secret);
        FloatingIp b = join(hostB, 100, secret);
        lan.runFor(Duration.ofMinutes(1));
        a.change(c -> secret.apply(c).priority(190));
        lan.runFor(Duration.ofMinutes(1));
        assertThat(a.role()).isEqualTo(Role.MASTER);
        assertThat(b.role()).isEqualTo(Role.BACKUP);
        assertThat(lan.answering(VIP)).containsExactly(hostA);
        assertThat(b.status().counters()).doesNotContainKey("rejected.AUTHENTICATION_HEADER_REPLAY");
    }

    private static InetAddress address(String text) {
        return VirtualAddress.parse(text).address();
    }

    @Test
    void whoeverLosesItsConfiguredSourceTakesNoPartUntilItIsBack() {
        hostA.addAddress("10.0.0.3");
        hostB.addAddress("10.0.0.4");
        FloatingIp a = join(hostA, 200, c -> c.source(address("10.0.0.3")).unicastPeer(UnicastPeer.of("10.0.0.4")));
        FloatingIp b = join(hostB, 100, c -> c.source(address("10.0.0.4")).unicastPeer(UnicastPeer.of("10.0.0.3")));
        settle();
        hostB.removeAddress("10.0.0.4");
        settle();
        assertThat(lan.answering(VIP)).containsExactly(hostA);
        assertThat(b.role()).isEqualTo(Role.FAULT);
        assertThat(b.status().faults()).containsExactly("source 10.0.0.4 is not an address of this host");

        hostB.addAddress("10.0.0.4");
        settle();
        assertThat(b.role()).isEqualTo(Role.BACKUP);
        a.close();
        settle();
        assertThat(lan.answering(VIP)).containsExactly(hostB);
    }

    @Test
    void aConfiguredSourceIsFollowedOnAnyInterface() {
        hostA.withInterface("eth1", "10.0.1.1");
        FloatingIp a = join(hostA, 200, c -> c.source(address("10.0.1.1")));
        settle();
        assertThat(a.role()).isEqualTo(Role.MASTER);
        a.change(c -> c.address("10.0.0.11/32"));
        hostA.removeAddress("10.0.1.1");
        lan.runFor(Duration.ofMillis(10));
        assertThat(a.role()).isEqualTo(Role.FAULT);
        hostA.addAddress("eth1", "10.0.1.1");
        settle();
        assertThat(a.role()).isEqualTo(Role.MASTER);
    }

    @Test
    void aSourceOfAnotherHostIsRefused() {
        FloatingIp a = join(hostA, 200, c -> c);
        settle();
        assertThatThrownBy(() -> a.change(c -> c.source(address("10.0.0.9"))))
                .isInstanceOf(FloatingIpException.class)
                .hasMessageContaining("source 10.0.0.9 is not an address of this host");
        settle();
        assertThat(a.role()).isEqualTo(Role.MASTER);

        hostA.addAddress("10.0.0.9");
        a.change(c -> c.source(address("10.0.0.9")));
        assertThat(a.status().master()).contains(address("10.0.0.9"));
        assertThat(a.role()).isEqualTo(Role.MASTER);
    }
}
