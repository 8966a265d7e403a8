/** Ahead-of-time processing, which a floating IP cannot have. */
@NullMarked
package io.floatingip.spring.aot;

import org.jspecify.annotations.NullMarked;
