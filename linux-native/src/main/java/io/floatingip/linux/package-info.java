/**
 * The Linux kernel as a {@link io.floatingip.spi.Network}: raw sockets, rtnetlink, packet sockets, one epoll. Only {@link
 * io.floatingip.linux.LinuxNetwork} and its exceptions are meant for users; what the kernel is asked for goes through {@code Sys}, what
 * travels is laid out by pure classes with byte tests.
 */
@NullMarked
package io.floatingip.linux;

import org.jspecify.annotations.NullMarked;
