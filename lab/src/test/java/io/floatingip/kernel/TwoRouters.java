package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Capture;
import io.floatingip.lab.Client;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Node;
import io.floatingip.lab.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One node is ours, the other a router of somebody else, and a client asks their address all the time. First ours is above theirs, then theirs
 * above ours; and each time the one above leaves, returns, is cut off, returns, and is killed.
 */
final class TwoRouters implements AutoCloseable {
    private static final int HIGH = 200;
    private static final int MIDDLE = 150;
    private static final int LOW = 100;
    private static final Duration SOON = Duration.ofSeconds(25);
    private static final Duration PERIOD = Duration.ofMillis(4);

    private final Lan lan = Lan.open();
    private final Host ours = lan.host("ours");
    private final Host theirs = lan.host("theirs");
    private final Host clientHost = lan.host("client");
    private final String address;
    private final List<String> options;
    private final Theirs start;
    private final boolean keptByBackup;

    /** Starts their router in a host. */
    interface Theirs {
        Running start(Lan lan, Host host, Host ours, int priority);
    }

    /**
     * @param address without prefix length
     * @param options of our node; {@code OURS} and {@code THEIRS} in them stand for the hosts' own addresses of the address's family
     * @param keptByBackup whether their router has the address on an interface for good, and only answers for it as master
     */
    TwoRouters(String address, List<String> options, Theirs start, boolean keptByBackup) {
        this.address = address;
        this.options = options;
        this.start = start;
        this.keptByBackup = keptByBackup;
    }

    void takeTurns() {
        Client.serve(ours, List.of(address));
        Client.serve(theirs, List.of(address));
        try (Capture capture = lan.capture("turns");
                Client client = Client.ask(clientHost, address, PERIOD)) {
            Running router = oursAbove(client);
            theirsAbove(client, router);
            assertThat(capture.stop().faulty()).isEmpty();
            assertThat(capture.adverts().stream().map(Capture.Advert::source).distinct())
                    .as("senders of adverts")
                    .hasSize(2);
        }
    }

    private Running oursAbove(Client client) {
        Node node = join(HIGH);
        Running router = start.start(lan, theirs, ours, MIDDLE);
        assertOurs(client, System.nanoTime());

        long leftAt = node.process().terminate();
        assertThat(node.process().awaitExit(SOON)).as(ours.tails()).isZero();
        assertTheirs(client, leftAt);

        node = join(HIGH);
        assertOurs(client, System.nanoTime());

        long cutAt = lan.cut(ours);
        client.awaitAnswerFrom(theirs, cutAt, SOON);
        long healedAt = lan.heal(ours);
        assertOurs(client, healedAt);

        long killedAt = node.process().kill();
        client.awaitAnswerFrom(theirs, killedAt, SOON);
        return router;
    }

    private void theirsAbove(Client client, Running present) {
        Node node = join(LOW).awaitRole("BACKUP", SOON);
        assertTheirs(client, System.nanoTime());

        long leftAt = present.terminate();
        assertThat(present.awaitExit(SOON)).as(theirs.tails()).isZero();
        assertOurs(client, leftAt);

        Running router = start.start(lan, theirs, ours, MIDDLE);
        assertTheirs(client, System.nanoTime());

        long cutAt = lan.cut(theirs);
        client.awaitAnswerFrom(ours, cutAt, SOON);
        long healedAt = lan.heal(theirs);
        assertTheirs(client, healedAt);

        long killedAt = router.killAll();
        client.awaitAnswerFrom(ours, killedAt, SOON);
        ours.awaitHolds(address, true, SOON);
        assertThat(node.process().alive()).isTrue();
    }

    private void assertOurs(Client client, long sinceNanos) {
        client.awaitAnswerFrom(ours, sinceNanos, SOON);
        ours.awaitHolds(address, true, SOON);
        if (!keptByBackup) {
            theirs.awaitHolds(address, false, SOON);
        }
    }

    private void assertTheirs(Client client, long sinceNanos) {
        client.awaitAnswerFrom(theirs, sinceNanos, SOON);
        theirs.awaitHolds(address, true, SOON);
        ours.awaitHolds(address, false, SOON);
    }

    private Node join(int priority) {
        boolean ipv6 = address.contains(":");
        List<String> command = new ArrayList<>(List.of("--vrid", "52", "--priority", Integer.toString(priority)));
        command.addAll(List.of("--address", address + (ipv6 ? "/128" : "/32")));
        for (String option : options) {
            command.add(option.replace("OURS", ipv6 ? ours.ipv6() : ours.ipv4())
                    .replace("THEIRS", ipv6 ? theirs.ipv6() : theirs.ipv4()));
        }
        return Node.join(ours, command.toArray(String[]::new));
    }

    @Override
    public void close() {
        lan.close();
    }
}
