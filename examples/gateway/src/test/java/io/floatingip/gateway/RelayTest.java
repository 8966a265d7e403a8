package io.floatingip.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.floatingip.notify.NotifyCommands;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RelayTest {
    private static final RoleChange CHANGE =
            new RoleChange("web", Role.BACKUP, Role.MASTER, Reason.MASTER_SILENT, "", 100, 1, Instant.EPOCH);

    @Test
    void tellsThoseThatReplacedTheOthersOnly() {
        List<String> told = new ArrayList<>();
        Relay relay = new Relay(List.of(RoleListener.onAnyChange(change -> told.add("old"))));
        relay.onChange(CHANGE);
        relay.replace(List.of(RoleListener.onAnyChange(change -> told.add("new"))));
        relay.onChange(CHANGE);
        assertThat(told).containsExactly("old", "new");
    }

    @Test
    void handsOnThatADrainWasInVainAsWhatItIs() {
        RoleChange stays =
                new RoleChange("web", Role.MASTER, Role.MASTER, Reason.MASTER_SILENT, "", 100, 1, Instant.EPOCH);
        List<String> calls = new ArrayList<>();
        NotifyCommands commands = NotifyCommands.create().onMaster("true");
        new Relay(List.of(commands, RoleListener.onAnyChange(change -> calls.add("any")))).onStay(stays);
        assertThat(commands.pending() + commands.delivered()).isZero();
        assertThat(calls).isEmpty();
    }

    @Test
    void countsWhatThoseOfBeforeDeliver() {
        Relay relay = new Relay(List.of(NotifyCommands.create().onMaster("/bin/true")));
        relay.onChange(CHANGE);
        relay.replace(List.of(NotifyCommands.create().onMaster("/bin/false")));
        relay.onChange(CHANGE);
        while (relay.pending() > 0) {
            Thread.onSpinWait();
        }
        assertThat(relay.delivered()).isEqualTo(1);
        assertThat(relay.undelivered()).isEqualTo(1);
    }
}
