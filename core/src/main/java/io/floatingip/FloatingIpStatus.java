package io.floatingip;

import io.floatingip.health.HealthStatus;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A snapshot, consistent in itself.
 *
 * @param name of the floating IP
 * @param role now
 * @param since when it took that role, by the wall clock
 * @param epoch how many times this node has become master
 * @param effectivePriority what is or would be advertised, 1 to 255
 * @param master the current master as far as this node knows: its own source address when it is master itself; empty while none was heard
 * @param masterPriority the current master's priority
 * @param faults why this node takes no part; empty unless the role is FAULT
 * @param fence what stops this host from answering should the process stop
 * @param warnings what an operator should look at, such as a peer that is configured differently
 * @param health the results of the health checks, and the application's word if it has said something
 * @param lastChange the last change of role, with its reason
 * @param takeovers how long it took to take over from masters that fell silent or left
 * @param lateness how late the protocol's thread came to what was due
 * @param counters by name, such as {@code adverts.sent} or {@code rejected.CHECKSUM}; they only grow
 */
public record FloatingIpStatus(
        String name,
        Role role,
        Instant since,
        long epoch,
        int effectivePriority,
        Optional<InetAddress> master,
        OptionalInt masterPriority,
        List<String> faults,
        FenceStatus fence,
        List<String> warnings,
        List<HealthStatus> health,
        Optional<RoleChange> lastChange,
        Takeovers takeovers,
        Lateness lateness,
        Map<String, Long> counters) {
    public FloatingIpStatus {
        faults = List.copyOf(faults);
        warnings = List.copyOf(warnings);
        health = List.copyOf(health);
        counters = Map.copyOf(counters);
    }

    /** One counter; 0 if nothing has been counted under this name. */
    public long counter(String counterName) {
        return counters.getOrDefault(counterName, 0L);
    }
}
