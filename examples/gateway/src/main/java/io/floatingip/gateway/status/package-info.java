/** The status page. */
@NullMarked
package io.floatingip.gateway.status;

import org.jspecify.annotations.NullMarked;
