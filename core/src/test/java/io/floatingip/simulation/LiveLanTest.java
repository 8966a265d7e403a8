package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes on a LAN whose time is the machine's; 100 ms between adverts. */
class LiveLanTest {
    private static final String VIP = "10.0.0.10";
    private static final Duration SOON = Duration.ofSeconds(20);

    private final LiveLan lan = new LiveLan();
    private final SimHost hostA = lan.host("10.0.0.1");
    private final SimHost hostB = lan.host("10.0.0.2");
    private final BlockingQueue<RoleChange> toldB = new LinkedBlockingQueue<>();
    private final Queue<Thread> threadsA = new ConcurrentLinkedQueue<>();
    private final FloatingIp a = join(hostA, 200, RoleListener.onAnyChange(change -> {}), threadsA);
    private final FloatingIp b = join(hostB, 100, RoleListener.onMaster(toldB::add), new ConcurrentLinkedQueue<>());

    @AfterEach
    void leave() {
        b.close();
        a.close();
    }

    @Test
    void electsInRealTimeWithThreadsOfItsOwn() throws InterruptedException {
        assertThat(a.awaitRole(Role.MASTER, SOON)).isTrue();
        assertThat(b.awaitRole(Role.BACKUP, SOON)).isTrue();
        assertThat(answering()).containsExactly(hostA);
        assertThat(a.status().fence().closesInTime()).isTrue();
    }

    @Test
    void handsOverAndLeaves() throws InterruptedException {
        assertThat(a.awaitRole(Role.MASTER, SOON)).isTrue();
        a.close();
        assertThat(toldB.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(answering()).containsExactly(hostB);
    }

    @Test
    void aPausedNodeIsReplacedAndYieldsAfterwards() throws InterruptedException {
        assertThat(a.awaitRole(Role.MASTER, SOON)).isTrue();
        a.change(c -> c.preempt(false));
        lan.perform(it -> hostA.pause(Duration.ofSeconds(1)));
        assertThat(toldB.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(a.awaitRole(Role.BACKUP, SOON)).isTrue();
        assertThat(a.status().master()).isEqualTo(b.status().master());
    }

    @Test
    void whatWasJoinedOnAKilledHostCanBeClosedAndLeavesNoThread() throws InterruptedException {
        assertThat(a.awaitRole(Role.MASTER, SOON)).isTrue();
        lan.perform(it -> hostA.kill());
        a.close();
        assertThat(a.role()).isEqualTo(Role.RELEASED);
        assertThat(threadsA).isNotEmpty();
        for (Thread thread : threadsA) {
            thread.join(SOON.toMillis());
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    private Set<SimHost> answering() {
        return lan.ask(it -> it.answering(VIP));
    }

    private FloatingIp join(SimHost host, int priority, RoleListener listener, Queue<Thread> threads) {
        return FloatingIp.join(FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(7)
                .priority(priority)
                .advertInterval(Duration.ofMillis(100))
                .address(VIP)
                .listener(listener)
                .network(lan.network(host))
                .threadFactory(task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    threads.add(thread);
                    return thread;
                })
                .build());
    }
}
