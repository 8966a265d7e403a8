package io.floatingip.spring.scheduling;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets a {@code @Scheduled} method run only on the node that holds the floating IP; on the others the call does nothing. May be used on any
 * method of a bean that returns nothing, or something that begins when it is subscribed to (Mono, Flux, Publisher), and as a meta-annotation.
 *
 * <pre>{@code
 * @Scheduled(cron = "0 0 3 * * *")
 * @MasterOnly
 * void sendInvoices() { … }
 * }</pre>
 *
 * <p>The role is looked at when the call begins, or the subscription; with {@code @Async} that is before a thread is taken. A run that has
 * begun goes on when the address moves, and the next one begins on another node. A floating IP is not a lock: for moments, when the network is
 * cut in two, both sides run. Without floating IPs ({@code floatingip.enabled=false}) no node is master and the method does not run.
 *
 * <p>Works by a proxy, as {@code @Async} and {@code @Transactional} do: a call from the bean to itself is not looked at, and the application
 * does not start with this annotation on a method that a proxy cannot stand in for (private, static or final, or of a final class), or that
 * returns something else.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface MasterOnly {
    /** The name of the floating IP; may be left out where there is only one. */
    String value() default "";
}
