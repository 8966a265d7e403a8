/** Bytes to meaning and back. Pure: no clock, no thread, no I/O. */
@NullMarked
package io.floatingip.internal.wire;

import org.jspecify.annotations.NullMarked;
