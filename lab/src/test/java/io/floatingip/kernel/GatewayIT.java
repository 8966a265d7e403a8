package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Host;
import io.floatingip.lab.Keepalived;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Load;
import io.floatingip.lab.Nginx;
import io.floatingip.lab.Node;
import io.floatingip.lab.Running;
import io.floatingip.lab.Web;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two nodes that serve one address from three upstreams, under 2,000 requests a second, every other one on a connection of its own: first two
 * gateways, then keepalived with nginx, one after the other with the same advert interval. What keepalived and nginx lose is printed beside ours.
 */
@Tag("kernel")
@Tag("timing")
@Tag("once")
@Tag("keepalived")
@Tag("nginx")
class GatewayIT {
    private static final String ADDRESS = "10.99.0.66";
    private static final int RATE = 2_000;
    private static final Duration UNDISTURBED = Duration.ofSeconds(Boolean.getBoolean("floatingip.long") ? 15 : 2);
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void losesNoRequestInARollingRestartOfBothNodes() {
        Load.Count ours = rollingRestart(true);
        Load.Count theirs = rollingRestart(false);
        print("rolling restart of both nodes", ours, theirs);
        assertThat(ours.failed()).as(ours.why()).isZero();
        assertThat(ours.answered()).isEqualTo(ours.asked());
    }

    @Test
    void anotherNodeServesAfterTheActiveOneIsKilled() {
        Killed ours = kill(true);
        Killed theirs = kill(false);
        print("SIGKILL of the active node", ours.count(), theirs.count());
        System.out.printf(
                Locale.ROOT,
                "first answer after the kill: gateway %.2f s, keepalived + nginx %.2f s%n",
                ours.recovered().toNanos() / 1e9,
                theirs.recovered().toNanos() / 1e9);
        // Clients cannot be told before the adverts have been missed; that many and not more are lost.
        assertThat(ours.count().answered()).isPositive();
    }

    @Test
    void losesNoMoreThanWhatRanOnAnUpstreamThatIsKilled() {
        try (Site site = new Site(true)) {
            Load load = site.load();
            settle();
            long before = load.count().failed();
            site.upstreams.get(0).kill();
            settle();
            Load.Count count = load.stop();
            System.out.println("an upstream killed under " + RATE + " requests/s: " + count.failed() + " of "
                    + count.asked() + " requests failed " + count.why());
            assertThat(before).isZero();
            // GET is asked again elsewhere when its connection breaks: nothing at all has to be lost.
            assertThat(count.failed()).as(count.why()).isZero();
        }
    }

    private static Load.Count rollingRestart(boolean ours) {
        try (Site site = new Site(ours)) {
            Load load = site.load();
            settle();
            site.restart(site.a, site.b);
            settle();
            site.restart(site.b, site.a);
            settle();
            return load.stop();
        }
    }

    private record Killed(Load.Count count, Duration recovered) {}

    private static Killed kill(boolean ours) {
        try (Site site = new Site(ours)) {
            Load load = site.load();
            settle();
            long killedAt = site.nodes.get(0).kill();
            long answeredAt = load.awaitAnswerSince(killedAt);
            settle();
            return new Killed(load.stop(), Duration.ofNanos(answeredAt - killedAt));
        }
    }

    /** Time for the load to run undisturbed. */
    private static void settle() {
        LockSupport.parkNanos(UNDISTURBED.toNanos());
    }

    private static void print(String what, Load.Count ours, Load.Count theirs) {
        System.out.println(what + ", " + RATE + " requests/s, half of them on fresh connections:");
        print("gateway", ours);
        print("keepalived + nginx", theirs);
    }

    private static void print(String who, Load.Count count) {
        System.out.printf(
                Locale.ROOT,
                "  %-20s %d of %d failed (%.3f %%), slowest answer %d ms %s%n",
                who,
                count.failed(),
                count.asked(),
                100.0 * count.failed() / count.asked(),
                count.slowest().toMillis(),
                count.why());
    }

    /** A LAN with both nodes, the upstreams and a client. */
    private static final class Site implements AutoCloseable {
        private final boolean ours;
        private final Lan lan = Lan.open();
        private final Host a = lan.host("a");
        private final Host b = lan.host("b");
        private final Host servers = lan.host("servers");
        private final Host client = lan.host("client");
        private final List<Running> upstreams = new ArrayList<>();
        private final List<Part> nodes = new ArrayList<>();

        Site(boolean ours) {
            this.ours = ours;
            for (int i = 0; i < 3; i++) {
                upstreams.add(Web.start(servers, 8081 + i, "web-" + i));
            }
            nodes.add(start(a));
            a.awaitHolds(ADDRESS, true, SOON);
            nodes.add(start(b));
        }

        Load load() {
            return Load.start(client, ADDRESS, 80, RATE);
        }

        /** Stops a node as an administrator would, waits until the other one serves, and starts it again. */
        void restart(Host host, Host other) {
            int index = host == a ? 0 : 1;
            nodes.get(index).stop();
            other.awaitHolds(ADDRESS, true, SOON);
            nodes.set(index, start(host));
        }

        private Part start(Host host) {
            return ours ? gateway(host) : keepalivedAndNginx(host);
        }

        private Part gateway(Host host) {
            Path file = lan.directory().resolve("gateway-" + host.name() + ".yaml");
            try {
                Files.writeString(
                        file, """
                        floating-ip:
                          interface: eth0
                          virtual-router-id: 52
                          priority: %d
                          preempt: false
                          address: %s/32
                        listeners:
                          - address: %s:80
                        services:
                          web:
                            algorithm: rr
                            upstreams: [%s]
                        """.formatted(host == a ? 150 : 100, ADDRESS, ADDRESS, String.join(", ", addresses())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Running process = Node.gateway(host, file, change -> {})
                    .awaitRole("BACKUP", SOON)
                    .process();
            return new Part(List.of(process), List.of(process));
        }

        private Part keepalivedAndNginx(Host host) {
            Running nginx = new Nginx(List.of(ADDRESS + ":80"), addresses(), 1).start(lan, host);
            Running keepalived = new Keepalived(
                            52, 3, host == a ? 150 : 100, "1", List.of(ADDRESS + "/32"), List.of("nopreempt"))
                    .start(lan, host);
            keepalived.awaitLine("Entering BACKUP STATE", SOON);
            return new Part(List.of(keepalived, nginx), List.of(nginx, keepalived));
        }

        private List<String> addresses() {
            return List.of(servers.ipv4() + ":8081", servers.ipv4() + ":8082", servers.ipv4() + ":8083");
        }

        @Override
        public void close() {
            lan.close();
        }
    }

    /**
     * The processes of a node.
     *
     * @param stopping in the order in which an administrator stops them: first the address moves, then the proxy ends
     */
    private record Part(List<Running> stopping, List<Running> killing) {
        void stop() {
            for (Running process : stopping) {
                process.terminate();
                process.awaitExit(SOON);
            }
        }

        /** Returns the moment from which nobody is there any more. */
        long kill() {
            killing.forEach(Running::killAll);
            return System.nanoTime();
        }
    }
}
