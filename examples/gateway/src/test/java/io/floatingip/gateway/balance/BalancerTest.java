package io.floatingip.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.gateway.DataPath.UpstreamState;
import io.floatingip.gateway.config.Check;
import io.floatingip.gateway.config.Service;
import io.floatingip.gateway.config.Service.Algorithm;
import io.floatingip.gateway.config.Service.Upstream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten thousand requests by each algorithm, against its definition; what persistence, weights and health change in that. */
@Timeout(60)
class BalancerTest {
    private static final int REQUESTS = 10_000;
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void rrGivesEachTheSameInTurn() {
        Balancer balancer = balancer(Algorithm.RR, 1, 5, 2, 1);
        assertThat(choices(balancer, 5)).containsExactly("a", "b", "c", "d", "a");
        assertThat(shares(balancer)).isEqualTo(Map.of("a", 2500, "b", 2500, "c", 2500, "d", 2500));
    }

    @Test
    void wrrGivesEachItsWeightInEveryRound() {
        Balancer balancer = balancer(Algorithm.WRR, 4, 3, 2, 1);
        assertThat(choices(balancer, 10)).containsExactly("a", "a", "b", "a", "b", "c", "a", "b", "c", "d");
        assertThat(shares(balancer)).isEqualTo(Map.of("a", 4000, "b", 3000, "c", 2000, "d", 1000));
    }

