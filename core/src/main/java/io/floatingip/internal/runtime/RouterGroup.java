package io.floatingip.internal.runtime;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.internal.vrrp.Backup;
import io.floatingip.internal.vrrp.Departure;
import io.floatingip.internal.vrrp.Event;
import io.floatingip.internal.vrrp.Leaving;
import io.floatingip.internal.vrrp.Master;
import io.floatingip.internal.vrrp.RouterState;
import java.util.ArrayList;
import java.util.List;

/**
 * Members that are master together or not at all: the two families of one floating IP, or the floating IPs of a group. A member whose time has
 * come waits until all want to be master; a fault in one is a fault in all. Used by the loop thread only.
 */
final class RouterGroup {
    private final List<RouterMember> members = new ArrayList<>();
    private final Draining draining = new Draining();
    private boolean sealed;

    /** All members are there: from now on they act together. Before, none becomes master. */
    void seal() {
        sealed = true;
    }

    void add(RouterMember member) {
        members.add(member);
    }

    void remove(RouterMember member) {
        members.remove(member);
    }

    /** Of all floating IPs with this group: they leave together. */
    Draining draining() {
        return draining;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** All of them in one turn. */
    void leave(Departure departure, long now) {
        List.copyOf(members).forEach(member -> member.handle(new Event.Leave(departure), now));
    }

    /** Judges the members after each turn. */
    void settle(long now) {
        if (!sealed) {
            return;
        }
        RouterMember faulty = null;
        RouterMember waiting = null;
        boolean makeBeforeBreak = true;
        boolean undecided = false;
        int ready = 0;
        int masters = 0;
        for (int i = 0; i < members.size(); i++) {
            RouterMember member = members.get(i);
            RouterState state = member.router().outline();
            if (member.ownFault()) {
                faulty = member;
                makeBeforeBreak &= member.makeBeforeBreak();
            } else if (state instanceof Backup backup) {
                if (backup.ready()) {
                    ready++;
                } else {
                    waiting = member;
                }
            } else if (state instanceof Leaving leaving && leaving.mayStay()) {
                undecided = true;
            } else if (!(state instanceof Master)) {
                waiting = member;
            } else {
                masters++;
            }
        }
        if (faulty != null) {
            String detail = faulty.label() + " cannot take part: " + String.join("; ", faulty.faultTexts());
            for (RouterMember member : members) {
                if (!member.ownFault()) {
                    member.fault(Reason.GROUP, detail, makeBeforeBreak, now);
                }
            }
            return;
        }
        for (int i = 0; i < members.size(); i++) {
            members.get(i).clearFault(Reason.GROUP, now);
        }
        if (waiting != null && masters > 0) {
            String detail = waiting.label() + " is not master";
            for (RouterMember member : members) {
                if (member.router().state() instanceof Master) {
                    member.handle(new Event.Leave(new Departure(Role.BACKUP, true, false, Reason.GROUP, detail)), now);
                }
            }
        } else if (waiting == null && !undecided && ready > 0) {
            for (RouterMember member : members) {
                member.handle(new Event.Claim(), now);
            }
        }
    }
}
