/**
 * The protocol as a pure machine: events in, ordered actions out. No clock, no thread, no I/O; time is an argument, a deadline is data.
 *
 * <p>States: {@link io.floatingip.internal.vrrp.Initialize}, {@link io.floatingip.internal.vrrp.Backup}, {@link
 * io.floatingip.internal.vrrp.Master} as in RFC 9568 section 6.4, and {@link io.floatingip.internal.vrrp.Leaving} for a master that has said
 * good-bye and keeps the address until its successor has it.
 */
@NullMarked
package io.floatingip.internal.vrrp;

import org.jspecify.annotations.NullMarked;
