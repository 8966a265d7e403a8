/**
 * The data path. A client's connection and the upstream connections that serve it live on one event loop, so that nothing here needs a lock; messages
 * pass through as they are decoded and nothing is collected. A slow reader on one side stops the reading on the other ({@code autoRead}), which bounds
 * the memory of a connection by its write buffer and one read.
 */
@NullMarked
package io.floatingip.gateway.proxy;

import org.jspecify.annotations.NullMarked;
