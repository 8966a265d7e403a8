/** The loop and everything around the state machine that does things. */
@NullMarked
package io.floatingip.internal.runtime;

import org.jspecify.annotations.NullMarked;
