package io.floatingip.spring;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import io.floatingip.RoleListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;

/**
 * When this application may hold its floating IPs: from the moment it is started and ready for traffic until it begins to stop. The web server
 * accepts before, and graceful shutdown begins after, because its phase lies between; the address is somewhere else, or nowhere, when connections
 * begin to be refused.
 */
final class FloatingIpLifecycle implements SmartLifecycle, ApplicationListener<AvailabilityChangeEvent<?>> {
    /** After the web server (MAX_VALUE - 2048) and its graceful shutdown (MAX_VALUE - 1024) at the start, before both when stopping. */
    static final int PHASE = Integer.MAX_VALUE - 512;

    private static final Logger log = LoggerFactory.getLogger(FloatingIpLifecycle.class);
    private static final Duration LEAVE_MARGIN = Duration.ofSeconds(5);
    private static final Duration LISTENERS_LIMIT = Duration.ofSeconds(2);
    private static final String BROKEN = "the application is broken (liveness BROKEN)";

    private final FloatingIps floatingIps;
    private final ApplicationContext context;
    private boolean running;
    private boolean accepting;
    private boolean ready;
    private boolean broken;

    FloatingIpLifecycle(FloatingIps floatingIps, ApplicationContext context) {
        this.floatingIps = floatingIps;
        this.context = context;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    @Override
    public synchronized void start() {
        running = true;
        judge("");
    }

    @Override
    public synchronized void onApplicationEvent(AvailabilityChangeEvent<?> event) {
        // A context of its own, such as the one for management, has a state of its own. By id: this one may be wrapped.
        if (event.getSource() instanceof ApplicationContext other && !Objects.equals(other.getId(), context.getId())) {
            return;
        }
        AvailabilityState state = event.getState();
        if (state instanceof ReadinessState) {
            accepting = state == ReadinessState.ACCEPTING_TRAFFIC;
            judge("the application refuses traffic (readiness REFUSING_TRAFFIC)");
        } else if (state == LivenessState.BROKEN) {
            broken = true;
            floatingIps.all().forEach(vip -> vip.health().unhealthy(BROKEN));
        } else if (state == LivenessState.CORRECT && broken) {
            broken = false;
            floatingIps.all().forEach(vip -> vip.health().healthy());
        }
    }

    /** Says what is new only: whenever a master hears that it is not ready, its listeners drain. */
    private void judge(String because) {
        if (ready == (running && accepting)) {
            return;
        }
        ready = !ready;
        for (FloatingIp vip : floatingIps.all()) {
            if (ready) {
                vip.health().ready();
            } else {
                vip.health().notReady(because);
            }
        }
    }

    @Override
    public void stop() {
        beginStop();
        awaitGone();
    }

    @Override
    public void stop(Runnable callback) {
        beginStop();
        Thread waiting = new Thread(
                () -> {
                    try {
                        awaitGone();
                    } finally {
                        callback.run();
                    }
                },
                "floatingip-stop");
        waiting.setDaemon(true);
        waiting.start();
    }

    private synchronized void beginStop() {
        running = false;
        judge("the application is stopping");
    }

    /** Waits until none holds its address: drained, and given to a successor if there is one. */
    private void awaitGone() {
        List<String> late = new ArrayList<>();
        try {
            for (FloatingIp vip : floatingIps.all()) {
                FloatingIpConfig config = floatingIps.config(vip);
                Duration limit = config.drain()
                        .plus(config.advertInterval().multipliedBy(3))
                        .plus(LEAVE_MARGIN);
                if (!vip.awaitRole(Role.FAULT, limit) && vip.isMaster()) {
                    late.add(vip.name());
                }
                awaitListenersTold(vip);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!late.isEmpty()) {
            log.warn("{} could not be handed over in time; stopping all the same", late);
        }
    }

    /** A new listener is told the present role after the others have been: when it is, they know. */
    private static void awaitListenersTold(FloatingIp vip) throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        FloatingIp.Registration registration = vip.addListener(RoleListener.onAnyChange(change -> told.countDown()));
        if (!told.await(LISTENERS_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            log.warn("({}) a listener has not returned within {}; stopping all the same", vip.name(), LISTENERS_LIMIT);
        }
        registration.close();
    }
}
