/**
 * A floating IP address claimed by the Java service itself: {@link io.floatingip.FloatingIp#join(FloatingIpConfig)}.
 *
 * <p>Public API is what is in a package without the word {@code internal}.
 */
@NullMarked
package io.floatingip;

import org.jspecify.annotations.NullMarked;
