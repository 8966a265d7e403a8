package io.floatingip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoleListenerTest {
    private final List<String> calls = new ArrayList<>();

    private static RoleChange to(Role role) {
        return new RoleChange("web", Role.BACKUP, role, Reason.JOINED, "because", 100, 1, Instant.EPOCH);
    }

    private void tellAll(RoleListener listener) {
        for (Role role : Role.values()) {
            listener.onChange(to(role));
        }
        listener.onDrain(Duration.ofSeconds(3));
        listener.onPause(Duration.ofSeconds(4));
    }

    @Test
    void eachChangeCallsTheMethodOfItsRole() {
        tellAll(new RoleListener() {
            @Override
            public void onMaster(RoleChange change) {
                calls.add("master " + change.to());
            }

            @Override
            public void onBackup(RoleChange change) {
                calls.add("backup " + change.to());
            }

            @Override
            public void onFault(RoleChange change) {
                calls.add("fault " + change.to());
            }

            @Override
            public void onReleased(RoleChange change) {
                calls.add("released " + change.to());
            }
        });
        assertThat(calls)
                .containsExactlyInAnyOrder("master MASTER", "backup BACKUP", "fault FAULT", "released RELEASED");
    }

    @Test
    void whoDrainedInVainIsToldTheRoleAgain() {
        RoleChange again =
                new RoleChange("web", Role.MASTER, Role.MASTER, Reason.JOINED, "because", 100, 1, Instant.EPOCH);
        new RoleListener() {
            @Override
            public void onMaster(RoleChange change) {
                calls.add("method " + change.from() + " " + change.to());
            }
        }.onStay(again);
        RoleListener.onMaster(c -> calls.add("lambda"))
                .onBackup(c -> calls.add("backup"))
                .onAnyChange(c -> calls.add("any"))
                .onDrain(time -> calls.add("drain"))
                .onStay(again);
        RoleListener.onMaster(c -> calls.add("does not drain")).onStay(again);
        assertThat(calls).containsExactly("method MASTER MASTER", "lambda");
    }

    @Test
    void lambdasAreCalledForTheirRoleInTheOrderTheyWereAdded() {
        RoleListener listener = RoleListener.onMaster(c -> calls.add("first"))
                .onBackup(c -> calls.add("backup"))
                .onMaster(c -> calls.add("second"))
                .onFault(c -> calls.add("fault"))
                .onReleased(c -> calls.add("released"))
                .onDrain(d -> calls.add("drain " + d.toSeconds()))
                .onAnyChange(c -> calls.add("any"));
        listener.onChange(to(Role.MASTER));
        assertThat(calls).containsExactly("first", "second", "any");
        calls.clear();
        listener.onChange(to(Role.RELEASED));
        listener.onDrain(Duration.ofSeconds(3));
        assertThat(calls).containsExactly("released", "any", "drain 3");
    }

    @Test
    void addingALambdaLeavesTheListenerItWasAddedToAsItWas() {
        RoleListener.Composed first = RoleListener.onBackup(c -> calls.add("first"));
        RoleListener.Composed both = first.onBackup(c -> calls.add("second"));
        first.onChange(to(Role.BACKUP));
        assertThat(calls).containsExactly("first");
        calls.clear();
        both.onChange(to(Role.BACKUP));
        assertThat(calls).containsExactly("first", "second");
    }

    @Test
    void anyChangeIsEachRoleOnce() {
        tellAll(RoleListener.onAnyChange(c -> calls.add(c.to().name())));
        assertThat(calls).containsExactlyInAnyOrder("BACKUP", "MASTER", "FAULT", "RELEASED");
    }

    @Test
    void aLambdaIsRequired() {
        assertThatThrownBy(() -> RoleListener.onAnyChange(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aChangeReadsAsItIsLogged() {
        assertThat(to(Role.MASTER)).hasToString("(web) BACKUP -> MASTER: because");
        assertThat(to(Role.BACKUP)).hasToString("(web) BACKUP: because");
    }
}
