package io.floatingip.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Two JVMs behind one floating IP, and a client that asks it every millisecond: the master is stopped, comes back, and is killed. Prints what
 * happens as it happens, then who answered when. Ends with status 1 if the address did not move.
 */
public final class Demo {
    private static final String ADDRESS = "10.99.0.66";
    private static final String VRID = "52";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String interval;
    private final Lan lan;
    private final Host a;
    private final Host b;
    private final long startedAt = System.nanoTime();
    private final List<Timeline.Move> moves = new ArrayList<>();

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
                        + ") and a client on a switch, in network namespaces of their own");
        Running service = Client.serve(a, List.of(ADDRESS));
        Client.serve(b, List.of(ADDRESS));
        Host clientHost = lan.host("client");
        try (Client client = Client.ask(clientHost, ADDRESS, Duration.ofMillis(1))) {
            say("client", "asks " + ADDRESS + " every millisecond");
            Node first = start(a, 150);
            Node second = start(b, 100);
            client.awaitAnswerFrom(a, startedAt, PATIENCE);
            say("client", "is answered by a");
            watch(client, a);

            long stoppedAt = System.nanoTime();
            say("a", "is stopped (SIGTERM)");
            first.process().terminate();
            moved(client, "a stopped (SIGTERM)", stoppedAt, a, b);
            int status = first.process().awaitExit(PATIENCE);
            say(
                    "a",
                    "has ended with status " + status + "; address on its interface: "
                            + (a.holds(ADDRESS) ? "still there" : "gone"));

            long returnedAt = System.nanoTime();
            first = start(a, 150);
            moved(client, "a came back", returnedAt, b, a);

            say("a", "is killed (SIGKILL), and the service behind the address with it");
            service.kill();
            long killedAt = first.process().kill();
            moved(client, "a killed (SIGKILL)", killedAt, a, b);
            second.process().terminate();
            second.process().awaitExit(PATIENCE);
            System.out.println();
            System.out.println(new Timeline(startedAt, ADDRESS, client.answers(Client.ORDINARY), moves));
        }
    }

    private Node start(Host host, int priority) {
        say(host.name(), "starts a JVM with priority " + priority);
        return Node.join(
                host,
                change -> say(
                        host.name(),
                        change.from().map(from -> from + " -> ").orElse("") + change.to() + ": " + change.why()),
                "--vrid",
                VRID,
                "--priority",
                Integer.toString(priority),
                "--address",
                ADDRESS + "/32",
                "--interval",
                interval);
    }

    private void moved(Client client, String cause, long sinceNanos, Host from, Host to) {
        Answer answer = client.awaitAnswerFrom(to, sinceNanos, PATIENCE);
        say("client", "is answered by " + to.name());
        watch(client, to);
        moves.add(new Timeline.Move(cause, sinceNanos, from.name(), to.name(), answer.receivedNanos()));
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
