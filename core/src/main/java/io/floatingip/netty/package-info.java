/**
 * Netty servers at a floating IP. Needs netty-transport, 4.1 or 4.2, which this library does not bring along; with netty-transport-native-epoll
 * a server listens before the address is there.
 */
@NullMarked
package io.floatingip.netty;

import org.jspecify.annotations.NullMarked;
