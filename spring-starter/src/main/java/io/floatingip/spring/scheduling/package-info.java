/** Work that only the node with the floating IP does. */
@NullMarked
package io.floatingip.spring.scheduling;

import org.jspecify.annotations.NullMarked;
