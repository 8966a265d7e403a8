package io.floatingip.gateway;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpGroup;
import io.floatingip.RoleListener;
import io.floatingip.gateway.config.Membership;
import io.floatingip.gateway.config.Told;
import io.floatingip.health.NamedCheck;
import io.floatingip.keepalived.KeepalivedConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A membership at work. One thread at a time. */
final class Unit implements AutoCloseable {
    private final List<NamedCheck> gate;
    private final List<RoleListener> each;
    private final AutoCloseable joined;
    private final Map<String, FloatingIp> floatingIps = new LinkedHashMap<>();
    private final Map<String, Relay> relays = new LinkedHashMap<>();
    private final Relay groupRelay;
    private Membership now;

    /**
     * Joins.
     *
     * @param gate checks that every member has besides its own
     * @param each are told about every role of a member
     */
    Unit(Membership membership, List<NamedCheck> gate, List<RoleListener> each) {
        now = membership;
        this.gate = gate;
        this.each = each;
        List<FloatingIpConfig> configs = new ArrayList<>();
        for (Membership.Member member : membership.members()) {
            relays.put(member.name(), new Relay(member.told().listeners()));
            configs.add(whole(member.config()));
        }
        groupRelay = new Relay(membership.told().listeners());
        if (membership.group().isPresent()) {
            FloatingIpGroup together = FloatingIpGroup.join(membership.group().get(), configs, groupRelay);
            together.members().forEach(ip -> floatingIps.put(ip.name(), ip));
            joined = together;
        } else {
            FloatingIp alone = FloatingIp.join(configs.get(0));
            floatingIps.put(alone.name(), alone);
            joined = alone;
        }
    }

    String key() {
        return now.key();
    }

    /** What it does now; to join it again, once it has left. */
    Membership membership() {
        return now;
    }

    List<FloatingIp> floatingIps() {
        return List.copyOf(floatingIps.values());
    }

    /**
     * Takes another description over without leaving. What is the same is not touched.
     *
     * @return why it cannot, and has to leave and join again; empty if it is done
     * @throws IllegalArgumentException if it could not be joined either; then nothing has changed
     */
    Optional<String> change(Membership next) {
        next.members().forEach(member -> gated(member.config(), gate));
        if (!names(next).equals(names(now))) {
            return Optional.of("its members changed");
        }
        List<Membership.Member> running = new ArrayList<>();
        for (int i = 0; i < next.members().size(); i++) {
            Membership.Member before = now.members().get(i);
            Membership.Member after = withRunningChecks(before, next.members().get(i));
            running.add(after);
            if (!same(before.config(), after.config())) {
                try {
                    FloatingIpConfig whole = whole(after.config());
                    floatingIps.get(after.name()).change(c -> whole.toBuilder());
                } catch (IllegalArgumentException e) {
                    return Optional.of(String.valueOf(e.getMessage()));
                }
            }
        }
        for (int i = 0; i < running.size(); i++) {
            Membership.Member after = running.get(i);
            tell(relays.get(after.name()), now.members().get(i).told(), after.told());
        }
        tell(groupRelay, now.told(), next.told());
        now = new Membership(next.group(), running, next.told());
        return Optional.empty();
    }

    private static List<String> names(Membership membership) {
        return membership.members().stream().map(Membership.Member::name).toList();
    }

    private static void tell(Relay relay, Told before, Told after) {
        if (!before.how().equals(after.how())) {
            relay.replace(after.listeners());
        }
    }

    /** With the gate, and those that are told. */
    private FloatingIpConfig whole(FloatingIpConfig config) {
        FloatingIpConfig.Builder builder = gated(config, gate).toBuilder();
        each.forEach(builder::listener);
        return builder.listener(relays.get(config.name())).build();
    }

    /** With the gate, whose names give way to those that the file has. */
    static FloatingIpConfig gated(FloatingIpConfig config, List<NamedCheck> gate) {
        List<NamedCheck> checks = new ArrayList<>(config.checks());
        for (NamedCheck check : gate) {
            String name = check.name();
            while (has(checks, name)) {
                name = "gateway " + name;
            }
            checks.add(new NamedCheck(name, check.check(), check.policy()));
        }
        return config.toBuilder().checks(checks).build();
    }

    private static boolean has(List<NamedCheck> checks, String name) {
        return checks.stream().anyMatch(check -> check.name().equals(name));
    }

    /** A check that is described as before goes on: its result so far still counts. */
    private static Membership.Member withRunningChecks(Membership.Member before, Membership.Member after) {
        List<NamedCheck> checks = new ArrayList<>();
        for (NamedCheck check : after.config().checks()) {
            checks.add(before.config().checks().stream()
                    .filter(old -> old.name().equals(check.name()))
                    .filter(old -> before.checks()
                            .get(old.name())
                            .equals(after.checks().get(old.name())))
                    .findFirst()
                    .orElse(check));
        }
        FloatingIpConfig config = after.config().toBuilder().checks(checks).build();
        return new Membership.Member(config, after.checks(), after.told());
    }

    /** The text holds everything but what keepalived has no words for. */
    private static boolean same(FloatingIpConfig before, FloatingIpConfig after) {
        return before.checks().equals(after.checks())
                && before.fence() == after.fence()
                && before.placement() == after.placement()
                && KeepalivedConfig.write(List.of(before)).equals(KeepalivedConfig.write(List.of(after)));
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
