/** A reverse proxy that claims its own floating IP. */
@NullMarked
package io.floatingip.gateway;

import org.jspecify.annotations.NullMarked;
