package io.floatingip.simulation;

import static io.floatingip.simulation.Station.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.IpFamily;
import io.floatingip.spi.Channel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimLanTest {
    private final SimLan lan = SimLan.withSeed(1);
    private final SimHost a = lan.host("10.0.0.1");
    private final SimHost b = lan.host("10.0.0.2");

    @Test
    void deliversWhatOneHostSendsToAllThatListen() {
        SimHost c = lan.host("10.0.0.3");
        Station onA = new Station(lan, a, "10.0.0.1").advertising(SECOND);
        Station onB = new Station(lan, b, "10.0.0.2");
        Station onC = new Station(lan, c, "10.0.0.3");

        lan.delay(Duration.ofMillis(1), Duration.ofMillis(1)).runFor(Duration.ofMillis(1500));

        List<String> twoAdverts = List.of("+0.001s advert of 10.0.0.1 ttl 255", "+1.001s advert of 10.0.0.1 ttl 255");
        assertThat(List.of(onA.heard, onB.heard, onC.heard)).containsExactly(List.of(), twoAdverts, twoAdverts);
    }

    @Test
    void repeatsARunFromItsSeedToTheNanosecond() {
        assertThat(randomRun(42)).isEqualTo(randomRun(42)).isNotEqualTo(randomRun(43));
    }

    private static List<String> randomRun(long seed) {
        SimLan random = SimLan.withSeed(seed)
                .loss(0.2)
                .duplication(0.2)
                .bitFlips(0.2)
                .delay(Duration.ofMillis(1), Duration.ofMillis(400))
                .schedulingDelay(Duration.ofMillis(10));
        SimHost one = random.host("10.0.0.1");
        SimHost two = random.host("10.0.0.2");
        Station onOne = new Station(random, one, "10.0.0.1").advertising(SECOND / 10);
        Station onTwo = new Station(random, two, "10.0.0.2").advertising(SECOND / 7);
        random.runFor(Duration.ofSeconds(20));
        List<String> all = new ArrayList<>(random.trace());
        all.addAll(onOne.heard);
        all.addAll(onTwo.heard);
        return all;
    }

    @Test
    void losesDuplicatesAndDamagesTheSharesItIsToldTo() {
        Station onB = new Station(lan, b, "10.0.0.2");
        new Station(lan, a, "10.0.0.1").advertising(SECOND / 100);

        lan.loss(0.5).runFor(Duration.ofSeconds(100));
        assertThat(onB.heard).hasSizeBetween(4_700, 5_300);

        onB.heard.clear();
        lan.loss(0).duplication(0.5).runFor(Duration.ofSeconds(100));
        assertThat(onB.heard).hasSizeBetween(14_700, 15_300);

        onB.heard.clear();
        lan.duplication(0).bitFlips(1).runFor(Duration.ofSeconds(100));
        // 20 of 32 bytes are IP header, in which the kernel notices.
        assertThat(onB.heard).hasSizeBetween(3_400, 4_100);
    }

    @Test
    void aCutIsSilentBothWaysAndAOneWayCutOnlyOneWay() {
        Station onA = new Station(lan, a, "10.0.0.1").advertising(SECOND);
        Station onB = new Station(lan, b, "10.0.0.2").advertising(SECOND);

        lan.cut(a).runFor(Duration.ofSeconds(10));
        assertThat(onA.heard).isEmpty();
        assertThat(onB.heard).isEmpty();

        lan.heal().cutOneWay(a, b).runFor(Duration.ofSeconds(10));
        assertThat(onA.heard).hasSize(9);
        assertThat(onB.heard).isEmpty();

        lan.heal().runFor(Duration.ofSeconds(10));
        assertThat(onA.heard).hasSize(19);
        assertThat(onB.heard).hasSize(9);
    }

    @Test
    void hostsOfOneSideOfASplitHearEachOtherAndThoseUnnamedAreASide() {
        SimHost c = lan.host("10.0.0.3");
        SimHost d = lan.host("10.0.0.4");

        lan.split(Set.of(a, b));

        assertThat(List.of(lan.connected(a, b), lan.connected(b, a), lan.connected(c, d)))
                .containsOnly(true);
        assertThat(List.of(lan.connected(a, c), lan.connected(c, a), lan.connected(d, b)))
                .containsOnly(false);
    }

    @Test
    void unicastReachesTheHolderOfTheAddressOnly() {
        SimHost c = lan.host("10.0.0.3");
        InetAddress toB = Station.address("10.0.0.2");
        Station onB = new Station(lan, b, toB, new Channel(IpFamily.IPV4, toB, false), toB);
        Station onC = new Station(lan, c, "10.0.0.3");
        InetAddress fromA = Station.address("10.0.0.1");
        new Station(lan, a, fromA, new Channel(IpFamily.IPV4, fromA, false), toB).advertising(SECOND);

        lan.runFor(Duration.ofMillis(500));

        assertThat(onB.heard).containsExactly("+0.000s advert of 10.0.0.1 ttl 255");
        assertThat(onC.heard).isEmpty();
    }

    @Test
    void sendsIpv6FromLinkLocalAddressesWithHopLimit() {
        SimHost six = lan.host("fe80::1");
        SimHost other = lan.host("fe80::2");
        InetAddress group = Station.address("ff02::12");
        Channel channel = new Channel(IpFamily.IPV6, group, false);
        Station onOther = new Station(lan, other, Station.address("fe80::2"), channel, group);
        new Station(lan, six, Station.address("fe80::1"), channel, group).advertising(SECOND);

        lan.runFor(Duration.ofMillis(500));

        assertThat(onOther.heard).containsExactly("+0.000s advert of fe80:0:0:0:0:0:0:1 ttl 255");
    }

    @Test
    void segmentsOfDifferentNamesDoNotHearEachOther() {
        a.withInterface("eth1", "10.1.0.1");
        Station onB = new Station(lan, b, "10.0.0.2");
        SimHost c = lan.host();
        c.withInterface("eth1", "10.1.0.3");
        c.addAddress("eth1", "10.0.0.10");

        new Station(lan, a, "10.0.0.1").advertising(SECOND);
        lan.runFor(Duration.ofMillis(500));

        assertThat(onB.heard).hasSize(1);
        assertThat(b.ask("10.0.0.10")).contains(c);
        assertThat(c.addresses()).isEmpty();
    }

    @Test
    void refusesToLetTimePassInsideATurn() {
        a.network().attach(() -> {
            lan.runFor(Duration.ofSeconds(1));
            return Long.MAX_VALUE;
        });
        assertThatThrownBy(() -> lan.runFor(Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the loop of a is at work: time cannot pass inside a turn of it");
    }

    @Test
    void aLoopThatNeverGetsBeyondAnInstantIsReported() {
        a.network().attach(() -> 0);
        assertThatThrownBy(() -> lan.runFor(Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the loop of a was turned 10000 times at +0.000s and still asks for now");
    }

    @Test
    void callbacksRunInOrderAndOneThatLetsTimePassHoldsUpThoseBehindIt() {
        List<String> calls = new ArrayList<>();
        Station onB = new Station(lan, b, "10.0.0.2");
        new Station(lan, a, "10.0.0.1").advertising(SECOND);
        b.network().callbacks().execute(() -> {
            calls.add("first begins " + lan.now());
            lan.runFor(Duration.ofSeconds(2));
            calls.add("first ends " + lan.now());
        });
        b.network().callbacks().execute(() -> calls.add("second " + lan.now()));
        a.network().callbacks().execute(() -> calls.add("of a " + lan.now()));

        lan.runFor(Duration.ofSeconds(1));
        lan.runFor(Duration.ZERO);

        assertThat(calls).containsExactly("first begins PT0S", "of a PT0S", "first ends PT2S", "second PT2S");
        assertThat(onB.heard).as("adverts while the callback waited").hasSize(2);
    }

    @Test
    void runsUntilTheConditionHoldsAndNoLonger() {
        Station onB = new Station(lan, b, "10.0.0.2");
        new Station(lan, a, "10.0.0.1").advertising(SECOND);

        assertThat(lan.runUntil(() -> onB.heard.size() == 3, Duration.ofSeconds(10)))
                .isTrue();
        assertThat(lan.now()).isEqualTo(Duration.ofNanos(2_000_100_000L));
        assertThat(lan.runUntil(() -> onB.heard.size() == 30, Duration.ofSeconds(10)))
                .isFalse();
        assertThat(lan.now()).isEqualTo(Duration.ofNanos(12_000_100_000L));
    }

    @Test
    void theTraceTellsWhatHappened() {
        new Station(lan, b, "10.0.0.2");
        new Station(lan, a, "10.0.0.1").serving(SECOND);
        lan.note("two seconds");
        lan.runFor(Duration.ofMillis(1900));
        lan.cut(a);
        lan.runFor(Duration.ofMillis(200));
        a.kill();
        lan.runFor(Duration.ofSeconds(5));

        assertThat(lan.trace())
                .containsExactly(
                        "+0.000s a opens fence 7",
                        "+0.000s a adds 10.0.0.10/32",
                        "+0.000s two seconds",
                        "+0.000s a sends advert 7 prio 100 to 224.0.0.18",
                        "+1.000s a sends advert 7 prio 100 to 224.0.0.18",
                        "+1.900s the cable of a is cut",
                        "+2.000s a sends advert 7 prio 100 to 224.0.0.18",
                        "+2.000s advert 7 prio 100 of a to b is lost",
                        "+2.100s a is killed",
                        "+4.750s a's fence 7 falls shut");
    }
}
