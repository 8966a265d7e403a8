package io.floatingip.spring;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.FloatingIpGroup;
import io.floatingip.RoleListener;
import io.floatingip.health.HealthCheck;
import io.floatingip.spring.Instances.Described;
import io.floatingip.spring.Instances.DescribedGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything this application has joined. Joined means: checked, its sockets open, listening; none takes part before {@link FloatingIpLifecycle}
 * says that the application is ready, so that beans can have a {@link FloatingIp} injected before it may become master.
 */
final class FloatingIps implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FloatingIps.class);
    private static final long LISTENERS_SECONDS = 2;

    private final Map<String, FloatingIpConfig> configs = new LinkedHashMap<>();
    private final Map<String, FloatingIp> joined = new LinkedHashMap<>();
    private final Map<String, FloatingIpGroup> groups = new LinkedHashMap<>();
    private final List<ExecutorService> executors = new ArrayList<>();

    /**
     * Joins all, or none.
     *
     * @param checks beans, by name
     * @throws FloatingIpStartException if one cannot be joined as described
     */
    FloatingIps(
            Instances instances,
            Map<String, HealthCheck> checks,
            List<FloatingIpCustomizer> customizers,
            @Nullable SimulatedMachine simulated) {
        if (simulated != null) {
            log.warn("floating IPs are joined on a simulated LAN (floatingip.network=simulated):"
                    + " no address is put on any interface; for development and tests only");
        }
        // Everything is judged before anything is opened.
        instances
                .all()
                .forEach((name, described) ->
                        configs.put(name, config(name, described, checks, customizers, simulated)));
        refuseEqualNames(instances);
        try {
            instances.groups().forEach(this::join);
            configs.forEach((name, config) -> {
                if (!joined.containsKey(name)) {
                    joined.put(name, join(instances.all().get(name).prefix(), () -> FloatingIp.join(config)));
                }
            });
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** The name says which one is meant, in metrics, endpoint, health and annotations. */
    private void refuseEqualNames(Instances instances) {
        Map<String, String> keys = new LinkedHashMap<>();
        configs.forEach((key, config) -> {
            String other = keys.put(config.name(), key);
            if (other != null) {
                throw new FloatingIpStartException(
                        instances.all().get(key).prefix(),
                        "The instances " + other + " and " + key + " have the same name, \"" + config.name() + "\".",
                        "Give them different names, or leave out the property name: then each is called like its instance.",
                        null);
            }
        });
    }

    private FloatingIpConfig config(
            String name,
            Described described,
            Map<String, HealthCheck> checks,
            List<FloatingIpCustomizer> customizers,
            @Nullable SimulatedMachine simulated) {
        FloatingIpConfig.Builder builder = described.builder(checks);
        try {
            String called = builder.build().name();
            customizers.forEach(customizer -> customizer.customize(called, builder));
            // Spring's shutdown hook closes the context, which leaves in an orderly way; no second one beside it.
            builder.ready(false).shutdownHook(false);
            FloatingIpConfig config = builder.build();
            if (config.callbackExecutor().isEmpty()) {
                builder.callbackExecutor(callbackThread(config.name()));
            }
            if (simulated != null && config.network().isEmpty()) {
                builder.network(simulated.networkFor(config));
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw Refusals.refused(described.prefix(), e);
        }
    }

    private ExecutorService callbackThread(String name) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "floatingip-callbacks-" + name);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        executors.add(executor);
        return executor;
    }

    private void join(String name, DescribedGroup described) {
        List<FloatingIpConfig> members =
                described.members().stream().map(configs::get).toList();
        FloatingIpGroup group = join(
                described.prefix(),
                () -> FloatingIpGroup.join(name, members, described.listeners().toArray(RoleListener[]::new)));
        groups.put(name, group);
        for (int i = 0; i < members.size(); i++) {
            joined.put(described.members().get(i), group.members().get(i));
        }
    }

    private interface Joining<T> {
        T join();
    }

    private static <T> T join(String prefix, Joining<T> joining) {
        try {
            return joining.join();
        } catch (FloatingIpException e) {
            throw Refusals.refused(prefix, e);
        } catch (IllegalArgumentException e) {
            throw Refusals.refused(prefix, e);
        }
    }

    /** Makes the bean of an instance. */
    FloatingIp floatingIp(String name) {
        FloatingIp found = joined.get(name);
        if (found == null) {
            throw new IllegalStateException("there is no floating IP " + name + ", only " + joined.keySet());
        }
        return found;
    }

    /** Makes the bean of a group. */
    FloatingIpGroup group(String name) {
        FloatingIpGroup found = groups.get(name);
        if (found == null) {
            throw new IllegalStateException("there is no group " + name + ", only " + groups.keySet());
        }
        return found;
    }

    Collection<FloatingIp> all() {
        return Collections.unmodifiableCollection(joined.values());
    }

    Collection<FloatingIpGroup> groups() {
        return Collections.unmodifiableCollection(groups.values());
    }

    FloatingIpConfig config(FloatingIp of) {
        return joined.entrySet().stream()
                .filter(entry -> entry.getValue() == of)
                .map(entry -> configs.get(entry.getKey()))
                .findFirst()
                .orElseThrow();
    }

    /** Releases all at the same time, and waits until their listeners know. */
    @Override
    public void close() {
        List<Thread> leaving = joined.values().stream()
                .map(vip -> new Thread(vip::close, "floatingip-leave-" + vip.name()))
                .toList();
        leaving.forEach(Thread::start);
        try {
            for (Thread thread : leaving) {
                thread.join();
            }
            executors.forEach(ExecutorService::shutdown);
            for (ExecutorService executor : executors) {
                executor.awaitTermination(LISTENERS_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
