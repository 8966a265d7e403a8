package io.floatingip.internal.runtime;

import io.floatingip.FenceStatus;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.FloatingIpStatus;
import io.floatingip.IpFamily;
import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.floatingip.Takeovers;
import io.floatingip.VirtualAddress;
import io.floatingip.health.ApplicationHealth;
import io.floatingip.internal.health.EffectivePriority;
import io.floatingip.internal.health.HealthVerdict;
import io.floatingip.internal.vrrp.Departure;
import io.floatingip.internal.vrrp.Event;
import io.floatingip.internal.vrrp.Master;
import io.floatingip.internal.vrrp.RouterParams;
import io.floatingip.notify.Notifier;
import io.floatingip.spi.DrivenNetwork;
import io.floatingip.spi.TakenException;
import io.floatingip.spi.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One floating IP: one virtual router for each family of its addresses, seen from outside as one. Public methods may be called by any thread;
 * everything else belongs to the loop thread.
 */
public final class DefaultFloatingIp implements FloatingIp {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");
    private static final Duration JOIN_LIMIT = Duration.ofSeconds(30);
    // A departure without a drain takes a skew time, with the default interval just below a second.
    private static final Duration TAKEN_LIMIT = Duration.ofMillis(1500);
    private static final Duration TAKEN_RETRY = Duration.ofMillis(20);
    // 146 years: what is compared by difference may be this far ahead, and a little behind.
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);
    private static final Duration LEAVE_MARGIN = Duration.ofSeconds(5);
    private static final String OWN_THREAD = "called by the thread that would have to do it; give listeners a"
            + " callbackExecutor(...) with a thread of its own";
    private static final int PEER_WARNINGS_MAX = 50;

    private volatile FloatingIpConfig config;
    private final LoopThread thread;
    private final RouterLoop loop;
    private final Counters counters = new Counters();
    private final AtomicLong lateTurns = new AtomicLong();
    private final Callbacks callbacks;
    private final Executor executor;
    private final @Nullable ExecutorService ownExecutor;
    private final ThreadFactory threads;
    private final List<RouterMember> members = new ArrayList<>();
    private final @Nullable RouterGroup sharedGroup;
    private final Draining draining;
    private final Draining.Party listening = new Listening();
    private final @Nullable ChangeObserver observer;
    private Map<String, Integer> adjustments = Map.of();
    private @Nullable RouterGroup group;
    private final Map<String, String> warnings = new LinkedHashMap<>();
    private final Object monitor = new Object();
    private final Object published = new Object();
    private final Health health;
    private volatile Snapshot snapshot;
    private volatile int priority;
    private final CountDownLatch everyoneTold = new CountDownLatch(1);
    private boolean leaving;
    private @Nullable RoleChange undelivered;
    // Of the releases asked for: who asks again waits for the first.
    private Duration longestDrain = Duration.ZERO;
    private boolean closed;
    private long standDownNumber;
    private long readinessNumber;
    private long peerWarnings;

    /** Is told when a role may have changed. */
    interface ChangeObserver {
        void changed(Reason reason, String detail);
    }

    /** What {@code role()} and {@code status()} read. */
    private record Snapshot(
            Role role,
            Instant since,
            long epoch,
            int effectivePriority,
            Optional<InetAddress> master,
            int masterPriority,
            List<String> faults,
            FenceStatus fence,
            List<String> warnings,
            @Nullable RoleChange lastChange,
            Takeovers takeovers) {}

    private DefaultFloatingIp(
            FloatingIpConfig config,
            LoopThread thread,
            ThreadFactory threads,
            @Nullable RouterGroup sharedGroup,
            @Nullable ChangeObserver observer) {
        this.config = config;
        this.sharedGroup = sharedGroup;
        draining = sharedGroup == null ? new Draining() : sharedGroup.draining();
        this.observer = observer;
        this.thread = thread;
        this.threads = threads;
        loop = thread.loop();
        priority = config.priority();
        if (config.callbackExecutor().isPresent()) {
            executor = config.callbackExecutor().get();
            ownExecutor = null;
        } else if (loop.network() instanceof DrivenNetwork driven) {
            executor = driven.callbacks();
            ownExecutor = null;
        } else {
            ownExecutor = callbackThread(config.name(), threads);
            executor = ownExecutor;
        }
        health = new Health(config, loop, threads, this::healthChanged, this::readiness);
        callbacks = new Callbacks(config.name(), executor, elsewhere(config.name()), counters, config.listeners());
        snapshot = new Snapshot(
                Role.FAULT,
                loop.network().ticker().wallTime(),
                0,
                config.priority(),
                Optional.empty(),
                0,
                List.of(),
                FenceStatus.none("not joined yet"),
                List.of(),
                null,
                Takeovers.NONE);
    }

    /** For listeners whose executor would call them on the loop. */
    private Executor elsewhere(String listeningTo) {
        if (config.callbackExecutor().isEmpty()) {
            return executor;
        }
        return loop.network() instanceof DrivenNetwork driven
                ? driven.callbacks()
                : task -> callbackThread(task, listeningTo, threads).start();
    }

    private static Thread callbackThread(Runnable task, String name, ThreadFactory threads) {
        Thread thread = threads.newThread(task);
        thread.setName("floatingip-callbacks-" + name);
        return thread;
    }

    private static ExecutorService callbackThread(String name, ThreadFactory threads) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> callbackThread(task, name, threads));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    /** See {@link FloatingIp#join}. */
    public static FloatingIp join(FloatingIpConfig config) {
        return join(config, null, null);
    }

    /** As a member of a group that is sealed when all have joined. */
    static DefaultFloatingIp join(
            FloatingIpConfig config, @Nullable RouterGroup group, @Nullable ChangeObserver observer) {
        ThreadFactory threads = config.threadFactory().orElse(DefaultFloatingIp::daemon);
        LoopThread thread = LoopThread.take(config.network().orElse(null), threads);
        DefaultFloatingIp joined;
        try {
            joined = new DefaultFloatingIp(config, thread, threads, group, observer);
        } catch (RuntimeException | Error e) {
            thread.give();
            throw e;
        }
        try {
            joined.openOnceFree();
        } catch (Unanswered e) {
            joined.abandon();
            throw e;
        } catch (RuntimeException | Error e) {
            joined.health.stop();
            thread.give();
            throw e;
        }
        joined.health.start();
        if (config.shutdownHook() && !thread.driven() && !ShutdownHook.add(joined)) {
            joined.release(Duration.ZERO);
            throw new FloatingIpException("(" + config.name() + ") cannot join: this JVM is shutting down");
        }
        return joined;
    }

    /** A process that still has the virtual router may be about to end: it is waited for a moment, and not by the loop. */
    private void openOnceFree() {
        Ticker ticker = loop.network().ticker();
        long start = ticker.nanoTime();
        while (true) {
            try {
                onLoop(this::open);
                return;
            } catch (FloatingIpException e) {
                boolean taken = e.getCause() instanceof TakenException;
                if (!taken || ticker.nanoTime() - start >= TAKEN_LIMIT.toNanos() || !passes(TAKEN_RETRY)) {
                    throw e;
                }
            }
        }
    }

    /** Waits; returns false if interrupted. */
    private boolean passes(Duration time) {
        try {
            await(() -> false, time);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Opens everything, or leaves nothing open. */
    private void open() {
        try {
            openMembers();
            draining.add(listening);
        } catch (RuntimeException | Error e) {
            leaveGroup();
            members.forEach(RouterMember::close);
            members.clear();
            throw e;
        }
    }

    private void openMembers() {
        List<IpFamily> families = config.addresses().stream()
                .map(VirtualAddress::family)
                .distinct()
                .toList();
        boolean grouped = families.size() > 1 || sharedGroup != null;
        for (IpFamily family : families) {
            members.add(new RouterMember(
                    this, loop, config, family, counters, grouped, members.isEmpty(), families.size() == 1));
        }
        if (grouped) {
            RouterGroup joined = sharedGroup != null ? sharedGroup : new RouterGroup();
            members.forEach(joined::add);
            loop.add(joined);
            if (sharedGroup == null) {
                joined.seal();
            }
            group = joined;
        }
        members.forEach(RouterMember::start);
        refresh();
    }

    /** Whoever wanted to join has gone: what the loop has opened for it by then, or will have, is given back. */
    private void abandon() {
        loop.post(() -> {
            leaving = true;
            depart(new Departure(Role.RELEASED, false, false, Reason.RELEASED, "joining was given up"));
            // At once: whoever tries again must not find it.
            finish();
        });
    }

    /** The loop has not done what it was asked for; it may do so later. */
    private static final class Unanswered extends FloatingIpException {
        private static final long serialVersionUID = 1;

        Unanswered(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Runs something on the loop and waits for it; what it throws is thrown here. */
    void onLoop(Runnable task) {
        class Outcome {
            boolean done;

            @Nullable
            Throwable failure;
        }
        if (thread.isCurrent()) {
            throw new FloatingIpException("(" + config.name() + ") " + OWN_THREAD);
        }
        Outcome outcome = new Outcome();
        loop.post(() -> {
            Throwable failure = null;
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            synchronized (monitor) {
                outcome.failure = failure;
                outcome.done = true;
                monitor.notifyAll();
            }
        });
        try {
            if (!await(() -> outcome.done || closed, JOIN_LIMIT)) {
                throw new Unanswered(
                        "(" + config.name() + ") the loop did not answer within " + JOIN_LIMIT.toSeconds() + " s",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unanswered("(" + config.name() + ") interrupted while waiting for the loop", e);
        }
        synchronized (monitor) {
            if (!outcome.done) {
                throw released();
            }
            if (outcome.failure instanceof Error error) {
                throw error;
            }
            if (outcome.failure instanceof RuntimeException failure) {
                throw failure;
            }
        }
    }

    private FloatingIpException released() {
        return new FloatingIpException(
                "(" + config.name() + ") has been released; join again to take part with another configuration");
    }

    /** Waits for a condition that changes under the monitor; on a driven network its time passes meanwhile. */
    private boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
        return await(monitor, condition, limit);
    }

    boolean await(Object monitor, BooleanSupplier condition, Duration limit) throws InterruptedException {
        if (loop.network() instanceof DrivenNetwork driven) {
            return driven.runUntil(condition, limit);
        }
        Ticker ticker = loop.network().ticker();
        long start = ticker.nanoTime();
        long limitNanos = nanos(limit);
        synchronized (monitor) {
            while (!condition.getAsBoolean()) {
                long left = limitNanos - (ticker.nanoTime() - start);
                if (left <= 0) {
                    return false;
                }
                // Rounded up: never a wait of 0, which would have no end.
                monitor.wait(left / 1_000_000 + 1);
            }
            return true;
        }
    }

    private static long nanos(Duration duration) {
        return duration.isNegative() ? 0 : capped(duration).toNanos();
    }

    private static Duration capped(Duration duration) {
        return duration.compareTo(LONGEST) < 0 ? duration : LONGEST;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // any thread

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public Role role() {
        return snapshot.role();
    }

    @Override
    public FloatingIpStatus status() {
        Snapshot now = snapshot;
        Map<String, Long> counts = counters.asMap();
        for (RoleListener listener : config.listeners()) {
            if (listener instanceof Notifier notifier) {
                counts.merge("notifications.delivered", notifier.delivered(), Long::sum);
                counts.merge("notifications.undelivered", notifier.undelivered(), Long::sum);
            }
        }
        return new FloatingIpStatus(
                config.name(),
                now.role(),
                now.since(),
                now.epoch(),
                now.effectivePriority(),
                now.master(),
                now.master().isPresent() ? OptionalInt.of(now.masterPriority()) : OptionalInt.empty(),
                now.faults(),
                now.fence(),
                now.warnings(),
                health.statuses(),
                Optional.ofNullable(now.lastChange()),
                now.takeovers(),
                loop.lateness().read(loop.network().ticker().nanoTime(), lateTurns.get(), lateNanos(config)),
                counts);
    }

    @Override
    public boolean awaitRole(Role role, Duration timeout) throws InterruptedException {
        return await(() -> snapshot.role() == role || snapshot.role() == Role.RELEASED, timeout)
                && snapshot.role() == role;
    }

    @Override
    public Registration addListener(RoleListener listener) {
        // Under the lock of publishing: the listener gets the present role and then every later change, none twice.
        synchronized (published) {
            return callbacks.add(listener, snapshot.lastChange())::run;
        }
    }

    @Override
    public void setPriority(int value) {
        if (value < 1 || value > RouterParams.OWNER - 1) {
            throw new IllegalArgumentException("priority must be 1 to 254, got " + value);
        }
        if (config.priority() == RouterParams.OWNER) {
            throw new IllegalArgumentException(
                    "the owner of the address has priority 255 always (RFC 9568 section 6.1)");
        }
        loop.post(() -> {
            priority = value;
            config = config.toBuilder().priority(value).build();
            members.forEach(member -> member.reprioritize(loop.now()));
            refresh();
        });
    }

    @Override
    public ApplicationHealth health() {
        return health.gate();
    }

    /** Changes what interfaces, by their names, add to the priority. Loop thread. */
    void adjust(Map<String, Integer> weights) {
        if (!weights.equals(adjustments)) {
            adjustments = weights;
            members.forEach(member -> member.reprioritize(loop.now()));
            refresh();
        }
    }

    @Override
    public void change(UnaryOperator<FloatingIpConfig.Builder> change) {
        while (!changed(config, change)) {
            // What it was built on has been replaced meanwhile; nothing of that is to be lost.
        }
    }

    /** False if the configuration is another one by the time the loop comes to it. */
    private boolean changed(FloatingIpConfig before, UnaryOperator<FloatingIpConfig.Builder> change) {
        FloatingIpConfig changed = change.apply(before.toBuilder()).build();
        requireSame("networkInterface", before.networkInterface(), changed.networkInterface());
        requireSame("virtualRouterId", before.virtualRouterId(), changed.virtualRouterId());
        requireSame("version", before.version(), changed.version());
        requireSame("virtualMac", before.virtualMac(), changed.virtualMac());
        requireSame("placement", before.placement(), changed.placement());
        requireSame("the families of addresses", families(before), families(changed));
        requireSame(
                "being the owner", before.priority() == RouterParams.OWNER, changed.priority() == RouterParams.OWNER);
        AtomicBoolean done = new AtomicBoolean();
        onLoop(() -> {
            if (leaving) {
                throw released();
            }
            if (config != before) {
                return;
            }
            int priorityBefore = priority;
            if (changed.priority() != before.priority()) {
                priority = changed.priority();
            }
            int reached = 0;
            try {
                for (RouterMember member : members) {
                    member.change(changed, loop.now());
                    reached++;
                }
            } catch (RuntimeException e) {
                priority = priorityBefore;
                members.subList(0, reached).forEach(member -> member.change(before, loop.now()));
                throw e;
            }
            config = changed;
            health.change(changed.checks());
            refresh();
            done.set(true);
        });
        return done.get();
    }

    private static void requireSame(String property, Object before, Object after) {
        if (!before.equals(after)) {
            throw new IllegalArgumentException(property + " cannot change while joined, from " + before + " to " + after
                    + "; close this one and join again");
        }
    }

    private static List<IpFamily> families(FloatingIpConfig config) {
        return config.addresses().stream()
                .map(VirtualAddress::family)
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public void handOver() {
        loop.post(this::beginHandOver);
    }

    /** Loop thread. */
    void beginHandOver() {
        if (snapshot.role() != Role.MASTER || leaving) {
            return;
        }
        long epoch = snapshot.epoch();
        drained(Reason.HANDED_OVER, draining.longest(), () -> {
            // Another mastership is not the one that was to be handed over.
            if (snapshot.epoch() == epoch) {
                handOverNow();
            }
        });
    }

    private void handOverNow() {
        Departure departure = new Departure(Role.BACKUP, true, true, Reason.HANDED_OVER, "handed over on request");
        if (group == null) {
            depart(departure);
        } else {
            // Nobody takes over from one of them alone.
            group.leave(departure, loop.now());
            refresh();
        }
    }

    @Override
    public void standDown(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("time must be longer than 0, got " + time);
        }
        Instant end = loop.network().ticker().wallTime().plus(capped(time));
        loop.post(() -> {
            if (leaving) {
                return;
            }
            long number = ++standDownNumber;
            String detail = "stood down on request until " + end;
            drained(Reason.STOOD_DOWN, draining.longest(), () -> {
                if (number == standDownNumber) {
                    List.copyOf(members).forEach(member -> member.fault(Reason.STOOD_DOWN, detail, true, loop.now()));
                    after(time, () -> endStandDown(number));
                }
            });
        });
    }

    @Override
    public void standUp() {
        loop.post(() -> endStandDown(standDownNumber));
    }

    private void endStandDown(long number) {
        if (number == standDownNumber) {
            standDownNumber++;
            draining.callOff(this, Reason.STOOD_DOWN);
            List.copyOf(members).forEach(member -> member.clearFault(Reason.STOOD_DOWN, loop.now()));
        }
    }

    private void readiness(Optional<String> because) {
        loop.post(() -> {
            long number = ++readinessNumber;
            if (because.isEmpty()) {
                draining.callOff(this, Reason.NOT_READY);
                List.copyOf(members).forEach(member -> member.clearFault(Reason.NOT_READY, loop.now()));
            } else if (!leaving) {
                drained(Reason.NOT_READY, draining.longest(), () -> {
                    if (number == readinessNumber) {
                        List.copyOf(members).forEach(m -> m.fault(Reason.NOT_READY, because.get(), true, loop.now()));
                    }
                });
            }
        });
    }

    @Override
    public void release(Duration drain) {
        if (drain.isNegative()) {
            throw new IllegalArgumentException("drain must not be negative, got " + drain);
        }
        Duration longest = capped(longestDrain(drain))
                .plus(Duration.ofNanos(3 * config.advertInterval().toNanos()))
                .plus(LEAVE_MARGIN);
        loop.post(() -> beginRelease(drain));
        if (thread.isCurrent()) {
            log.warn("({}) is being released, not waiting for it: {}", config.name(), OWN_THREAD);
            return;
        }
        try {
            if (!await(() -> closed, longest)) {
                log.error("({}) did not leave within {}; giving up waiting", config.name(), longest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the listeners know that this has been released. */
    void awaitEveryoneTold(Duration limit) throws InterruptedException {
        if (!everyoneTold.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            log.warn("({}) a listener has not returned within {}; giving up waiting", config.name(), limit);
        }
    }

    private Duration longestDrain(Duration drain) {
        synchronized (monitor) {
            longestDrain = drain.compareTo(longestDrain) > 0 ? drain : longestDrain;
            return longestDrain;
        }
    }

    /** Loop thread. */
    void beginRelease(Duration drain) {
        if (!leaving) {
            leaving = true;
            Departure departure = new Departure(Role.RELEASED, true, false, Reason.RELEASED, "released");
            drained(Reason.RELEASED, drain, () -> depart(departure));
        }
    }

    /** Has something done by the loop. Any thread. */
    void post(Runnable task) {
        loop.post(task);
    }

    @Override
    public void close() {
        release(draining.longest());
    }

    // ----------------------------------------------------------------------------------------------------------------
    // loop thread

    /** Base priority and weights, within the bounds of a node that is not the owner. Loop thread. */
    int effectivePriority() {
        long weights = health.verdict().weight();
        for (int weight : adjustments.values()) {
            weights += weight;
        }
        return EffectivePriority.of(priority, weights);
    }

    private void healthChanged() {
        HealthVerdict verdict = health.verdict();
        if (leaving) {
            if (!verdict.reasons().isEmpty() && !verdict.makeBeforeBreak()) {
                // A drain does not make it serve any better.
                List.copyOf(members).forEach(this::judge);
            }
            return;
        }
        for (RouterMember member : List.copyOf(members)) {
            member.reprioritize(loop.now());
            judge(member);
        }
        refresh();
    }

    /** Before its first event: what keeps it from taking part. */
    void begin(RouterMember member) {
        if (!config.ready()) {
            member.fault(Reason.NOT_READY, "the application is not ready yet", loop.now());
        }
        judge(member);
    }

    /** Takes part or not, as health says. */
    void judge(RouterMember member) {
        HealthVerdict verdict = health.verdict();
        if (verdict.reasons().isEmpty()) {
            member.clearFault(Reason.UNHEALTHY, loop.now());
        } else {
            String detail = String.join("; ", verdict.reasons());
            member.fault(Reason.UNHEALTHY, detail, verdict.makeBeforeBreak(), loop.now());
        }
    }

    /** For a group that may live longer than this member. */
    Callbacks callbacks(String groupName, List<RoleListener> listeners) {
        // Not a thread that ends with this member; an idle one ends by itself.
        Executor ofGroup = ownExecutor == null ? executor : callbackThread(groupName, threads);
        return new Callbacks(groupName, ofGroup, elsewhere(groupName), counters, listeners);
    }

    Instant wallTime() {
        return loop.network().ticker().wallTime();
    }

    /** Runs something after listeners have finished what runs, at the latest when the time is over; at once unless master. */
    private void drained(Reason reason, Duration time, Runnable next) {
        if (snapshot.role() == Role.MASTER) {
            draining.before(loop, this, reason, time, nanos(time), next);
        } else {
            draining.callOff(this, reason);
            next.run();
        }
    }

    /** Its listeners, while they drain. */
    private final class Listening implements Draining.Party {
        @Override
        public Duration drain() {
            return config.drain();
        }

        @Override
        public void drain(Duration time, Runnable done) {
            callbacks.drain(time, done);
        }

        @Override
        public boolean stays() {
            return snapshot.role() == Role.MASTER
                    && members.stream().allMatch(member -> member.router().outline() instanceof Master);
        }

        @Override
        public void stay() {
            log.info("({}) stays master", config.name());
            callbacks.stay(Objects.requireNonNull(snapshot.lastChange()));
        }
    }

    /** Runs something on the loop after a time. */
    void after(Duration time, Runnable action) {
        loop.after(nanos(time), action);
    }

    private void depart(Departure departure) {
        List.copyOf(members).forEach(member -> member.handle(new Event.Leave(departure), loop.now()));
        refresh();
        closeWhenReleased();
    }

    /** A member has taken another role; the whole has the role that all have, or the worst. */
    void memberChanged(Role role, Reason reason, String detail) {
        Role combined = combinedRole();
        Snapshot before = snapshot;
        if (combined == before.role() && (before.lastChange() != null || role != combined)) {
            refresh();
            draining.settle();
            closeWhenReleased();
            return;
        }
        if (combined != Role.MASTER) {
            draining.lost();
        }
        long epoch = before.epoch() + (combined == Role.MASTER ? 1 : 0);
        RoleChange change = new RoleChange(
                config.name(),
                before.role(),
                combined,
                reason,
                detail,
                effectivePriority(),
                epoch,
                loop.network().ticker().wallTime());
        count(combined);
        log.info("{}", change);
        publish(change);
        closeWhenReleased();
    }

    private void count(Role role) {
        switch (role) {
            case MASTER -> counters.count(Counter.BECAME_MASTER);
            case BACKUP -> counters.count(Counter.BECAME_BACKUP);
            case FAULT -> counters.count(Counter.BECAME_FAULT);
            case RELEASED -> {
                // nobody will ask
            }
        }
    }

    private Role combinedRole() {
        Role combined = null;
        for (RouterMember member : members) {
            Role role = member.router().state().role();
            combined = combined == null || rank(role) < rank(combined) ? role : combined;
        }
        return combined == null ? Role.RELEASED : combined;
    }

    /** The whole is master only if all are, released only if all are, and faulty if one is. */
    static int rank(Role role) {
        return switch (role) {
            case FAULT -> 0;
            case BACKUP -> 1;
            case MASTER -> 2;
            case RELEASED -> 3;
        };
    }

    /** Writes the snapshot anew, without a change of role. */
    void refresh() {
        publish(null);
    }

    /** Somebody was heard: writes the snapshot anew if that changes who is master. */
    void refreshMaster(RouterMember member) {
        Snapshot now = snapshot;
        if (member == members.get(0)
                && (!now.master().equals(Optional.ofNullable(member.masterAddress()))
                        || now.masterPriority() != member.masterPriority())) {
            refresh();
        }
    }

    private void publish(@Nullable RoleChange change) {
        synchronized (published) {
            Snapshot before = snapshot;
            RouterMember first = members.isEmpty() ? null : members.get(0);
            Snapshot next = new Snapshot(
                    change != null ? change.to() : before.role(),
                    change != null ? change.at() : before.since(),
                    change != null ? change.epoch() : before.epoch(),
                    effectivePriority(),
                    first == null ? Optional.empty() : Optional.ofNullable(first.masterAddress()),
                    first == null ? 0 : first.masterPriority(),
                    members.stream()
                            .flatMap(m -> m.faultTexts().stream())
                            .distinct()
                            .toList(),
                    first == null ? before.fence() : first.fenceStatus(),
                    List.copyOf(warnings.values()),
                    change != null ? change : before.lastChange(),
                    takeovers(before.takeovers(), change));
            synchronized (monitor) {
                snapshot = next;
                monitor.notifyAll();
            }
            // What could not be handed on, for lack of memory say, goes with the next attempt.
            RoleChange missed = undelivered;
            undelivered = change != null ? change : missed;
            if (missed != null) {
                callbacks.deliver(missed);
            }
            if (change != null) {
                callbacks.deliver(change);
            }
            undelivered = null;
        }
        if (change != null && observer != null) {
            observer.changed(change.reason(), change.detail());
        }
    }

    /** Including the one that has just ended, if this node became master by it. */
    private Takeovers takeovers(Takeovers before, @Nullable RoleChange change) {
        if (change == null || change.to() != Role.MASTER) {
            return before;
        }
        long now = loop.network().ticker().nanoTime();
        long nanos = members.stream()
                .mapToLong(m -> m.takeMasterlessNanos(now))
                .max()
                .orElse(-1);
        return nanos < 0 ? before : before.and(Duration.ofNanos(nanos));
    }

    /** Says something an operator should look at, once. */
    void warn(String key, String sentence) {
        if (warnings.put(key, sentence) == null) {
            log.warn("({}) {}", config.name(), sentence);
            refresh();
        }
    }

    /** As {@link #warn}, about something that comes from the network: whoever sends rubbish there must not crowd out the rest. */
    void warnOfPeer(String key, String sentence) {
        if (warnings.containsKey(key) || peerWarnings++ < PEER_WARNINGS_MAX) {
            warn(key, sentence);
        }
    }

    /** The loop woke so late after something was due. */
    void late(RouterMember member, long nanos) {
        if (member == members.get(0) && nanos > lateNanos(config)) {
            lateTurns.getAndIncrement();
        }
    }

    private static long lateNanos(FloatingIpConfig config) {
        return config.advertInterval().toNanos() / 4;
    }

    /** @param speaking whether to log it: once for all that use the loop */
    void paused(RouterMember member, Duration length, boolean suspended, boolean speaking) {
        if (member != members.get(0)) {
            return;
        }
        counters.count(Counter.PAUSES);
        counters.count(Counter.PAUSE_MILLIS, length.toMillis());
        if (speaking) {
            log.warn(
                    "({}) {} {} s late ({}); {}",
                    config.name(),
                    suspended ? "machine came back" : "loop woke",
                    length.toMillis() / 1e3,
                    suspended ? "suspended" : "GC, debugger or overload?",
                    snapshot.role());
        }
        callbacks.deliverPause(length);
    }

    private void leaveGroup() {
        if (group != null) {
            members.forEach(group::remove);
            if (group.isEmpty()) {
                loop.remove(group);
            }
        }
    }

    private void closeWhenReleased() {
        if (closed || members.stream().anyMatch(m -> m.router().state().role() != Role.RELEASED)) {
            return;
        }
        // Not from inside a member's own step: its last actions are still to be performed.
        loop.post(this::finish);
    }

    private void finish() {
        if (closed) {
            return;
        }
        health.stop();
        leaveGroup();
        draining.remove(listening);
        members.forEach(RouterMember::close);
        callbacks.afterwards(() -> {
            if (ownExecutor != null) {
                ownExecutor.shutdown();
            }
            ShutdownHook.remove(this);
            everyoneTold.countDown();
        });
        synchronized (monitor) {
            closed = true;
            monitor.notifyAll();
        }
        thread.give();
    }
}
