package io.floatingip.spring;

import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import java.time.Duration;
import java.util.Locale;

/** How listeners of the application are called: as they are, or observed. */
@FunctionalInterface
interface ListenerCalls {
    ListenerCalls PLAIN = (floatingIp, what, listener, call) -> call.run();

    /**
     * Runs a call, and throws what it throws.
     *
     * @param floatingIp its name, or a group's
     * @param what it is told: master, backup, fault, released, drain, stay or pause
     * @param listener what is called, for people
     */
    void call(String floatingIp, String what, String listener, Runnable call);

    /** Runs a call about a role. */
    default void call(RoleChange change, String listener, Runnable call) {
        call(change.name(), word(change.to()), listener, call);
    }

    private static String word(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /** The same listener, called so. */
    default RoleListener wrap(String floatingIp, RoleListener listener) {
        String name = listener.getClass().getName();
        return new RoleListener() {
            @Override
            public void onChange(RoleChange change) {
                call(change, name, () -> listener.onChange(change));
            }

            @Override
            public void onStay(RoleChange change) {
                call(floatingIp, "stay", name, () -> listener.onStay(change));
            }

            @Override
            public void onDrain(Duration time) {
                call(floatingIp, "drain", name, () -> listener.onDrain(time));
            }

            @Override
            public void onPause(Duration length) {
                call(floatingIp, "pause", name, () -> listener.onPause(length));
            }
        };
    }
}
