package io.floatingip.internal.health;

import io.floatingip.health.HealthState;
import io.floatingip.health.HealthStatus;
import io.floatingip.health.NamedCheck;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checks of one floating IP: runs them on threads of their own and says when what they mean may have changed. */
public final class HealthMonitor {
    static final Logger log = LoggerFactory.getLogger("io.floatingip");

    private final CheckExecutor executor;
    private final Supplier<Instant> wallClock;
    // Changed by the executor's thread only.
    private volatile List<MonitoredCheck> checks;
    private final Consumer<List<Tracked>> listener;

    /**
     * @param listener is handed all results whenever a state or number has changed; called on the executor's thread, must not block
     */
    public HealthMonitor(
            List<NamedCheck> configured,
            CheckExecutor executor,
            Supplier<Instant> wallClock,
            Consumer<List<Tracked>> listener) {
        this.executor = executor;
        this.listener = listener;
        this.wallClock = wallClock;
        checks = configured.stream().map(check -> monitored(check, true, null)).toList();
    }

    private MonitoredCheck monitored(NamedCheck check, boolean holding, @Nullable Tracked earlier) {
        return new MonitoredCheck(check, executor, wallClock, this::changed, holding, earlier);
    }

    /** The process's own threads for checks, shared by all monitors. */
    public static CheckExecutor sharedExecutor(ThreadFactory threads) {
        return HealthEngine.take(threads);
    }

    /** What is assumed before the first result. */
    public static List<Tracked> initially(List<NamedCheck> configured) {
        return configured.stream()
                .map(check -> new Tracked(
                        check.name(),
                        check.policy().effect(),
                        RiseFall.of(check.policy()).state(),
                        OptionalInt.empty(),
                        ""))
                .toList();
    }

    /** Begins. Any thread. */
    public void start() {
        executor.post(() -> checks.forEach(MonitoredCheck::start));
    }

    /**
     * Runs these from now on. Those that are the same as before, object by object, go on as they are; for others of the same name what was known
     * counts until they have a result; new ones do not release an address before that. Any thread.
     */
    public void change(List<NamedCheck> configured) {
        executor.post(() -> {
            List<MonitoredCheck> before = checks;
            List<MonitoredCheck> begun = new ArrayList<>();
            List<MonitoredCheck> after = new ArrayList<>();
            for (NamedCheck check : configured) {
                MonitoredCheck kept = before.stream()
                        .filter(known -> known.check().equals(check))
                        .findFirst()
                        .orElseGet(() -> {
                            MonitoredCheck added = monitored(check, false, known(before, check));
                            begun.add(added);
                            return added;
                        });
                after.add(kept);
            }
            checks = List.copyOf(after);
            before.stream().filter(known -> !after.contains(known)).forEach(MonitoredCheck::stop);
            changed();
            begun.forEach(MonitoredCheck::start);
        });
    }

    private static @Nullable Tracked known(List<MonitoredCheck> checks, NamedCheck next) {
        Class<?> kind = next.policy().effect().getClass();
        return checks.stream()
                .map(MonitoredCheck::tracked)
                .filter(each -> each.name().equals(next.name()) && each.state() != HealthState.PENDING)
                // What took some priority away is no reason to release.
                .filter(each -> kind.isInstance(each.effect()))
                .findFirst()
                .orElse(null);
    }

    /** Ends; nothing is reported after that. Any thread, once. */
    public void stop() {
        executor.post(() -> checks.forEach(MonitoredCheck::stop));
        executor.give();
    }

    /** As of now. Any thread. */
    public List<HealthStatus> statuses() {
        return checks.stream().map(MonitoredCheck::status).toList();
    }

    private void changed() {
        listener.accept(checks.stream().map(MonitoredCheck::tracked).toList());
    }
}
