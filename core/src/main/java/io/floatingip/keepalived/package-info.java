/**
 * Reads keepalived's configuration files into this library's own configuration, says what was understood differently, and writes them. Nothing
 * else in the library depends on this package.
 */
@NullMarked
package io.floatingip.keepalived;

import org.jspecify.annotations.NullMarked;
