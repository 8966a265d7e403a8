package io.floatingip.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Calls the method of a bean when this node has become master: the address is on its interface, and the neighbours are being told. The method has no parameter, or one
 * {@link io.floatingip.RoleChange}. It is called by the floating IP's callback thread, in order with everything else that is told about this
 * floating IP; what it throws is logged. The first call tells the role at the start.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
public @interface OnMaster {
    /** Names of floating IPs or of groups; empty for every floating IP, groups not included. */
    String[] value() default {};
}