    @Test
    void lcGivesToWhoHasTheFewestRunning() {
        Balancer balancer = balancer(Algorithm.LC, 1, 9, 1);
        Map<String, List<Backend>> running = new HashMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            Backend chosen = choose(balancer, client(i));
            assertThat(chosen.active())
                    .isEqualTo(balancer.state().upstreams().stream()
                            .mapToInt(UpstreamState::active)
                            .min()
                            .orElseThrow());
            chosen.begun();
            running.computeIfAbsent(chosen.name(), name -> new ArrayList<>()).add(chosen);
        }
        assertThat(running.values()).extracting(List::size).allMatch(size -> size == 3333 || size == 3334);
        for (int i = 0; i < 100; i++) {
            running.get("b").get(0).ended();
        }
        assertThat(choices(balancer, 3)).containsOnly("b");
    }

    @Test
    void wlcGivesByRunningRequestsPerWeight() {
        Balancer balancer = balancer(Algorithm.WLC, 5, 3, 2);
        Map<String, Integer> running = new TreeMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            Backend chosen = choose(balancer, client(i));
            chosen.begun();
            running.merge(chosen.name(), 1, Integer::sum);
        }
        assertThat(running).isEqualTo(Map.of("a", 5000, "b", 3000, "c", 2000));
    }

    @Test
    void wlcGivesByWeightWhenNothingRuns() {
        assertThat(shares(balancer(Algorithm.WLC, 5, 3, 2))).isEqualTo(Map.of("a", 5000, "b", 3000, "c", 2000));
    }

    @Test
    void shGivesAClientAlwaysTheSameAndAllByWeight() {
        Balancer balancer = balancer(Algorithm.SH, 5, 3, 2);
        Map<String, Integer> shares = shares(balancer);
        assertThat(shares).containsOnlyKeys("a", "b", "c");
        assertThat(shares.get("a")).isCloseTo(5000, Percentage.withPercentage(5));
        assertThat(shares.get("b")).isCloseTo(3000, Percentage.withPercentage(5));
        assertThat(shares.get("c")).isCloseTo(2000, Percentage.withPercentage(5));
        for (int i = 0; i < 100; i++) {
            Backend first = choose(balancer, client(i));
            assertThat(choose(balancer, client(i))).isSameAs(first);
        }
    }

    @Test
    void dhGivesADestinationAlwaysTheSame() {
        Balancer balancer = balancer(Algorithm.DH, 1, 1);
        Map<String, Integer> shares = new TreeMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            String destination = "host" + i % 1000;
            Backend chosen = choose(balancer, client(i), destination);
            shares.merge(chosen.name(), 1, Integer::sum);
            assertThat(choose(balancer, client(i + 1), destination)).isSameAs(chosen);
        }
        assertThat(shares.get("a")).isCloseTo(5000, Offset.offset(500));
        assertThat(shares.get("a") + shares.get("b")).isEqualTo(REQUESTS);
    }

    @Test
    void lblcKeepsADestinationsUpstreamUntilItIsOverloadedAndAnotherHalfIdle() {
        Balancer balancer = balancer(Algorithm.LBLC, 10, 10);
        Map<Backend, Integer> shares = new HashMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            shares.merge(choose(balancer, client(i), "one"), 1, Integer::sum);
        }
        assertThat(shares).hasSize(1);
        Backend first = shares.keySet().iterator().next();
        for (int i = 0; i <= 10; i++) {
            assertThat(choose(balancer, client(i), "one")).isSameAs(first);
            first.begun();
        }
        Backend second = choose(balancer, client(0), "one");
        assertThat(second).isNotSameAs(first);
        for (int i = 0; i < 11; i++) {
            first.ended();
        }
        assertThat(choose(balancer, client(0), "one")).as("from then on").isSameAs(second);
    }

    @Test
    void lblcGivesNewDestinationsByWeightAndKnownOnesWhatTheyHad() {
        Balancer balancer = balancer(Algorithm.LBLC, 5, 3, 2);
        Map<String, Integer> shares = new TreeMap<>();
        Map<String, String> known = new HashMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            String destination = "host" + i % 1000;
            String chosen = choose(balancer, client(i), destination).name();
            shares.merge(chosen, 1, Integer::sum);
            assertThat(known.merge(destination, chosen, (before, now) -> before))
                    .isEqualTo(chosen);
        }
        assertThat(shares).isEqualTo(Map.of("a", 5000, "b", 3000, "c", 2000));
    }

    @Test
    void aClientKeepsItsUpstream() {
        Service.Persistence each = new Service.Persistence(Duration.ofSeconds(10), 32, 128);
        Balancer balancer =
                keep(new Balancer(service(Algorithm.RR, Optional.of(each), 1, 1, 1), new AtomicLong()::get));
        Map<String, Integer> shares = new TreeMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            Backend chosen = choose(balancer, client(i));
            shares.merge(chosen.name(), 1, Integer::sum);
            assertThat(choose(balancer, client(i))).isSameAs(chosen);
        }
        assertThat(shares).isEqualTo(Map.of("a", 3334, "b", 3333, "c", 3333));
    }

    @Test
    void aClientNetworkOfIpv6KeepsItsUpstream() throws UnknownHostException {
        Service.Persistence networks = new Service.Persistence(Duration.ofSeconds(10), 24, 64);
        Balancer balancer =
                keep(new Balancer(service(Algorithm.RR, Optional.of(networks), 1, 1, 1), new AtomicLong()::get));
        Backend first = choose(balancer, InetAddress.getByName("fd99:0:0:1::1"));
        assertThat(choose(balancer, InetAddress.getByName("fd99:0:0:1:ffff::2")))
                .as("same /64")
                .isSameAs(first);
        assertThat(choose(balancer, InetAddress.getByName("fd99:0:0:2::1")))
                .as("another /64")
                .isNotSameAs(first);
    }

    @Test
    void aClientNetworkKeepsItsUpstreamUntilItsTimeIsOver() {
        AtomicLong now = new AtomicLong();
        Service spec =
                service(Algorithm.RR, Optional.of(new Service.Persistence(Duration.ofSeconds(10), 24, 64)), 1, 1, 1);
        Balancer balancer = keep(new Balancer(spec, now::get));
        Backend first = choose(balancer, client(0));
        now.addAndGet(Duration.ofSeconds(9).toNanos());
        assertThat(choose(balancer, client(200))).as("same /24").isSameAs(first);
        now.addAndGet(Duration.ofSeconds(9).toNanos());
        assertThat(choose(balancer, client(1))).as("renewed by use").isSameAs(first);
        assertThat(choose(balancer, client(256))).as("another /24").isNotSameAs(first);
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(choose(balancer, client(1))).isNotSameAs(first);
    }

    @Test
    void whoHasWeightZeroKeepsItsClientsAndGetsNoNewOnes() {
        Optional<Service.Persistence> persistence =
                Optional.of(new Service.Persistence(Duration.ofSeconds(10), 32, 128));
        Balancer balancer = keep(new Balancer(service(Algorithm.RR, persistence, 1, 1)));
        assertThat(choose(balancer, client(1)).name()).isEqualTo("a");
        balancer.reload(service(Algorithm.RR, persistence, 0, 1));
        assertThat(choose(balancer, client(1)).name()).isEqualTo("a");
        for (int i = 2; i < 10; i++) {
            assertThat(choose(balancer, client(i)).name()).isEqualTo("b");
        }
    }

    @Test
    void whoIsFullOrWasTriedOrUnreachableGetsNothing() {
        Service spec = new Service(
                "web",
                Algorithm.WRR,
                Optional.empty(),
                1,
                List.of(
                        new Upstream("a", address(1), 5, 2, List.of()),
                        new Upstream("b", address(2), 1, 0, List.of()),
                        new Upstream("c", address(3), 1, 0, List.of())),
                Optional.empty());
        Balancer balancer = keep(new Balancer(spec));
        Backend a = choose(balancer, client(0));
        a.begun();
        a.begun();
        assertThat(choices(balancer, 4)).containsExactlyInAnyOrder("b", "b", "c", "c");
        Backend b = choose(balancer, client(0));
        assertThat(balancer.choose(query(client(0), ""), List.of(b))).isNotIn(a, b);
        b.unreachable();
        assertThat(choices(balancer, 3)).doesNotContain("a", b.name());
        a.ended();
        assertThat(choices(balancer, 4)).contains("a");
    }

    @Test
    void withoutItsQuorumTheSorryServerServes() throws Exception {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        open.add(server);
        Check.Timing timing =
                new Check.Timing(Duration.ofMillis(20), Duration.ofSeconds(5), 0, Duration.ZERO, 1, 1, true);
        InetSocketAddress target = (InetSocketAddress) server.getLocalSocketAddress();
        Upstream upstream = new Upstream("a", target, 1, 0, List.of(new Check.Tcp(target, timing)));
        Balancer balancer = keep(new Balancer(
                new Service("web", Algorithm.RR, Optional.empty(), 1, List.of(upstream), Optional.of(address(9)))));
        awaitChosen(balancer, "a");
        server.close();
        awaitChosen(balancer, "sorry server");
        assertThat(balancer.state().sorry()).isTrue();
        assertThat(balancer.state().upstreams().get(0).alive()).isFalse();
        assertThat(balancer.state().upstreams().get(0).detail()).contains("refused");
    }

    private static void awaitChosen(Balancer balancer, String name) {
        while (!choose(balancer, client(0)).name().equals(name)) {
            Thread.onSpinWait();
        }
    }

    private Balancer balancer(Algorithm algorithm, int... weights) {
        return keep(new Balancer(service(algorithm, Optional.empty(), weights)));
    }

    private Balancer keep(Balancer balancer) {
        open.add(balancer);
        return balancer;
    }

    private static Service service(Algorithm algorithm, Optional<Service.Persistence> persistence, int... weights) {
        List<Upstream> upstreams = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            upstreams.add(new Upstream(String.valueOf((char) ('a' + i)), address(i + 1), weights[i], 0, List.of()));
        }
        return new Service("web", algorithm, persistence, 1, upstreams, Optional.empty());
    }

    private static Map<String, Integer> shares(Balancer balancer) {
        Map<String, Integer> shares = new TreeMap<>();
        choices(balancer, REQUESTS).forEach(name -> shares.merge(name, 1, Integer::sum));
        return shares;
    }

    private static List<String> choices(Balancer balancer, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(choose(balancer, client(i)).name());
        }
        return names;
    }

    private static Backend choose(Balancer balancer, InetAddress client) {
        return choose(balancer, client, "");
    }

    private static Backend choose(Balancer balancer, InetAddress client, String destination) {
        Backend chosen = balancer.choose(query(client, destination), List.of());
        assertThat(chosen).isNotNull();
        return chosen;
    }

    private static Query query(InetAddress client, String destination) {
        return new Query() {
            @Override
            public InetAddress client() {
                return client;
            }

            @Override
            public String destination() {
                return destination;
            }
        };
    }

    /** 10.7.0.0 and up. */
    private static InetAddress client(int number) {
        return ip(10, 7, number >> 8, number & 0xff);
    }

    private static InetSocketAddress address(int last) {
        return new InetSocketAddress(ip(192, 0, 2, last), 80);
    }

    private static InetAddress ip(int... bytes) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) bytes[0], (byte) bytes[1], (byte) bytes[2], (byte) bytes[3]});
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
