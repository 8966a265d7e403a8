package io.floatingip.standalone;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpGroup;
import io.floatingip.RoleListener;
import io.floatingip.health.NamedCheck;
import io.floatingip.keepalived.KeepalivedConfig;
import io.floatingip.keepalived.KeepalivedGroup;
import io.floatingip.keepalived.KeepalivedInstance;
import io.floatingip.keepalived.Tracking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What joins and leaves as one: an instance, or a group of them. One thread at a time. */
final class Unit implements AutoCloseable {
    private final String name;
    private Optional<KeepalivedGroup> group;
    private final Relay groupRelay;
    private final AutoCloseable joined;
    private final Map<String, FloatingIp> members = new LinkedHashMap<>();
    private final Map<String, Relay> relays = new LinkedHashMap<>();
    private KeepalivedConfig file;
    private Map<String, KeepalivedInstance> instances;

    /**
     * Joins.
     *
     * @param each is told about every role of a member
     */
    private Unit(
            KeepalivedConfig file,
            Optional<KeepalivedGroup> group,
            List<KeepalivedInstance> members,
            RoleListener each) {
        this.file = file;
        this.group = group;
        this.name =
                group.map(KeepalivedGroup::name).orElseGet(() -> members.get(0).name());
        instances = byName(members);
        List<FloatingIpConfig> configs = new ArrayList<>();
        for (KeepalivedInstance member : members) {
            Relay relay = new Relay(file.listeners(member));
            relays.put(member.name(), relay);
            configs.add(
                    member.config().toBuilder().listener(each).listener(relay).build());
        }
        groupRelay = new Relay(group.map(file::listeners).orElse(List.of()));
        if (group.isPresent()) {
            FloatingIpGroup together = FloatingIpGroup.join(name, configs, groupRelay);
            together.members().forEach(ip -> this.members.put(ip.name(), ip));
            joined = together;
        } else {
            FloatingIp alone = FloatingIp.join(configs.get(0));
            this.members.put(name, alone);
            joined = alone;
        }
    }

    /** A unit as a file describes it, not joined yet. */
    record Plan(Optional<KeepalivedGroup> group, List<KeepalivedInstance> members) {
        /** Everything a file describes. */
        static List<Plan> of(KeepalivedConfig file) {
            Map<String, KeepalivedInstance> left = byName(file.instances());
            List<Plan> plans = new ArrayList<>();
            for (KeepalivedGroup group : file.groups()) {
                plans.add(new Plan(
                        Optional.of(group),
                        group.members().stream().map(left::remove).toList()));
            }
            left.values().forEach(instance -> plans.add(new Plan(Optional.empty(), List.of(instance))));
            return plans;
        }

        Unit join(KeepalivedConfig file, RoleListener each) {
            return new Unit(file, group, members, each);
        }

        /** Groups and instances may have equal names. */
        String key() {
            return group.map(g -> "group " + g.name())
                    .orElseGet(() -> "instance " + members.get(0).name());
        }
    }

    private static Map<String, KeepalivedInstance> byName(List<KeepalivedInstance> instances) {
        Map<String, KeepalivedInstance> map = new LinkedHashMap<>();
        instances.forEach(instance -> map.put(instance.name(), instance));
        return map;
    }

    String key() {
        return (group.isPresent() ? "group " : "instance ") + name;
    }

    /**
     * Takes another description over without leaving. What is the same is not touched.
     *
     * @return why it cannot, and has to leave and join again; empty if it is done
     */
    Optional<String> change(KeepalivedConfig next, Plan plan) {
        Map<String, KeepalivedInstance> changed = byName(plan.members());
        if (!List.copyOf(changed.keySet()).equals(List.copyOf(members.keySet()))) {
            return Optional.of("its members changed");
        }
        for (KeepalivedInstance instance : plan.members()) {
            KeepalivedInstance before = instances.get(instance.name());
            FloatingIpConfig config = withRunningChecks(before, instance, next);
            if (!same(before, config)) {
                try {
                    members.get(instance.name()).change(now -> config.toBuilder());
                } catch (IllegalArgumentException e) {
                    return Optional.of(String.valueOf(e.getMessage()));
                }
            }
        }
        for (KeepalivedInstance instance : plan.members()) {
            KeepalivedInstance before = instances.get(instance.name());
            if (toldAnew(next)
                    || before.mail() != instance.mail()
                    || !before.notifyScripts().equals(instance.notifyScripts())) {
                relays.get(instance.name()).replace(next.listeners(instance));
            }
        }
        plan.group().ifPresent(after -> {
            KeepalivedGroup before = group.orElseThrow();
            if (toldAnew(next)
                    || before.mail() != after.mail()
                    || !before.notifyScripts().equals(after.notifyScripts())) {
                groupRelay.replace(next.listeners(after));
            }
        });
        group = plan.group();
        file = next;
        Map<String, KeepalivedInstance> running = new LinkedHashMap<>();
        changed.forEach((key, instance) -> running.put(
                key,
                new KeepalivedInstance(
                        instance.name(),
                        withRunningChecks(instances.get(key), instance, next),
                        instance.tracking(),
                        instance.notifyScripts(),
                        instance.mail(),
                        instance.at())));
        instances = running;
        return Optional.empty();
    }

    /**
     * Whether mail or FIFOs have changed. Who is told in the same way is told by the same listeners: they still deliver what came before, and what
     * comes after waits for that.
     */
    private boolean toldAnew(KeepalivedConfig next) {
        return !file.mail().equals(next.mail()) || !file.fifos().equals(next.fifos());
    }

    /** A check that is described as before goes on: its result so far still counts. */
    private FloatingIpConfig withRunningChecks(
            KeepalivedInstance before, KeepalivedInstance after, KeepalivedConfig next) {
        List<NamedCheck> checks = new ArrayList<>();
        for (NamedCheck check : after.config().checks()) {
            checks.add(before.config().checks().stream()
                    .filter(old -> old.name().equals(check.name()))
                    .filter(old -> described(file, before, old.name()).equals(described(next, after, old.name())))
                    .findFirst()
                    .orElse(check));
        }
        return after.config().toBuilder().checks(checks).build();
    }

    private static List<Object> described(KeepalivedConfig file, KeepalivedInstance instance, String check) {
        List<Object> all = new ArrayList<>();
        file.scripts().stream().filter(s -> s.name().equals(check)).forEach(all::add);
        file.files().stream().filter(f -> f.name().equals(check)).forEach(all::add);
        file.processes().stream().filter(p -> p.name().equals(check)).forEach(all::add);
        for (Tracking tracking : instance.tracking()) {
            if (tracking.name().equals(check)) {
                all.add(tracking);
            }
        }
        return all;
    }

    /** Whether a configuration says what the running one does; the text holds everything but the checks. */
    private static boolean same(KeepalivedInstance before, FloatingIpConfig after) {
        return before.config().checks().equals(after.checks())
                && KeepalivedConfig.write(List.of(before.config())).equals(KeepalivedConfig.write(List.of(after)));
    }

    @Override
    public void close() {
        try {
            joined.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
