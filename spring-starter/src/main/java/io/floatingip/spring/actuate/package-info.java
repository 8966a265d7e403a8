/** What operators look at and take hold of: actuator endpoint, health, meters. */
@NullMarked
package io.floatingip.spring.actuate;

import org.jspecify.annotations.NullMarked;
