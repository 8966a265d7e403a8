/** A floating IP for Spring Boot applications, configured by properties that begin with {@code floatingip}. */
@NullMarked
package io.floatingip.spring;

import org.jspecify.annotations.NullMarked;
