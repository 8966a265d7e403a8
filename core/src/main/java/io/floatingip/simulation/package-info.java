/**
 * A LAN in memory with a time of its own: try a floating IP, and your callbacks, without root, without waiting and without chance. {@link
 * io.floatingip.simulation.SimLan} is the LAN, {@link io.floatingip.simulation.SimHost} a machine on it whose kernel, processes, clocks and
 * cables can be made to fail.
 *
 * <p>{@link io.floatingip.simulation.LiveLan} is the same in the machine's own time, for whole applications.
 *
 * <p>Thread rule: a SimLan and everything on it belongs to one thread, the one that lets its time pass.
 */
@NullMarked
package io.floatingip.simulation;

import org.jspecify.annotations.NullMarked;
