package io.floatingip;

import java.time.Duration;

/**
 * How late the protocol's thread came to what was due: an advert, a deadline, an announcement. It is late when this process did not run (garbage
 * collection, no processor, a debugger) or was busy with other floating IPs. One thread serves all floating IPs of a process; these are its
 * figures since the first of them joined, but for {@code exceeded}.
 *
 * <p>A healthy host is late by some tens of microseconds. Others take over when adverts are three intervals late; {@code exceeded} grows long
 * before, and what an alert should watch is that it grows.
 *
 * @param last of the last turn that was due
 * @param max the longest of the last one to two minutes
 * @param turns how many were due
 * @param total of all those turns
 * @param exceeded how many were later than {@code limit} since this floating IP joined
 * @param limit a quarter of the advert interval
 */
public record Lateness(Duration last, Duration max, long turns, Duration total, long exceeded, Duration limit) {}
