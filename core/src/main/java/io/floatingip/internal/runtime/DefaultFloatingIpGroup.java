package io.floatingip.internal.runtime;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpGroup;
import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several floating IPs with one {@link RouterGroup}, seen from outside as one more role. */
public final class DefaultFloatingIpGroup implements FloatingIpGroup {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");

    private final String name;
    private final RouterGroup group = new RouterGroup();
    private final List<DefaultFloatingIp> members = new ArrayList<>();
    private final Object lock = new Object();
    private @Nullable Callbacks callbacks;
    private @Nullable RoleChange lastChange;
    private volatile Role role = Role.FAULT;
    private long epoch;

    private DefaultFloatingIpGroup(String name) {
        this.name = name;
    }

    /** See {@link FloatingIpGroup#join}. */
    public static FloatingIpGroup join(String name, List<FloatingIpConfig> configs, List<RoleListener> listeners) {
        if (configs.isEmpty()) {
            throw new IllegalArgumentException("a group needs at least one member");
        }
        Set<String> names = configs.stream().map(FloatingIpConfig::name).collect(Collectors.toSet());
        if (names.size() < configs.size()) {
            throw new IllegalArgumentException("the members of group " + name + " need different names, got "
                    + configs.stream().map(FloatingIpConfig::name).toList());
        }
        if (configs.stream().map(FloatingIpConfig::network).distinct().count() > 1) {
            throw new IllegalArgumentException("the members of group " + name + " must be on the same network");
        }
        DefaultFloatingIpGroup joined = new DefaultFloatingIpGroup(name);
        try {
            for (FloatingIpConfig config : configs) {
                DefaultFloatingIp member = DefaultFloatingIp.join(config, joined.group, joined::memberChanged);
                synchronized (joined.lock) {
                    joined.members.add(member);
                    if (joined.callbacks == null) {
                        joined.callbacks = member.callbacks(name, listeners);
                        joined.group.draining().add(joined.listening(joined.callbacks));
                    }
                }
            }
            joined.members.get(0).onLoop(joined.group::seal);
        } catch (RuntimeException e) {
            joined.release(Duration.ZERO);
            throw e;
        }
        joined.memberChanged(Reason.JOINED, "all " + configs.size() + " members have joined");
        return joined;
    }

    /** Its own listeners drain with those of the members. */
    private Draining.Party listening(Callbacks own) {
        return new Draining.Party() {
            @Override
            public Duration drain() {
                return Duration.ZERO;
            }

            @Override
            public void drain(Duration time, Runnable done) {
                own.drain(time, done);
            }

            @Override
            public boolean stays() {
                return role == Role.MASTER;
            }

            @Override
            public void stay() {
                synchronized (lock) {
                    own.stay(Objects.requireNonNull(lastChange));
                }
            }
        };
    }

    /** Called by the loop thread, once by the joining thread. */
    private void memberChanged(Reason reason, String detail) {
        synchronized (lock) {
            Role now = members.stream()
                    .map(FloatingIp::role)
                    .min(Comparator.comparingInt(DefaultFloatingIp::rank))
                    .orElse(Role.FAULT);
            if (callbacks == null || now == role && lastChange != null) {
                return;
            }
            epoch += now == Role.MASTER ? 1 : 0;
            RoleChange change = new RoleChange(
                    name, role, now, reason, detail, 0, epoch, members.get(0).wallTime());
            role = now;
            lastChange = change;
            log.info("{}", change);
            callbacks.deliver(change);
            lock.notifyAll();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Role role() {
        return role;
    }

    @Override
    public List<FloatingIp> members() {
        synchronized (lock) {
            return List.copyOf(members);
        }
    }

    private List<DefaultFloatingIp> joined() {
        synchronized (lock) {
            return List.copyOf(members);
        }
    }

    @Override
    public boolean awaitRole(Role wanted, Duration timeout) throws InterruptedException {
        return members.get(0).await(lock, () -> role == wanted || role == Role.RELEASED, timeout) && role == wanted;
    }

    @Override
    public FloatingIp.Registration addListener(RoleListener listener) {
        synchronized (lock) {
            Callbacks to = Objects.requireNonNull(callbacks);
            return to.add(listener, lastChange)::run;
        }
    }

    @Override
    public void handOver() {
        List<DefaultFloatingIp> all = joined();
        all.get(0).post(() -> all.forEach(DefaultFloatingIp::beginHandOver));
    }

    @Override
    public void release(Duration drain) {
        List<DefaultFloatingIp> all = joined();
        if (!all.isEmpty()) {
            // Together: one that leaves takes the others along.
            all.get(0).post(() -> all.forEach(member -> member.beginRelease(drain)));
        }
        all.forEach(member -> member.release(drain));
    }

    @Override
    public void close() {
        release(group.draining().longest());
    }
}
