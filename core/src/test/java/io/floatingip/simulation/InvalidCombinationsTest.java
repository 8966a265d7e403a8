package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.Authentication;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.FloatingIpGroup;
import io.floatingip.Placement;
import io.floatingip.TrackedInterface;
import io.floatingip.UnicastPeer;
import io.floatingip.VirtualAddress;
import io.floatingip.VirtualMac;
import io.floatingip.VrrpVersion;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that are fine each by itself and not together: refused before anything happens, with the way out in the message. */
class InvalidCombinationsTest {
    private final SimLan lan = SimLan.withSeed(1);
    private final SimHost host = lan.host("10.0.0.1", "fe80::1");

    @ParameterizedTest
    @MethodSource
    void areRefusedWhenBuilt(UnaryOperator<FloatingIpConfig.Builder> combination, String wayOut) {
        FloatingIpConfig.Builder builder = combination.apply(config(7, "10.0.0.100"));
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(wayOut);
    }

    static List<Arguments> areRefusedWhenBuilt() {
        return List.of(
                combination(
                        "authentication header on IPv6",
                        c -> c.version(VrrpVersion.V2)
                                .authentication(Authentication.authenticationHeader("secret"))
                                .addresses(List.of())
                                .address("fd00::100"),
                        "use version(V3)"),
                combination(
                        "authentication header with version 3",
                        c -> c.authentication(Authentication.authenticationHeader("secret")),
                        "use version(V2), or Authentication.hmac()"),
                combination(
                        "version 2 every 100 ms",
                        c -> c.version(VrrpVersion.V2).advertInterval(Duration.ofMillis(100)),
                        "shorter intervals need version(V3)"),
                combination(
                        "unicast without a peer of the family",
                        c -> c.address("fd00::100").unicastPeer(UnicastPeer.of("10.0.0.2")),
                        "add one, or join the two families separately"),
                combination(
                        "owner with a weight",
                        c -> c.priority(255).trackedInterface(TrackedInterface.weighted("eth1", -50)),
                        "use priority 254"),
                combination(
                        "owner with a virtual MAC", c -> c.priority(255).virtualMac(VirtualMac.ON), "use priority 254"),
                combination("owner that does not preempt", c -> c.priority(255).preempt(false), "use 254"),
                combination(
                        "unicast from a virtual MAC",
                        c -> c.unicastPeer(UnicastPeer.of("10.0.0.2")).virtualMac(VirtualMac.ON),
                        "use virtualMac(ADVERTS_FROM_BASE)"),
                combination(
                        "delay of a preemption that is switched off",
                        c -> c.preempt(false).preemptDelay(Duration.ofSeconds(1)),
                        "leave one of them out"),
                combination(
                        "unicast in strict",
                        c -> c.strict(true).unicastPeer(UnicastPeer.of("10.0.0.2")),
                        "leave unicastPeer or strict out"),
                combination(
                        "an address that is advertised and excluded",
                        c -> c.excludedAddress(VirtualAddress.parse("10.0.0.100/24")),
                        "is given twice"));
    }

    private static Arguments combination(
            String name, UnaryOperator<FloatingIpConfig.Builder> combination, String wayOut) {
        return Arguments.of(Named.of(name, combination), wayOut);
    }

    @Test
    void aVirtualRouterIsJoinedOnceOnAnInterfaceForAFamily() {
        FloatingIp first = FloatingIp.join(config(7, "10.0.0.100").build());
        assertRefused(config(7, "10.0.0.101").name("second").build(), "close that one first, or use another id");
        FloatingIp otherFamily =
                FloatingIp.join(config(7, "fd00::100").name("third").build());
        lan.runFor(Duration.ofSeconds(5));
        assertThat(List.of(first, otherFamily)).allMatch(FloatingIp::isMaster);

        first.close();
        assertThat(FloatingIp.join(config(7, "10.0.0.101").build()).status().faults())
                .isEmpty();
    }

    @Test
    void anAddressFloatsInOneVirtualRouter() {
        FloatingIp.join(config(7, "10.0.0.100").build());
        assertRefused(config(8, "10.0.0.100").build(), "an address can float in one virtual router only");
    }

    @Test
    void anAddressOfTheHostItselfTakesAnOwner() {
        assertRefused(config(7, "10.0.0.1").build(), "use priority 255 if this host owns it");
        FloatingIp owner = FloatingIp.join(config(7, "10.0.0.1").priority(255).build());
        lan.runFor(Duration.ofSeconds(1));
        assertThat(owner.isMaster()).isTrue();
    }

    @Test
    void advertsAreSentFromAnAddressOfTheHost() {
        assertRefused(
                config(7, "10.0.0.100")
                        .source(VirtualAddress.parse("10.0.0.2/32").address())
                        .build(),
                "source 10.0.0.2 is not an address of this host; eth0 has 10.0.0.1: choose one");
    }

    @Test
    void aGroupHasMembersWithNamesOfTheirOwnOnOneNetwork() {
        FloatingIpConfig one = config(7, "10.0.0.100").name("same").build();
        FloatingIpConfig two = config(8, "10.0.0.101").name("same").build();
        assertThatThrownBy(() -> FloatingIpGroup.join("both", List.of(one, two)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("need different names");
        assertThatThrownBy(() -> FloatingIpGroup.join("none", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one member");
        FloatingIpConfig elsewhere = two.toBuilder()
                .name("elsewhere")
                .network(lan.host("10.0.0.9").network())
                .build();
        assertThatThrownBy(() -> FloatingIpGroup.join("both", List.of(one, elsewhere)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the same network");
    }

    @Test
    void whatIdentifiesAFloatingIpCannotChangeWhileItIsJoined() {
        FloatingIp joined = FloatingIp.join(config(7, "10.0.0.100").build());
        List<UnaryOperator<FloatingIpConfig.Builder>> changes = List.of(
                c -> c.virtualRouterId(8),
                c -> c.networkInterface("eth1"),
                c -> c.version(VrrpVersion.V2),
                c -> c.virtualMac(VirtualMac.ON),
                c -> c.placement(Placement.PROCESS_BOUND),
                c -> c.address("fd00::100"),
                c -> c.priority(255));
        assertThat(changes)
                .allSatisfy(change -> assertThatThrownBy(() -> joined.change(change))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("close this one and join again"));
        assertThatThrownBy(() -> joined.change(c -> c.version(VrrpVersion.V2).advertInterval(Duration.ofMillis(10))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void assertRefused(FloatingIpConfig config, String wayOut) {
        assertThatThrownBy(() -> FloatingIp.join(config))
                .isInstanceOf(FloatingIpException.class)
                .hasMessageContaining(wayOut);
    }

    private FloatingIpConfig.Builder config(int vrid, String address) {
        return FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(vrid)
                .advertInterval(Duration.ofSeconds(1))
                .address(address)
                .network(host.network());
    }
}
