package io.floatingip;

import java.time.Instant;

/**
 * One change of role. Changes of one floating IP are delivered in order, none is left out.
 *
 * @param name of the floating IP
 * @param from the role before; equal to {@code to} when nothing changed: a late listener is told the present role, one that drained in vain keeps it
 *     ({@link RoleListener#onStay}), or a node that has just joined cannot take part
 * @param to the role now
 * @param reason why
 * @param detail why, in words: "no advert from 10.0.0.1 for 3.219 s"
 * @param priority the effective priority then, 1 to 255; 0 for a group, which has none
 * @param epoch how many times this node has become master since it joined: a token that grows with each mastership of this node; other nodes
 *     count for themselves
 * @param at wall clock time, for people
 */
public record RoleChange(
        String name, Role from, Role to, Reason reason, String detail, int priority, long epoch, Instant at) {
    /** As logged: {@code (web-vip) BACKUP -> MASTER: no advert from 10.0.0.1 for 3.219 s}. */
    @Override
    public String toString() {
        return "(" + name + ") " + (from == to ? to : from + " -> " + to) + ": " + detail;
    }
}
