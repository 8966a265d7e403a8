package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Authentication;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import io.floatingip.VrrpVersion;
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
}
