package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.FenceMode;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.Role;
import io.floatingip.TrackedInterface;
import io.floatingip.VirtualAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a change of configuration, a failed one included, and an earlier run leave on a host. */
class ReconfigurationSimulationTest {
    private final SimLan lan = SimLan.withSeed(1);
    private final SimHost a = lan.host("10.0.0.1").withInterface("eth1", "10.0.1.1");

    private FloatingIpConfig.Builder config() {
        return FloatingIpConfig.builder()
                .name("web")
                .networkInterface("eth0")
                .virtualRouterId(7)
                .priority(100)
                .address("10.0.0.10/32")
                .network(a.network());
    }

    private FloatingIp master() {
        FloatingIp joined = FloatingIp.join(config().build());
        lan.runFor(Duration.ofSeconds(10));
        assertThat(joined.role()).isEqualTo(Role.MASTER);
        return joined;
    }

    private long adverts(FloatingIp of) {
        return of.status().counters().get("adverts.sent");
    }

    @Test
    void aChangeWhoseAddressCannotBeAddedChangesNothing() {
        FloatingIp web = master();
        a.linkDown("eth1");
        a.failNext(SimFault.ADD_EPERM);
        assertThatThrownBy(() -> web.change(
                        c -> c.address("10.0.0.11/32").trackedInterface(TrackedInterface.weighted("eth1", -50))))
                .isInstanceOf(FloatingIpException.class)
                .hasMessageContaining("EPERM");

        lan.runFor(Duration.ofSeconds(10));
        assertThat(web.role()).isEqualTo(Role.MASTER);
        assertThat(web.status().effectivePriority()).isEqualTo(100);
        assertThat(a.holds("10.0.0.10")).isTrue();
        assertThat(a.holds("10.0.0.11")).isFalse();
    }

    @Test
    void afterAFailedChangeAnotherHolderIsStillNoticed() {
        FloatingIp web = master();
        SimHost b = lan.host("10.0.0.2");
        a.failNext(SimFault.ADD_EPERM);
        assertThatThrownBy(() -> web.change(c -> c.address("10.0.0.11/32"))).isInstanceOf(FloatingIpException.class);

        b.addAddress("10.0.0.10");
        b.announce("10.0.0.10");
        lan.runFor(Duration.ofSeconds(1));
        assertThat(web.status().counters().get("addresses.conflicts")).isPositive();
    }

    @Test
    void anAddressMovesToAnotherInterfaceAndStaysWhereItWasIfThatFails() {
        FloatingIp web = master();
        a.failNext(SimFault.ADD_EPERM);
        VirtualAddress moved = VirtualAddress.parse("10.0.0.12/32").device("eth1");
        assertThatThrownBy(() -> web.change(c -> c.address(moved))).isInstanceOf(FloatingIpException.class);
        assertThat(a.addresses()).contains(VirtualAddress.parse("10.0.0.10/32"));

        web.change(c -> c.address(moved));
        assertThat(a.holds("10.0.0.12")).isTrue();
        web.close();
        assertThat(a.holds("10.0.0.10")).isFalse();
        assertThat(a.holds("10.0.0.12")).isFalse();
    }

    @Test
    void whoIsLeavingDoesNotAdvertiseBecauseOfAChange() {
        FloatingIp web = master();
        web.handOver();
        lan.runFor(Duration.ofMillis(100));
        long before = adverts(web);
        assertThat(web.status().counters().get("adverts.priorityZeroSent")).isEqualTo(1);

        web.change(c -> c.address("10.0.0.11/32"));
        assertThat(adverts(web)).isEqualTo(before);
        lan.runFor(Duration.ofSeconds(3));
        assertThat(web.role()).as("nobody came").isEqualTo(Role.MASTER);
        assertThat(a.holds("10.0.0.11")).isTrue();
    }

    @Test
    void whoIsLeavingAnswersNoLongerBecauseOfAChange() {
        FloatingIp web = master();
        SimHost b = lan.host("10.0.0.2");
        web.handOver();
        lan.runFor(Duration.ofMillis(100));
        web.change(c -> c.address("10.0.0.11/32"));
        a.pause(Duration.ofSeconds(10));

        lan.runFor(Duration.ofMillis(900));
        assertThat(b.ask("10.0.0.10")).contains(a);
        lan.runFor(Duration.ofMillis(100));
        assertThat(a.holds("10.0.0.10")).isTrue();
        assertThat(b.ask("10.0.0.10")).isEmpty();
        assertThat(b.ask("10.0.0.11")).isEmpty();
    }

