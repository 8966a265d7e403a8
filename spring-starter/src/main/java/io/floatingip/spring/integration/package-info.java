/** Spring Integration. */
@NullMarked
package io.floatingip.spring.integration;

import org.jspecify.annotations.NullMarked;
