package io.floatingip.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What clients see while the address is about to be given away. */
@Timeout(60)
@ExtendWith(Leaks.class)
class DrainTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final CountDownLatch finish = new CountDownLatch(1);
    private final CountDownLatch running = new CountDownLatch(1);
    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        TestUpstream upstream = open(new TestUpstream((request, out) -> {
            if (request.line().contains("/slow")) {
                running.countDown();
                finish.await();
            }
            out.write(TestUpstream.OK.getBytes());
        }));
        gateway = open(TestGateway.http(upstream.address()));
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void whatRunsIsFinishedNewConnectionsAreServedAndNothingIsKeptAlive() throws Exception {
        TestClient idle = client();
        TestClient slow = client();
        assertThat(idle.get("/").field("Connection")).isEmpty();
        slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        running.await();
        CompletableFuture<Void> drain = drain(LONG);
        TestClient.Response last = idle.get("/");
        assertThat(last.field("Connection")).isEqualTo("close");
        assertThat(last.text()).isEqualTo("hello");
        assertThat(idle.read()).isEqualTo(-1);
        idle.close();
        try (TestClient fresh = new TestClient(gateway.address())) {
            TestClient.Response only = fresh.get("/");
            assertThat(only.status()).isEqualTo(200);
            assertThat(only.field("Connection")).isEqualTo("close");
            assertThat(fresh.read()).isEqualTo(-1);
        }
        assertThat(drain).isNotDone();
        finish.countDown();
        assertThat(slow.response().text()).isEqualTo("hello");
        assertThat(drain).as("before the client has it all").isNotDone();
        slow.close();
        drain.join();
        assertThat(gateway.proxy.snapshot().connections()).isZero();
    }

    @Test
    void whoIsIdleToTheLastIsToldByTheEndOfTheConnection() throws Exception {
        TestClient idle = client();
        assertThat(idle.get("/").status()).isEqualTo(200);
        CompletableFuture<Void> drain = drain(Duration.ofMillis(500));
        assertThat(idle.read()).isEqualTo(-1);
        idle.close();
        drain.join();
    }

    @Test
    void requestsSentAheadAreStillAnswered() throws Exception {
        TestClient client = client();
        client.send(
                "GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
        running.await();
        CompletableFuture<Void> drain = drain(LONG);
        finish.countDown();
        assertThat(client.response().field("Connection")).isEmpty();
        assertThat(client.response().field("Connection")).isEmpty();
        assertThat(client.response().field("Connection")).isEqualTo("close");
        client.close();
        drain.join();
    }

    @Test
    void afterADrainThatNobodyFollowedConnectionsAreKeptAliveAgain() throws Exception {
        drain(Duration.ofMillis(100)).join();
        gateway.proxy.resume();
        TestClient client = client();
        assertThat(client.get("/").field("Connection")).isEmpty();
        assertThat(client.get("/").field("Connection")).isEmpty();
    }

    /** Clients that ask without a pause, on kept and on fresh connections, through a whole drain: none may lose a request. */
    @Test
    void noRequestIsLostUnderLoad() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean keep = i % 2 == 0;
            Thread thread = new Thread(() -> load(keep, stop, answered, failures));
            thread.start();
            clients.add(thread);
        }
        while (answered.get() < 500) {
            Thread.onSpinWait();
        }
        gateway.proxy.drain(Duration.ofSeconds(2));
        assertThat(gateway.proxy.snapshot().connections())
                .as("left when the address may go")
                .isZero();
        stop.set(true);
        gateway.proxy.resume();
        for (Thread thread : clients) {
            thread.join();
        }
        assertThat(failures).isEmpty();
    }

    private void load(boolean keep, AtomicBoolean stop, AtomicInteger answered, List<Throwable> failures) {
        while (!stop.get()) {
            try (TestClient client = new TestClient(gateway.address())) {
                boolean again = true;
                while (again && !stop.get()) {
                    TestClient.Response response = client.get("/");
                    again = keep && response.field("Connection").isEmpty();
                    if (response.status() != 200) {
                        failures.add(new IOException(response.head()));
                    }
                    answered.incrementAndGet();
                }
            } catch (IOException e) {
                failures.add(e);
            }
        }
    }

    /** Begun when the listeners know of it. */
    private CompletableFuture<Void> drain(Duration time) {
        CompletableFuture<Void> drain = CompletableFuture.runAsync(() -> gateway.proxy.drain(time));
        while (!gateway.proxy.snapshot().draining()) {
            Thread.onSpinWait();
        }
        // What was told to the loops before this has arrived.
        try {
            assertThat(gateway.proxy.responsive(LONG)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return drain;
    }

    private TestClient client() throws IOException {
        return open(gateway.connect());
    }

    private <T extends AutoCloseable> T open(T each) {
        open.add(each);
        return each;
    }
}
