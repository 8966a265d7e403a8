package io.floatingip.gateway.config;

import io.floatingip.FloatingIpConfig;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What joins and leaves as one: a floating IP, or a group of them that are held together or not at all.
 *
 * @param group its name; empty for a floating IP alone
 * @param members one, or those of the group
 * @param told about the group as a whole
 */
public record Membership(Optional<String> group, List<Member> members, Told told) {
    public Membership {
        members = List.copyOf(members);
    }

    /** A floating IP alone. */
    static Membership alone(Member member) {
        return new Membership(Optional.empty(), List.of(member), Told.NOBODY);
    }

    /** Names it; groups and floating IPs may have equal names. */
    public String key() {
        return group.map(name -> "group " + name)
                .orElseGet(() -> "instance " + members.get(0).name());
    }

    /** Whether it has a name or an address of another: with the one gone, the other does what it did. */
    public boolean shares(Membership other) {
        return members.stream()
                .anyMatch(mine -> other.members().stream()
                        .anyMatch(theirs -> mine.name().equals(theirs.name())
                                || !Collections.disjoint(
                                        mine.config().addresses(),
                                        theirs.config().addresses())));
    }

    /**
     * A floating IP.
     *
     * @param config without those that are told
     * @param checks what each of its checks does, by its name: one that does the same as before goes on at a reload
     */
    public record Member(FloatingIpConfig config, Map<String, Object> checks, Told told) {
        public Member {
            checks = Map.copyOf(checks);
        }

        public String name() {
            return config.name();
        }
    }
}
