package io.floatingip.simulation;

import static io.floatingip.simulation.Station.SECOND;
import static io.floatingip.simulation.Station.VIP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.spi.Fence;
import io.floatingip.spi.HeldAddress;
import io.floatingip.spi.LinkSpec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SimHostTest {
    private static final String ADDRESS = "10.0.0.10";

    private final SimLan lan = SimLan.withSeed(1);
    private final SimHost a = lan.host("10.0.0.1");
    private final SimHost b = lan.host("10.0.0.2");
    private final Station onA = new Station(lan, a, "10.0.0.1");
    private final Station onB = new Station(lan, b, "10.0.0.2");

    // What is stopped and what goes on

    @Test
    void aPausedProcessStandsStillWhileItsSocketFillsAndItsKernelAnswers() {
        onB.serving(10 * SECOND);
        lan.runFor(Duration.ofMillis(10));
        onA.advertising(SECOND);
        b.pause(Duration.ofMillis(2500));
        lan.runFor(Duration.ofMillis(2000));

        assertThat(lan.answering(ADDRESS)).containsExactly(b);
        assertThat(onB.heard).isEmpty();
        assertThat(b.paused()).isTrue();

        lan.runFor(Duration.ofMillis(600));
        assertThat(onB.heard)
                .containsExactly(
                        "+2.510s advert of 10.0.0.1 ttl 255 after 2499 ms in the socket",
                        "+2.510s advert of 10.0.0.1 ttl 255 after 1499 ms in the socket",
                        "+2.510s advert of 10.0.0.1 ttl 255 after 499 ms in the socket");
    }

    @Test
    void theSocketOfAPausedProcessKeepsTheOldest() {
        onA.advertising(SECOND / 100);
        b.pause(Duration.ofSeconds(10));
        lan.runFor(Duration.ofSeconds(10));

        assertThat(onB.heard).hasSize(256);
        assertThat(onB.heard.get(0)).endsWith(" after 9999 ms in the socket");
    }

    @Test
    void theFenceFallsShutWhenAdvertsEndAndDropsWhatThePausedProcessSendsAfterwards() {
        onA.serving(SECOND);
        lan.runFor(Duration.ofMillis(1500));
        a.pause(Duration.ofSeconds(10));
        lan.runFor(Duration.ofMillis(2200));
        assertThat(lan.answering(ADDRESS)).containsExactly(a);

        lan.runFor(Duration.ofMillis(100));
        assertThat(lan.answering(ADDRESS)).isEmpty();
        assertThat(a.holds(ADDRESS)).isTrue();

        onB.heard.clear();
        lan.runFor(Duration.ofSeconds(9));
        assertThat(onB.heard).as("adverts after the pause").isEmpty();
        onA.run(() -> onA.link.announce(VIP.address()));
        assertThat(lan.trace()).contains("+12.800s a's fence drops the announcement of 10.0.0.10");

        onA.run(onA.fence::open);
        lan.runFor(Duration.ofSeconds(1));
        assertThat(onB.heard).hasSize(1);
        assertThat(lan.answering(ADDRESS)).containsExactly(a);
    }

    @Test
    void nobodyHearsOfAnAddressBeforeTheFirstAdvertHasLeft() {
        onA.run(() -> {
            onA.fence.open();
            onA.link.addAddress(VIP, 0);
        });
        assertThat(lan.answering(ADDRESS)).isEmpty();
        onA.advertising(SECOND);
        lan.runFor(Duration.ofMillis(1));
        assertThat(lan.answering(ADDRESS)).containsExactly(a);
    }

    @Test
    void advertsOfPriority0NeitherOpenTheFenceNorKeepItOpen() {
        onB.priority(0);
        onB.serving(SECOND);
        onA.serving(SECOND);
        lan.runFor(Duration.ofMillis(500));
        assertThat(lan.answering(ADDRESS)).containsExactly(a);
        onA.priority(0);
        lan.runFor(Duration.ofMillis(2240));
        assertThat(lan.answering(ADDRESS)).containsExactly(a);
        lan.runFor(Duration.ofMillis(20));
        assertThat(lan.answering(ADDRESS)).isEmpty();
    }

    @Test
    void anAdvertThatWasHeldUpBetweenTheOpeningOfTheFenceAndTheWireDoesNotLeave() {
        a.pauseAtNextSend(Duration.ofMillis(1110));
        onA.serving(SECOND);
        lan.runFor(Duration.ofMillis(1500));
        assertThat(onB.heard).isEmpty();
        assertThat(lan.answering(ADDRESS)).isEmpty();
    }

    @Test
    void withoutAPacketFilterOnlyLifetimesGuard() {
        SimHost c = lan.host("10.0.0.3").withoutPacketFilter();
        Station onC = new Station(lan, c, "10.0.0.3");
        assertThat(onC.fence.state()).isEqualTo(Fence.State.none("this kernel has no packet filter"));
        onC.run(() -> onC.link.addAddress(VIP, 2));
        c.kill();

        lan.runFor(Duration.ofMillis(1999));
        assertThat(lan.answering(ADDRESS)).containsExactly(c);
        lan.runFor(Duration.ofMillis(1602));
        assertThat(lan.answering(ADDRESS)).isEmpty();
        assertThat(c.holds(ADDRESS)).isFalse();
    }

    @Test
    void anAddressThatIsAddedAgainLivesLonger() {
        onA.run(() -> onA.link.addAddress(VIP, 2));
        lan.runFor(Duration.ofMillis(1900));
        onA.run(() -> onA.link.addAddress(VIP, 2));
        lan.runFor(Duration.ofMillis(1900));
        assertThat(a.holds(ADDRESS)).isTrue();
        lan.runFor(Duration.ofSeconds(1));
        assertThat(a.holds(ADDRESS)).isFalse();
        assertThat(onA.heard).singleElement().asString().endsWith("s left [/10.0.0.1]");
    }

    @Test
    void aSuspendedMachineLosesPacketsAndItsLeasesStandStill() {
        onA.serving(SECOND);
        lan.runFor(Duration.ofMillis(500));
        long before = a.network().ticker().nanoTime();
        a.suspend(Duration.ofSeconds(60));
        onB.advertising(7 * SECOND);
        lan.runFor(Duration.ofSeconds(59));
        assertThat(lan.answering(ADDRESS)).isEmpty();

        lan.runFor(Duration.ofSeconds(1));
        assertThat(lan.answering(ADDRESS))
                .as("the known hole: nothing told the kernel")
                .containsExactly(a);
        assertThat(a.network().ticker().nanoTime() - before).isZero();
        assertThat(a.network().ticker().suspendedNanos()).isEqualTo(60 * SECOND);
        assertThat(onA.heard).isEmpty();
        assertThat(a.network().ticker().wallTime()).isEqualTo(Instant.parse("2026-01-01T00:01:00.500Z"));
    }

    @Test
    void aPauseCanBeginBetweenTheDecisionAndTheSend() {
        onA.advertising(SECOND);
        lan.runFor(Duration.ofMillis(500));
        a.pauseAtNextSend(Duration.ofSeconds(5));
        onB.heard.clear();
        lan.runFor(Duration.ofMillis(600));

        assertThat(lan.now()).as("the run ends with the pause").isEqualTo(Duration.ofSeconds(6));
        lan.runFor(Duration.ofMillis(1));
        assertThat(onB.heard).containsExactly("+6.000s advert of 10.0.0.1 ttl 255");
    }

    @Test
    void aProcessKilledInThatPauseSendsNothing() {
        onA.advertising(SECOND);
        lan.runFor(Duration.ofMillis(500));
        a.pauseAtNextSend(Duration.ofSeconds(5));
        lan.after(Duration.ofSeconds(1), a::kill);
        onB.heard.clear();
        lan.runFor(Duration.ofSeconds(10));
        assertThat(onB.heard).isEmpty();
        assertThat(a.alive()).isFalse();
    }

    @Test
    void aPauseCanBeginAtAnyCallToTheKernel() {
        onA.advertising(SECOND);
        lan.runFor(Duration.ofMillis(500));
        // Each turn drains and sends.
        a.pauseAfterCalls(3, Duration.ofSeconds(5));
        onB.heard.clear();
        lan.runFor(Duration.ofMillis(6_600));
        lan.runFor(Duration.ofMillis(1));
        assertThat(onB.heard)
                .containsExactly("+1.000s advert of 10.0.0.1 ttl 255", "+7.000s advert of 10.0.0.1 ttl 255");
    }

    @Test
    void aKilledProcessLeavesItsAddressToTheNextWhichFindsItMarked() throws IOException {
        onA.serving(SECOND);
        lan.runFor(Duration.ofMillis(500));
        a.kill();
        assertThatThrownBy(a::network)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the process on a was killed; restart() starts another");

        Station again = new Station(lan, a.restart(), "10.0.0.1");
        assertThat(again.link.markedAddresses()).containsExactly(VIP);
        assertThat(a.network().holder(VIP.address())).isEqualTo(Optional.of(new HeldAddress("eth0", 32, true)));
        lan.runFor(Duration.ofSeconds(5));
        assertThat(lan.answering(ADDRESS)).as("the fence of the dead goes on").isEmpty();
        again.run(again.fence::shut);
        assertThat(lan.answering(ADDRESS)).containsExactly(a);
    }

    @Test
    void aProcessBoundDeviceDiesWithItsProcess() {
        onA.run(() -> a.network().open(new LinkSpec.ProcessBound("fip7")).addAddress(VIP, 0));
        assertThat(lan.answering(ADDRESS)).containsExactly(a);
        a.kill();
        assertThat(lan.answering(ADDRESS)).isEmpty();
    }

    // Kernel faults

    @Test
    void refusesTheNextCallOfEachKindInTheOrderGiven() {
        a.failNext(SimFault.ADD_EPERM, SimFault.SEND_ENOBUFS, SimFault.ADD_ANSWER_LOST);
        onA.run(() -> onA.link.addAddress(VIP, 0));
        assertThat(a.holds(ADDRESS)).isFalse();
        onA.run(() -> onA.link.addAddress(VIP, 0));
        assertThat(a.holds(ADDRESS)).isTrue();
        onA.advertising(SECOND);
        lan.runFor(Duration.ofMillis(1));

        assertThat(onA.heard)
                .containsExactly(
                        "+0.000s RTM_NEWADDR: EPERM (1)",
                        "+0.000s RTM_NEWADDR: ENOBUFS (105), no answer",
                        "+0.000s sendmsg: ENOBUFS (105)");
        assertThat(onB.heard).isEmpty();
    }

    @Test
    void anAddressSomebodyElsePutThereIsNotTakenOver() {
        a.addAddress(ADDRESS);
        onA.run(() -> onA.link.addAddress(VIP, 0));
        assertThat(onA.heard)
                .containsExactly("+0.000s RTM_NEWADDR 10.0.0.10/32: EEXIST (17), it is on eth0 already and was not put"
                        + " there by this library");
    }

    @Test
    void tellsTheProcessOfEveryChangeOfItsInterface() {
        lan.runFor(Duration.ofSeconds(1));
        onA.run(() -> onA.link.addAddress(VIP, 0));
        a.removeAddress(ADDRESS);
        a.linkDown();
        lan.runFor(Duration.ofSeconds(1));
        a.linkUp();
        lan.runFor(Duration.ofSeconds(1));
        a.removeInterface("eth0");
        lan.runFor(Duration.ofSeconds(1));
        a.recreateInterface("eth0", "10.0.0.7");
        lan.runFor(Duration.ofSeconds(1));

        assertThat(onA.heard)
                .containsExactly(
                        "+1.000s left [/10.0.0.1]",
                        "+1.000s link down [/10.0.0.1]",
                        "+2.000s link up [/10.0.0.1]",
                        "+3.000s left []",
                        "+3.000s link down []",
                        "+4.000s link up []",
                        "+4.000s link up [/10.0.0.7]");
    }

    @Test
    void globalIpv6AddressesGoWithTheCarrier() {
        a.addAddress("2001:db8::1");
        a.addAddress("fe80::1");
        a.linkDown();
        assertThat(a.addresses().toString()).isEqualTo("[10.0.0.1/32, fe80:0:0:0:0:0:0:1/128]");
    }

    @Test
    void aFlushedPacketFilterIsOpenUntilTheProcessPutsItBack() {
        onA.serving(SECOND);
        lan.runFor(Duration.ofMillis(500));
        a.pause(Duration.ofSeconds(10));
        lan.runFor(Duration.ofSeconds(5));
        assertThat(lan.answering(ADDRESS)).isEmpty();
        a.flushPacketFilter();
        assertThat(lan.answering(ADDRESS)).containsExactly(a);
        lan.runFor(Duration.ofSeconds(6));
        assertThat(lan.answering(ADDRESS)).isEmpty();
        assertThat(onA.heard)
                .containsExactly(
                        "+10.500s fence disturbed",
                        "+10.500s sendmsg: ENOBUFS (105), dropped by the packet filter",
                        "+11.500s sendmsg: ENOBUFS (105), dropped by the packet filter");
    }

    // Neighbours

    @Test
    void anAnnouncementCorrectsTheNeighboursWhoHaveAsked() {
        SimHost client = lan.host("10.0.0.9");
        onA.run(() -> onA.link.addAddress(VIP, 0));
        assertThat(client.ask(ADDRESS)).contains(a);
        onB.run(() -> onB.link.addAddress(VIP, 0));
        onA.run(() -> onA.link.removeAddress(VIP));
        assertThat(client.ask(ADDRESS)).isEmpty();

        onB.run(() -> onB.link.announce(VIP.address()));
        lan.runFor(Duration.ofMillis(1));
        assertThat(client.ask(ADDRESS)).contains(b);
    }

    @Test
    void aNeighbourNobodyTellsAsksAnewAfterEightSeconds() {
        SimHost client = lan.host("10.0.0.9");
        onA.run(() -> onA.link.addAddress(VIP, 0));
        assertThat(client.ask(ADDRESS)).contains(a);
        onA.run(() -> onA.link.removeAddress(VIP));
        b.addAddress(ADDRESS);

        lan.runFor(Duration.ofMillis(7999));
        assertThat(client.ask(ADDRESS)).isEmpty();
        lan.runFor(Duration.ofMillis(1));
        assertThat(client.ask(ADDRESS)).contains(b);
    }

    @Test
    void aProbeIsAnsweredByWhoeverHoldsTheAddress() {
        b.addAddress(ADDRESS);
        onA.run(() -> onA.link.probe(VIP.address()));
        lan.runFor(Duration.ofMillis(1));
        assertThat(onA.heard).containsExactly("+0.000s 10.0.0.10 is claimed");
    }

    @Test
    void aWatchHearsTheAnnouncementsOfOthersAndNotItsOwn() {
        onA.run(() -> onA.link.watch(List.of(VIP.address())));
        onA.run(() -> onA.link.announce(VIP.address()));
        lan.runFor(Duration.ofMillis(1));
        assertThat(onA.heard).isEmpty();
        b.announce(ADDRESS);
        lan.runFor(Duration.ofMillis(1));
        assertThat(onA.heard).containsExactly("+0.001s 10.0.0.10 is claimed");
    }

    @Test
    void steppingTheWallClockMovesNoOtherClock() {
        long before = a.network().ticker().nanoTime();
        a.stepWallClock(Duration.ofDays(-1));
        assertThat(a.network().ticker().wallTime()).isEqualTo(Instant.parse("2025-12-31T00:00:00Z"));
        assertThat(a.network().ticker().nanoTime()).isEqualTo(before);
    }
}
