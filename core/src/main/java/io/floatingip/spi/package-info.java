/**
 * What the protocol needs from a network. The Linux kernel ({@code floatingip-linux-native}) and the simulated LAN
 * ({@link io.floatingip.simulation}) are its two implementations; the loop above is the same for both.
 *
 * <p>Thread rule: every method of this package is called by one thread, the loop, unless its documentation says otherwise.
 */
@NullMarked
package io.floatingip.spi;

import org.jspecify.annotations.NullMarked;
