package io.floatingip.simulation;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A host that has joined the floating IP of a {@link Cluster}, and what was seen of it. */
final class Node {
    // A lifetime and its lateness, and the pause before the next attempt.
    private static final long IMPAIRED_NANOS = 12_000_000_000L;

    final Cluster cluster;
    final SimHost host;
    int priority;
    /** What its listener was told, since its process began. */
    final List<RoleChange> changes = new ArrayList<>();

    /** Lan time of its last advert with a priority, and that priority. */
    long advertAt = Long.MIN_VALUE / 2;

    int advertPriority;
    /** Whether a better one has advertised since. */
    boolean preempted;
    /** Lan time of the last opening of its fence, and when each node of the cluster had advertised last then. */
    long openedSeen = Long.MIN_VALUE / 2;

    final long[] advertsAtOpening = new long[4];
    /** How long it had been suspended when it sent its last advert: if that grew since, its fence has a hole nobody can close. */
    long suspendedAtAdvert;
    /** Lan time at which it was suspended last: what was sent to it then is lost. */
    long suspendedAt = Long.MIN_VALUE / 2;

    /** Whether its last advert had priority 0. */
    boolean resigned;

    long resignedAt = Long.MIN_VALUE / 2;
    /** Lan time at which it was stopped last, or went on. */
    long stoppedAt = Long.MIN_VALUE / 2;

    boolean sentThisStep;
    boolean sentZeroThisStep;
    boolean announcedThisStep;
    boolean masterBeforeStep;
    /** Whether it was stopped in the midst of a turn that is not over. */
    boolean stoppedInStep;

    int stopsBeforeStep;
    private @Nullable FloatingIp joined;
    private @Nullable SimNetwork process;
    boolean released;

    Node(Cluster cluster, SimHost host, int priority) {
        this.cluster = cluster;
        this.host = host;
        this.priority = priority;
    }

    /** Joins, in a process that has not; whether that succeeded. */
    boolean join() {
        joined = null;
        process = host.process();
        changes.clear();
        released = false;
        FloatingIpConfig config = cluster.config(this)
                .listener(RoleListener.onAnyChange(this::changed))
                .network(host.network())
                .build();
        try {
            joined = FloatingIp.join(config);
            // Time may have passed inside that, if another host was stopped in the midst of a turn.
            masterBeforeStep = master();
            return true;
        } catch (FloatingIpException e) {
            // An address somebody else put there, for example: it takes no part.
            cluster.lan.note(host + " cannot join: " + e.getMessage());
            return false;
        } catch (InternalError e) {
            cluster.lan.note(host + " cannot join: " + e);
            return false;
        }
    }

    private void changed(RoleChange change) {
        cluster.lan.note(host + " is told " + change.from() + " -> " + change.to() + ": " + change.detail());
        changes.add(change);
        released |= change.to() == Role.RELEASED;
    }

    FloatingIp handle() {
        if (joined == null) {
            throw new IllegalStateException(host + " has not joined");
        }
        return joined;
    }

    boolean joined() {
        return joined != null && host.alive() && host.process() == process && joined.role() != Role.RELEASED;
    }

    /** Whether its kernel refuses things, or did a moment ago: what it holds may differ from what it wants. */
    boolean impaired() {
        return host.kernel().failing(IMPAIRED_NANOS);
    }

    void left() {
        joined = null;
    }

    boolean master() {
        return joined() && handle().role() == Role.MASTER;
    }

    /** Whether it got the fence it asked for; costly. */
    boolean fenced() {
        return joined == null || joined.status().fence().packetFilter();
    }

    /** When its fence was opened last. */
    long openedAt() {
        long last = Long.MIN_VALUE / 2;
        for (FenceRule rule : host.kernel().rules) {
            last = Math.max(last, rule.openedAt);
        }
        return last;
    }

    /** Whether its process runs: neither paused, suspended nor dead. */
    boolean running() {
        return host.alive() && !host.paused();
    }

    boolean suspendedSinceAdvert() {
        return host.kernel().ticker.suspendedNanos() != suspendedAtAdvert;
    }

    @Override
    public String toString() {
        return host.toString();
    }
}
