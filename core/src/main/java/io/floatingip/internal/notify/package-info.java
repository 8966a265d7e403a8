/** Delivers notifications in order, away from the protocol. */
@NullMarked
package io.floatingip.internal.notify;

import org.jspecify.annotations.NullMarked;
