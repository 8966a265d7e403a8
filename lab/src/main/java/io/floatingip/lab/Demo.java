package io.floatingip.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Two gateways with three upstreams behind one floating IP. A load of requests goes through them, and a client asks the address every millisecond. Both
 * gateways are restarted, one after the other, then the active one is killed. Prints what happens as it happens, who answered when, and how many
 * requests failed. Ends with status 1 if the address did not move.
 */
public final class Demo {
    private static final String ADDRESS = "10.99.0.66";
    private static final String VRID = "52";
    private static final int RATE = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String interval;
    private final Lan lan;
    private final Host a;
    private final Host b;
    private final long startedAt = System.nanoTime();
    private final List<Timeline.Move> moves = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private Load.Count before;

    private Demo(String interval, Lan lan) {
        this.interval = interval;
        this.lan = lan;
        a = lan.host("a");
        b = lan.host("b");
    }

    /** Argument: the advert interval, {@code 1s} if left out. */
    public static void main(String[] args) {
        String interval = args.length > 0 ? args[0] : "1s";
        Lan lan = Lan.open();
        // Also on Ctrl-C. What this cannot end, because the JVM is killed, dies with it by itself.
        Runtime.getRuntime().addShutdownHook(new Thread(lan::close, "lab-close"));
        int status = 0;
        try {
            new Demo(interval, lan).run();
        } catch (IllegalStateException e) {
            System.out.println("\nThe address did not move as it should: " + e.getMessage());
            status = 1;
        }
        System.exit(status);
    }

    private void run() {
        say(
                "lan",
                "hosts a (" + a.ipv4() + "), b (" + b.ipv4()
                        + "), servers and a client on a switch, in network namespaces of their own");
        Running service = Client.serve(a, List.of(ADDRESS));
        Client.serve(b, List.of(ADDRESS));
        Host servers = lan.host("servers");
        List<String> upstreams = new ArrayList<>();
        for (int port = 8081; port <= 8083; port++) {
            Web.start(servers, port, "web-" + port);
            upstreams.add(servers.ipv4() + ":" + port);
        }
        say("servers", "three upstreams: " + String.join(", ", upstreams));
        Host clientHost = lan.host("client");
        try (Client client = Client.ask(clientHost, ADDRESS, Duration.ofMillis(1))) {
            say("client", "asks " + ADDRESS + " every millisecond");
            Node first = start(a, 150, upstreams);
            client.awaitAnswerFrom(a, startedAt, PATIENCE);
            Node second = start(b, 100, upstreams);
            say("client", "is answered by a");
            try (Load load = Load.start(clientHost, ADDRESS, 80, RATE)) {
                say("client", "sends " + RATE + " requests/s through the gateway, half of them on fresh connections");
                before = load.count();
                watch(client, a);

                stop(client, load, first, a, b);
                first = start(a, 150, upstreams);
                watch(client, b);
                stop(client, load, second, b, a);
                start(b, 100, upstreams);
                watch(client, a);

                say("a", "is killed (SIGKILL)");
                service.kill();
                long killedAt = first.process().kill();
                moved(client, load, "a killed (SIGKILL)", killedAt, a, b);
                load.stop();
            }
            System.out.println();
            System.out.println(new Timeline(startedAt, ADDRESS, client.answers(Client.ORDINARY), moves));
            System.out.println("What became of the requests");
            requests.forEach(line -> System.out.println("  " + line));
        }
    }

    /** Waits until the node says that it takes part. */
    private Node start(Host host, int priority, List<String> upstreams) {
        say(host.name(), "starts a gateway with priority " + priority);
        Path file = lan.directory().resolve("gateway-" + host.name() + ".yaml");
        try {
            Files.writeString(
                    file, """
                    floating-ip:
                      interface: eth0
                      virtual-router-id: %s
                      priority: %d
                      preempt: false
                      address: %s/32
                      advert-interval: %s
                    listeners:
                      - address: %s:80
                    services:
                      web:
                        upstreams: [%s]
                    """.formatted(VRID, priority, ADDRESS, interval, ADDRESS, String.join(", ", upstreams)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Node.gateway(
                        host,
                        file,
                        change -> say(
                                host.name(),
                                change.from().map(from -> from + " -> ").orElse("") + change.to() + ": "
                                        + change.why()))
                .awaitRole("BACKUP", PATIENCE);
    }

    private void stop(Client client, Load load, Node node, Host host, Host other) {
        say(host.name(), "is stopped (SIGTERM): finishes what runs, then hands over");
        long stoppedAt = node.process().terminate();
        moved(client, load, host.name() + " stopped (SIGTERM)", stoppedAt, host, other);
        int status = node.process().awaitExit(PATIENCE);
        say(
                host.name(),
                "has ended with status " + status + "; address on its interface: "
                        + (host.holds(ADDRESS) ? "still there" : "gone"));
    }

    private void moved(Client client, Load load, String cause, long sinceNanos, Host from, Host to) {
        Answer answer = client.awaitAnswerFrom(to, sinceNanos, PATIENCE);
        say("client", "is answered by " + to.name());
        load.awaitAnswerSince(answer.receivedNanos());
        watch(client, to);
        moves.add(new Timeline.Move(cause, sinceNanos, from.name(), to.name(), answer.receivedNanos()));
        Load.Count now = load.count();
        requests.add(String.format(
                Locale.ROOT,
                "%-20s %d of %d failed %s",
                cause,
                now.failed() - before.failed(),
                now.asked() - before.asked(),
                now.failed() == before.failed() ? "" : now.why()));
        before = now;
    }

    /** Lets it run for a while, so that there is something to see. */
    private void watch(Client client, Host host) {
        long until = System.nanoTime() + 2_000_000_000L;
        while (until - System.nanoTime() > 0) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
        client.awaitAnswerFrom(host, until, PATIENCE);
    }

    private synchronized void say(String who, String what) {
        System.out.printf(Locale.ROOT, "%8.3f s  %-7s %s%n", (System.nanoTime() - startedAt) / 1e9, who, what);
    }
}