    @Test
    void aMasterAnswersNoLongerBecauseOfAnotherSource() {
        FloatingIp web = master();
        SimHost b = lan.host("10.0.0.2");
        a.addAddress("10.0.0.3");
        long before = adverts(web);
        assertThat(lan.runUntil(() -> adverts(web) > before, Duration.ofSeconds(2)))
                .isTrue();
        lan.runFor(Duration.ofMillis(900));
        a.removeAddress("10.0.0.1");
        lan.runFor(Duration.ofMillis(10));
        assertThat(web.status().master())
                .contains(VirtualAddress.parse("10.0.0.3").address());
        assertThat(adverts(web)).as("none has left from the new source").isEqualTo(before + 1);
        a.pause(Duration.ofSeconds(10));

        lan.runFor(Duration.ofMillis(1700));
        assertThat(b.ask("10.0.0.10")).contains(a);
        lan.runFor(Duration.ofMillis(150));
        assertThat(a.holds("10.0.0.10")).isTrue();
        assertThat(b.ask("10.0.0.10"))
                .as("2.76 intervals after the last advert")
                .isEmpty();
    }

    @Test
    void whatHasBeenReleasedCannotBeChanged() {
        FloatingIp web = master();
        web.close();
        assertThatThrownBy(() -> web.change(c -> c.priority(50)))
                .isInstanceOf(FloatingIpException.class)
                .hasMessageContaining("has been released");
    }

    @Test
    void aLeftoverIsRemovedFromWhicheverInterfaceHasIt() {
        VirtualAddress onEth1 = VirtualAddress.parse("10.0.0.10/32").device("eth1");
        FloatingIp.join(
                config().addresses(List.of(onEth1)).fence(FenceMode.NONE).build());
        lan.runFor(Duration.ofSeconds(10));
        assertThat(a.holds("10.0.0.10")).isTrue();
        a.kill();
        a.restart();
        assertThat(a.holds("10.0.0.10")).isTrue();

        FloatingIp.join(config().build());
        assertThat(a.holds("10.0.0.10")).isFalse();
    }

    @Test
    void anAddressThatCouldNotBeRemovedIsTakenOffAsSoonAsItCanBe() {
        FloatingIp web = master();
        a.failNext(SimFault.REMOVE_EPERM);
        web.standDown(Duration.ofMinutes(1));
        lan.runFor(Duration.ofSeconds(3));
        assertThat(web.status().role()).isEqualTo(Role.FAULT);
        assertThat(a.holds("10.0.0.10")).isFalse();
    }

    @Test
    void nobodyHearsOfAnAddressThatCouldNotBeRemovedUntilSomebodyElseHasIt() {
        FloatingIp web = master();
        SimHost b = lan.host("10.0.0.2");
        a.failNext(SimFault.REMOVE_EPERM);
        web.standDown(Duration.ofMinutes(1));
        assertThat(lan.runUntil(() -> web.role() == Role.FAULT, Duration.ofSeconds(2)))
                .isTrue();
        assertThat(a.holds("10.0.0.10")).isTrue();
        assertThat(b.ask("10.0.0.10")).isEmpty();

        lan.runFor(Duration.ofSeconds(2));
        assertThat(a.holds("10.0.0.10")).isFalse();
        a.addAddress("10.0.0.10");
        assertThat(b.ask("10.0.0.10")).as("put there by another program").contains(a);
    }

    @Test
    void anAddressWhoseAnswerWasLostIsTakenOff() {
        FloatingIp web = FloatingIp.join(config().fence(FenceMode.NONE).build());
        a.failNext(SimFault.ADD_ANSWER_LOST);
        lan.runFor(Duration.ofSeconds(5));
        assertThat(web.status().role()).isEqualTo(Role.FAULT);
        assertThat(a.holds("10.0.0.10")).isFalse();
    }

    @Test
    void anAddressOfWhichTheKernelDoesNotSayWhetherItIsThereIsTakenOff() {
        FloatingIp web = FloatingIp.join(config().fence(FenceMode.NONE).build());
        a.failNext(SimFault.ADD_ANSWER_LOST, SimFault.LIST_ENOBUFS, SimFault.LIST_ENOBUFS);
        lan.runUntil(() -> web.role() == Role.FAULT, Duration.ofSeconds(5));
        assertThat(a.holds("10.0.0.10")).isTrue();
        lan.runFor(Duration.ofMillis(1100));
        assertThat(a.holds("10.0.0.10")).isFalse();
    }

    @Test
    void anAddressThatWasNotAddedBecauseSomebodyElseHasItStaysTheirs() {
        FloatingIp web = FloatingIp.join(config().fence(FenceMode.NONE).build());
        lan.after(Duration.ofSeconds(1), () -> a.addAddress("10.0.0.10"));
        lan.after(Duration.ofSeconds(2), () -> a.failNext(SimFault.LIST_ENOBUFS));
        lan.runUntil(() -> web.role() == Role.FAULT, Duration.ofSeconds(5));
        web.close();
        assertThat(a.holds("10.0.0.10")).isTrue();
    }

    @Test
    void anAddressThatCouldNotBeRemovedInTimeIsGoneWhenClosed() {
        FloatingIp web = master();
        a.failNext(SimFault.REMOVE_EPERM);
        web.close();
        assertThat(a.holds("10.0.0.10")).isFalse();
    }
}
