package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.RoleListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * Whole scenarios as a person would tell them. Each is compared to a file of its name in {@code src/test/resources/traces}; {@code
 * -Dtraces.rewrite} writes them anew, to be reviewed as a diff.
 */
class TracesTest {
    private static final Path TRACES = Path.of("src/test/resources/traces");

    private final SimLan lan = SimLan.withSeed(1);
    private final SimHost a = lan.host("10.0.0.1");
    private final SimHost b = lan.host("10.0.0.2");

    @Test
    void firstElection(TestInfo test) {
        join(a, 200);
        join(b, 100);
        run(10);
        compare(test);
    }

    @Test
    void masterIsKilled(TestInfo test) {
        join(a, 200);
        join(b, 100);
        run(5);
        a.kill();
        run(10);
        compare(test);
    }

    @Test
    void masterIsPausedAndComesBack(TestInfo test) {
        join(a, 200);
        join(b, 100);
        run(5);
        a.pause(Duration.ofSeconds(6));
        run(15);
        compare(test);
    }

    @Test
    void masterIsPausedBetweenDecisionAndSend(TestInfo test) {
        join(a, 200);
        join(b, 100);
        run(5);
        a.pauseAtNextSend(Duration.ofSeconds(6));
        run(15);
        compare(test);
    }

    @Test
    void plannedHandover(TestInfo test) {
        FloatingIp onA = join(a, 200);
        join(b, 100);
        run(5);
        onA.close();
        run(3);
        compare(test);
    }

    @Test
    void splitAndHealed(TestInfo test) {
        SimHost client = lan.host("10.0.0.9").named("client");
        join(a, 200);
        join(b, 100);
        run(5);
        lan.cut(b);
        client.ask("10.0.0.10");
        run(6);
        lan.heal();
        run(4);
        lan.note("the client finds " + client.ask("10.0.0.10").orElse(null));
        compare(test);
    }

    @Test
    void cableIsPulledAndPluggedAgain(TestInfo test) {
        join(a, 200);
        join(b, 100);
        run(5);
        a.linkDown();
        run(5);
        a.linkUp();
        run(6);
        compare(test);
    }

    @Test
    void someoneRemovesTheAddress(TestInfo test) {
        join(a, 200);
        run(5);
        a.removeAddress("10.0.0.10");
        run(2);
        compare(test);
    }

    @Test
    void addressCannotBeAdded(TestInfo test) {
        join(a, 200);
        join(b, 100);
        a.failNext(SimFault.ADD_EPERM);
        run(15);
        compare(test);
    }

    @Test
    void crashedAndRestarted(TestInfo test) {
        join(a, 200);
        run(5);
        a.kill();
        run(1);
        join(a.restart(), 200);
        run(5);
        compare(test);
    }

    private FloatingIp join(SimHost host, int priority) {
        return FloatingIp.join(FloatingIpConfig.builder()
                .name(host.toString())
                .networkInterface("eth0")
                .virtualRouterId(7)
                .priority(priority)
                .address("10.0.0.10/24")
                .listener(RoleListener.onAnyChange(change -> lan.note(change.toString())))
                .network(host.network())
                .build());
    }

    private void run(int seconds) {
        lan.runFor(Duration.ofSeconds(seconds));
    }

    private void compare(TestInfo test) {
        Path file = TRACES.resolve(test.getTestMethod().orElseThrow().getName() + ".txt");
        List<String> trace = lan.trace();
        try {
            if (System.getProperty("traces.rewrite") != null) {
                Files.createDirectories(TRACES);
                Files.write(file, trace);
            }
            assertThat(trace).isEqualTo(Files.readAllLines(file));
        } catch (IOException e) {
            throw new AssertionError("no trace to compare to; write it with -Dtraces.rewrite", e);
        }
    }
}
