package io.floatingip.notify;

import io.floatingip.RoleChange;
import io.floatingip.RoleListener;

/**
 * A listener that tells somebody outside of this process. Works on a thread of its own: it delays neither the protocol nor the listeners after it.
 * Notifications are delivered in order, one at a time; one that cannot be delivered is counted, and logged if the one before could be. When the
 * JVM ends, what is still on its way gets up to 5 s. One notifier may serve several floating IPs and groups.
 */
public interface Notifier extends RoleListener {
    /** Nothing: nobody outside was told of a drain. */
    @Override
    default void onStay(RoleChange change) {}

    /** How many notifications have arrived. */
    long delivered();

    /** How many have been given up. */
    long undelivered();

    /** How many are still on their way. */
    int pending();
}
