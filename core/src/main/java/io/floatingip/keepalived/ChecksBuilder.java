package io.floatingip.keepalived;

import io.floatingip.FloatingIpConfig;
import io.floatingip.health.HealthCheck;
import io.floatingip.health.HealthChecks;
import io.floatingip.health.HealthEffect;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.HealthState;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes health checks of what an instance tracks. */
final class ChecksBuilder {
    private final Map<String, TrackScript> scripts;
    private final Map<String, TrackFile> files;
    private final Map<String, TrackProcess> processes;

    ChecksBuilder(Map<String, TrackScript> scripts, Map<String, TrackFile> files, Map<String, TrackProcess> processes) {
        this.scripts = scripts;
        this.files = files;
        this.processes = processes;
    }

    /** The weight that counts: the instance's own, or that of the tracked block. */
    int weight(Tracking tracking) {
        return tracking.weight().orElseGet(() -> switch (tracking.kind()) {
            case SCRIPT -> scripts.get(tracking.name()).weight();
            case FILE -> files.get(tracking.name()).weight();
            case PROCESS -> processes.get(tracking.name()).weight();
        });
    }

    private boolean reversed(Tracking tracking) {
        if (tracking.weight().isPresent() || tracking.reversed()) {
            return tracking.reversed();
        }
        return switch (tracking.kind()) {
            case SCRIPT -> scripts.get(tracking.name()).reversed();
            case FILE -> files.get(tracking.name()).reversed();
            case PROCESS -> processes.get(tracking.name()).reversed();
        };
    }

    /**
     * Adds a check.
     *
     * @throws IllegalArgumentException if it cannot be
     */
    FloatingIpConfig with(FloatingIpConfig config, Tracking tracking) {
        HealthPolicy policy = HealthPolicy.of(effect(weight(tracking), reversed(tracking)));
        return switch (tracking.kind()) {
            case SCRIPT -> {
                TrackScript script = scripts.get(tracking.name());
                HealthPolicy timed = policy.interval(script.interval())
                        .timeout(script.timeout())
                        .rise(script.rise())
                        .fall(script.fall())
                        .initially(script.failedAtFirst() ? HealthState.UNHEALTHY : HealthState.PENDING);
                yield add(config, tracking.name(), command(script.script()), timed);
            }
            case FILE ->
                add(config, tracking.name(), file(files.get(tracking.name()).file()), policy);
            case PROCESS -> {
                TrackProcess process = processes.get(tracking.name());
                yield add(
                        config,
                        tracking.name(),
                        HealthChecks.process(process.process().get(0), process.quorum(), process.quorumMax()),
                        policy);
            }
        };
    }

    private static HealthEffect effect(int weight, boolean reversed) {
        return weight == 0 ? new HealthEffect.Release(false, reversed) : new HealthEffect.Weight(weight, reversed);
    }

    private static HealthCheck command(ScriptCall call) {
        List<String> command = Commands.of(call);
        return HealthChecks.command(
                command.get(0), command.subList(1, command.size()).toArray(String[]::new));
    }

    private static HealthCheck file(String path) {
        try {
            return HealthChecks.file(Path.of(path));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("the tracked file has no valid path", e);
        }
    }

    private static FloatingIpConfig add(FloatingIpConfig config, String name, HealthCheck check, HealthPolicy policy) {
        return config.toBuilder().check(name, check, policy).build();
    }
}
