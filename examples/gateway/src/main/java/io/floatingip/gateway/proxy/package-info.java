/** The data path. */
@NullMarked
package io.floatingip.gateway.proxy;

import org.jspecify.annotations.NullMarked;
