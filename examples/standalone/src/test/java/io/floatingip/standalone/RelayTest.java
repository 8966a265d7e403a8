package io.floatingip.standalone;

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

class RelayTest {
    @Test
    void handsOnThatADrainWasInVainAsWhatItIs() {
        RoleChange change =
                new RoleChange("web", Role.MASTER, Role.MASTER, Reason.MASTER_SILENT, "", 100, 1, Instant.EPOCH);
        List<String> calls = new ArrayList<>();
        NotifyCommands commands = NotifyCommands.create().onMaster("true");
        new Relay(List.of(commands, RoleListener.onAnyChange(c -> calls.add("any")))).onStay(change);
        assertThat(commands.pending() + commands.delivered()).isZero();
        assertThat(calls).isEmpty();
    }
}
