package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.Authentication;
import io.floatingip.FenceMode;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.Role;
import io.floatingip.RoleListener;
import io.floatingip.TrackedInterface;
import io.floatingip.UnicastPeer;
import io.floatingip.VirtualAddress;
import io.floatingip.VrrpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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

    @Test
    void whatIsNotAcceptedIsRefusedForAddedAddressesTooUntilItIsAccepted() {
        FloatingIp a = join(hostA, 200, c -> c.accept(false));
        settle();
        a.change(c -> c.address("10.0.0.11/32"));
        assertThat(hostB.ask("10.0.0.11")).as("refused").isEmpty();
        assertThat(hostB.ask(VIP)).as("refused").isEmpty();

        hostA.failNext(SimFault.ADD_EPERM);
        assertThatThrownBy(() -> a.change(c -> c.accept(true).address("10.0.0.12/32")))
                .isInstanceOf(FloatingIpException.class);
        assertThat(hostB.ask(VIP)).as("refused as before").isEmpty();

        a.change(c -> c.accept(true));
        assertThat(hostB.ask(VIP)).contains(hostA);
        assertThat(hostB.ask("10.0.0.11")).contains(hostA);
        a.change(c -> c.accept(false).addresses(List.of(VirtualAddress.parse("10.0.0.11/32"))));
        assertThat(hostB.ask("10.0.0.11")).isEmpty();
        hostA.addAddress(VIP);
        assertThat(hostB.ask(VIP)).as("not the floating IP's any more").contains(hostA);
    }

    @Test
    void anOwnerIsChangedLikeOthersAndItsOwnAddressesStayUntouched() {
        hostA.addAddress("10.0.0.5");
        FloatingIp a = join(hostA, 255, c -> c.addresses(List.of(VirtualAddress.parse("10.0.0.1/32"))));
        settle();
        a.change(c -> c.address("10.0.0.5/32").advertInterval(Duration.ofMillis(100)));
        a.change(c -> c.addresses(List.of(VirtualAddress.parse("10.0.0.5/32"))));
        assertThat(a.role()).isEqualTo(Role.MASTER);
        assertThat(hostB.ask("10.0.0.1")).contains(hostA);
        assertThat(hostB.ask("10.0.0.5")).contains(hostA);
        a.close();
        assertThat(hostA.addresses()).hasSize(2);
    }

    @Test
    void changesInTheMidstOfAChangeAreNotLost() {
        FloatingIp a = join(hostA, 200, c -> c);
        settle();
        AtomicInteger calls = new AtomicInteger();
        a.change(c -> {
            if (calls.getAndIncrement() == 0) {
                a.change(inner -> inner.address("10.0.0.11/32"));
            }
            return c.address("10.0.0.12/32");
        });
        assertThat(hostA.addresses().stream().map(VirtualAddress::toString))
                .contains("10.0.0.10/32", "10.0.0.11/32", "10.0.0.12/32");
        a.change(c -> {
            if (calls.getAndIncrement() == 2) {
                a.setPriority(150);
            }
            return c.address("10.0.0.13/32");
        });
        assertThat(a.status().effectivePriority()).isEqualTo(150);
    }

    @Test
    void thePriorityLastAskedForCounts() {
        FloatingIp a = join(hostA, 100, c -> c);
        a.setPriority(150);
        lan.runFor(Duration.ofSeconds(1));
        assertThat(a.status().effectivePriority()).isEqualTo(150);
        a.change(c -> c.advertInterval(Duration.ofMillis(500)));
        assertThat(a.status().effectivePriority()).isEqualTo(150);
        a.change(c -> c.priority(100));
        assertThat(a.status().effectivePriority()).isEqualTo(100);
    }

    @Test
    void aHeldAddressGetsAnotherPrefixLengthOrDeviceAndIsThereAllTheTime() {
        hostA.withInterface("eth1", "10.0.1.1");
        FloatingIp a = join(hostA, 200, c -> c);
        settle();
        VirtualAddress wide = VirtualAddress.parse("10.0.0.10/24");
        a.change(c -> c.addresses(List.of(wide)));
        assertThat(hostA.addresses()).containsExactly(VirtualAddress.parse("10.0.0.1/32"), wide);
        assertThat(lan.trace().stream().filter(l -> l.contains("10.0.0.10/")).map(l -> l.replaceAll("^\\S+ ", "")))
                .containsSubsequence("a adds 10.0.0.10/24 for 4 s", "a removes 10.0.0.10/32");

        a.change(c -> c.addresses(List.of(wide.device("eth1"))));
        assertThat(hostA.addresses()).containsExactly(VirtualAddress.parse("10.0.0.1/32"));
        assertThat(lan.answering(VIP)).containsExactly(hostA);
        settle();
        assertThat(a.role()).isEqualTo(Role.MASTER);
        a.close();
        assertThat(hostA.holds(VIP)).isFalse();
    }

    @Test
    void aLabelOfAHeldAddressIsRefusedInTrueWordsAndTakenAsBackup() {
        FloatingIp a = join(hostA, 200, c -> c);
        FloatingIp b = join(hostB, 100, c -> c);
        settle();
        VirtualAddress labelled = VirtualAddress.parse("10.0.0.10/32").label("eth0:web");
        assertThatThrownBy(() -> a.change(c -> c.addresses(List.of(labelled))))
                .isInstanceOf(FloatingIpException.class)
                .hasMessageContaining("while this node is master")
                .hasMessageContaining("hand over first");
        settle();
        assertThat(hostA.addresses()).contains(VirtualAddress.parse("10.0.0.10/32"));
        b.change(c -> c.addresses(List.of(labelled)));
        a.close();
        settle();
        assertThat(hostB.addresses()).contains(labelled);
    }

    @Test
    void anotherWeightIsOneStep() {
        hostA.withInterface("eth1", "10.0.1.1").withInterface("eth2", "10.0.2.1");
        hostA.linkDown("eth1");
        FloatingIp a = join(hostA, 200, c -> c.trackedInterface(TrackedInterface.weighted("eth1", -50)));
        settle();
        a.change(c -> c.trackedInterfaces(
                List.of(TrackedInterface.weighted("eth1", -40), TrackedInterface.weighted("eth2", 10))));
        settle();
        assertThat(a.status().effectivePriority()).isEqualTo(170);
        assertThat(lan.trace().stream()
                        .filter(line -> line.contains("sends advert"))
                        .map(line -> line.replaceAll(".*prio (\\d+).*", "$1"))
                        .distinct())
                .containsExactly("150", "170");
    }

    @Test
    void anAdvertThatDoesNotGetToOneOfSeveralPeersIsCounted() {
        FloatingIp a = join(
                hostA, 200, c -> c.unicastPeer(UnicastPeer.of("10.0.0.2")).unicastPeer(UnicastPeer.of("10.0.0.3")));
        settle();
        hostA.failNext(SimFault.SEND_EPERM);
        lan.runFor(Duration.ofSeconds(3));
        assertThat(a.role()).isEqualTo(Role.MASTER);
        assertThat(a.status().counters()).containsEntry("adverts.sendFailures", 1L);
    }

    @Test
    void aRemovedAddressThatCouldNotBeTakenOffIsTakenOffLater() {
        FloatingIp a = join(hostA, 200, c -> c.fence(FenceMode.NONE).address("10.0.0.11/32"));
        settle();
        hostA.failNext(SimFault.REMOVE_EPERM, SimFault.REMOVE_EPERM);
        a.change(c -> c.addresses(List.of(VirtualAddress.parse(VIP))));
        assertThat(hostA.holds("10.0.0.11")).isTrue();
        lan.runFor(Duration.ofSeconds(3));
        assertThat(hostA.holds("10.0.0.11")).isFalse();
        assertThat(a.role()).isEqualTo(Role.MASTER);

        hostA.failNext(SimFault.REMOVE_EPERM);
        a.change(c -> c.addresses(List.of(VirtualAddress.parse("10.0.0.12/32"))));
        a.change(c -> c.address(VIP));
        settle();
        assertThat(hostA.holds(VIP)).as("wanted again meanwhile").isTrue();
    }

    @Test
    void whoeverClosesWaitsForTheLongerReleaseBegunBefore() {
        FloatingIp a = join(
                hostA,
                200,
                c -> c.listener(RoleListener.onMaster(change -> {}).onDrain(time -> lan.runFor(time.plusSeconds(1)))));
        settle();
        List<Role> afterClosing = new ArrayList<>();
        lan.after(Duration.ofSeconds(1), () -> {
            a.close();
            afterClosing.add(a.role());
        });
        a.release(Duration.ofSeconds(20));
        assertThat(afterClosing).containsExactly(Role.RELEASED);
    }
}
