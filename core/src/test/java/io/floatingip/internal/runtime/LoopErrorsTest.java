package io.floatingip.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.floatingip.simulation.SimLan;
import io.floatingip.spi.NetworkListener;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** An error, such as out of memory, where a thread could end by it for good, and nothing can be logged either. */
@Timeout(20)
class LoopErrorsTest {
    private final Logger log = (Logger) LoggerFactory.getLogger("io.floatingip");
    private final AppenderBase<ILoggingEvent> fullDisk = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().levelStr.equals("ERROR")) {
                throw new InternalError("while logging");
            }
        }
    };
    private final Failing network = new Failing();

    @BeforeEach
    void nothingCanBeLogged() {
        log.setAdditive(false);
        fullDisk.setContext(log.getLoggerContext());
        fullDisk.start();
        log.addAppender(fullDisk);
    }

    @AfterEach
    void logAgain() {
        log.detachAppender(fullDisk);
        log.setAdditive(true);
    }

    private FloatingIpConfig.Builder config(int vrid) {
        return FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(vrid)
                .address("10.0.0." + (100 + vrid) + "/32")
                .shutdownHook(false)
                .network(network);
    }

    @Test
    void theLoopGoesOnThoughItsFailureCannotBeLogged() throws InterruptedException {
        FloatingIp joined = FloatingIp.join(config(1).build());
        network.failing = true;
        network.wakeup();
        network.failed.acquire(3);
        network.failing = false;
        joined.close();
        assertThat(joined.role()).isEqualTo(Role.RELEASED);
    }

    @Test
    void aLoopWithoutAThreadIsNotLeftToThoseWhoJoinLater() {
        assertThatThrownBy(() -> FloatingIp.join(config(1)
                        .threadFactory(task -> new Thread(task) {
                            @Override
                            public synchronized void start() {
                                throw new OutOfMemoryError("unable to create native thread");
                            }
                        })
                        .build()))
                .isInstanceOf(OutOfMemoryError.class);

        FloatingIp joined = FloatingIp.join(config(1).build());
        assertThat(joined.role()).isEqualTo(Role.BACKUP);
        joined.close();
    }

    @Test
    void listenersAreCalledAgainThoughTheFailureOfOneCannotBeLogged() {
        Deque<Runnable> submitted = new ArrayDeque<>();
        List<String> calls = new ArrayList<>();
        RoleListener failing = RoleListener.onAnyChange(change -> {
            throw new InternalError("in a listener");
        });
        RoleListener other = RoleListener.onAnyChange(change -> calls.add("change " + change.epoch()));
        Callbacks callbacks =
                new Callbacks("web", submitted::add, submitted::add, new Counters(), List.of(failing, other));
        callbacks.deliver(change(1));
        callbacks.afterwards(() -> {
            throw new InternalError("in a task");
        });
        callbacks.deliver(change(2));
        submitted.remove().run();
        callbacks.deliver(change(3));
        submitted.remove().run();
        assertThat(calls).containsExactly("change 1", "change 2", "change 3");
    }

    private static RoleChange change(long epoch) {
        return new RoleChange(
                "web", Role.BACKUP, Role.MASTER, Reason.MASTER_SILENT, "because", 100, epoch, Instant.EPOCH);
    }

    private static final class Failing extends LoopThreadTest.Threaded {
        volatile boolean failing;
        final Semaphore failed = new Semaphore(0);

        Failing() {
            super(SimLan.withSeed(1).host("10.0.0.1").network());
        }

        @Override
        public void await(long nanos) throws IOException {
            if (failing) {
                failed.release();
                throw new InternalError("while waiting");
            }
            super.await(nanos);
        }

        @Override
        public boolean drain(NetworkListener listener) throws IOException {
            if (failing) {
                failed.release();
                throw new InternalError("while reading");
            }
            return super.drain(listener);
        }
    }
}
