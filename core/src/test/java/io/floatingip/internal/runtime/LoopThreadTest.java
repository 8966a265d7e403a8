package io.floatingip.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.FloatingIpGroup;
import io.floatingip.Role;
import io.floatingip.RoleListener;
import io.floatingip.simulation.SimLan;
import io.floatingip.spi.HeldAddress;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkSpec;
import io.floatingip.spi.Network;
import io.floatingip.spi.NetworkListener;
import io.floatingip.spi.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that join, leave and listen, on a network with a loop thread and with time that stands still. */
@Timeout(20)
class LoopThreadTest {
    private final Threaded network =
            new Threaded(SimLan.withSeed(1).host("10.0.0.1").network());

    private FloatingIpConfig.Builder config(int vrid) {
        return FloatingIpConfig.builder()
                .name("web-" + vrid)
                .networkInterface("eth0")
                .virtualRouterId(vrid)
                .address("10.0.0." + (100 + vrid) + "/32")
                .shutdownHook(false)
                .network(network);
    }

    @Test
    void anInterruptedJoinLeavesNothingBehind() throws InterruptedException {
        FloatingIp other = FloatingIp.join(config(1).build());
        network.blockJoining();
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        Thread joining = new Thread(() -> {
            try {
                FloatingIp.join(config(2).build());
            } catch (FloatingIpException e) {
                refusal.set(e);
            }
        });
        joining.start();
        network.checking.await();
        joining.interrupt();
        joining.join();
        assertThat(refusal.get()).hasMessageContaining("interrupted");
        network.letGoOn();

        FloatingIp again = FloatingIp.join(config(2).build());
        assertThat(again.role()).isEqualTo(Role.BACKUP);
        again.close();
        other.close();
    }

    @Test
    void anErrorWhileJoiningReachesTheCallerAndNotTheLoop() {
        FloatingIp other = FloatingIp.join(config(1).build());
        network.failure = new NoClassDefFoundError("no such binding");
        assertThatThrownBy(() -> FloatingIp.join(config(2).build())).isSameAs(network.failure);
        network.failure = null;

        other.close();
        assertThat(other.role()).isEqualTo(Role.RELEASED);
    }

    @Test
    void aListenerThatBlocksOnADirectExecutorBlocksNeitherTheLoopNorWhoAddsIt() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        BlockingQueue<String> threads = new LinkedBlockingQueue<>();
        FloatingIp joined =
                FloatingIp.join(config(1).callbackExecutor(Runnable::run).build());
        joined.addListener(RoleListener.onAnyChange(change -> {
            threads.add(Thread.currentThread().getName());
            entered.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        entered.await();
        joined.standDown(Duration.ofHours(1));
        assertThat(joined.awaitRole(Role.FAULT, Duration.ofSeconds(20))).isTrue();
        mayGoOn.countDown();
        joined.close();
        assertThat(threads.poll(20, TimeUnit.SECONDS)).startsWith("floatingip-callbacks-");
        assertThat(threads.poll(20, TimeUnit.SECONDS)).startsWith("floatingip-callbacks-");
    }

    @Test
    void anotherThreadUsesANetworkOnlyWhenTheOneBeforeHasEnded() throws InterruptedException {
        BlockingQueue<Thread> loops = new LinkedBlockingQueue<>();
        for (int i = 0; i < 20; i++) {
            FloatingIp joined = FloatingIp.join(config(1)
                    .threadFactory(task -> {
                        Thread thread = new Thread(task);
                        loops.add(thread);
                        return thread;
                    })
                    .build());
            joined.close();
        }
        assertThat(network.intrusions).isEmpty();
    }

    @Test
    void aGroupTellsItsEndThoughItsFirstMemberEndedBefore() throws InterruptedException {
        BlockingQueue<Role> told = new ArrayBlockingQueue<>(10);
        FloatingIpGroup group = FloatingIpGroup.join(
                "all",
                List.of(config(1).build(), config(2).build()),
                RoleListener.onAnyChange(change -> told.add(change.to())));
        assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(Role.BACKUP);
        CountDownLatch ended = new CountDownLatch(1);
        FloatingIp first = group.members().get(0);
        first.addListener(RoleListener.onAnyChange(change -> {
            if (change.to() == Role.RELEASED) {
                ended.countDown();
            }
        }));
        first.close();
        ended.await();

        group.close();
        Role last = null;
        while (last != Role.RELEASED) {
            last = told.poll(10, TimeUnit.SECONDS);
            assertThat(last).as("the next role").isNotNull();
        }
    }

    /** A network that waits, on top of one that is driven; the checks of a join can be held up. */
    static class Threaded implements Network {
        final BlockingQueue<String> intrusions = new LinkedBlockingQueue<>();
        volatile CountDownLatch checking = new CountDownLatch(0);
        volatile Error failure;
        private final Network below;
        private final Semaphore awake = new Semaphore(0);
        private volatile CountDownLatch mayGoOn = new CountDownLatch(0);
        private volatile Thread user;

        Threaded(Network below) {
            this.below = below;
        }

        void blockJoining() {
            checking = new CountDownLatch(1);
            mayGoOn = new CountDownLatch(1);
        }

        void letGoOn() {
            mayGoOn.countDown();
        }

        private void used() {
            Thread before = user;
            if (before != null && before != Thread.currentThread() && before.isAlive()) {
                intrusions.add(Thread.currentThread() + " besides " + before);
            }
            user = Thread.currentThread();
        }

        @Override
        public Ticker ticker() {
            return below.ticker();
        }

        @Override
        public Link open(LinkSpec spec) throws IOException {
            used();
            return below.open(spec);
        }

        @Override
        public Optional<HeldAddress> holder(InetAddress address) throws IOException {
            if (failure != null) {
                throw failure;
            }
            checking.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return below.holder(address);
        }

        @Override
        public void await(long nanos) throws IOException {
            used();
            try {
                awake.tryAcquire(100, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            awake.drainPermits();
        }

        @Override
        public boolean drain(NetworkListener listener) throws IOException {
            used();
            return below.drain(listener);
        }

        @Override
        public void wakeup() {
            awake.release();
        }

        @Override
        public void close() {
            below.close();
        }
    }
}
