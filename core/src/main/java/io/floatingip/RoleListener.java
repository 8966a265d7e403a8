package io.floatingip;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Is told about changes of role. Called on the floating IP's own callback thread, one call at a time, in order, never on the thread that runs
 * the protocol: a listener may block without delaying an advert, but it delays the calls after it. What it throws is logged and ignored.
 */
public interface RoleListener {
    /**
     * The address is on the interface, and the neighbours are being told. What is more than 64 announcements of this process at once, or is paced
     * ({@link Announcements#interval}), may still follow while this is called.
     */
    default void onMaster(RoleChange change) {}

    /**
     * The address has been taken off the interface, if it had been put there: the owner's, which this host has anyway, stays. One that cannot be
     * taken off is tried again, behind the closed fence.
     */
    default void onBackup(RoleChange change) {}

    /** Takes no part, see {@link RoleChange#reason()}; with the address it is as with {@link #onBackup}. */
    default void onFault(RoleChange change) {}

    /** Left for good; the last call. */
    default void onReleased(RoleChange change) {}

    /**
     * Mastership is about to be given away on purpose and the address still serves: finish what runs. The address stays until this returns or
     * the drain time is over, in a group until all its listeners have returned; it goes at once if the node cannot serve any more. If it stays
     * after all, {@link #onStay} follows. Not called when the node loses the address for another reason.
     */
    default void onDrain(Duration time) {}

    /**
     * This process did not run for a while: garbage collection, a debugger, a suspended machine.
     *
     * @param length how late the loop woke up
     */
    default void onPause(Duration length) {}

    /**
     * Is still master although {@link #onDrain} was called: nobody took over, or the reason has gone. Whoever stopped to accept then is to
     * accept again. Calls {@link #onChange} with the last change once more, in which {@link RoleChange#from()} equals {@link RoleChange#to()}.
     */
    default void onStay(RoleChange change) {
        onChange(change);
    }

    /** Calls the method that belongs to {@link RoleChange#to()}. */
    default void onChange(RoleChange change) {
        switch (change.to()) {
            case MASTER -> onMaster(change);
            case BACKUP -> onBackup(change);
            case FAULT -> onFault(change);
            case RELEASED -> onReleased(change);
        }
    }

    /** Starts a listener made of lambdas: {@code RoleListener.onMaster(m -> open()).onBackup(b -> close())}. */
    static Composed onMaster(Consumer<RoleChange> action) {
        return new Composed().onMaster(action);
    }

    /** Starts a listener made of lambdas. */
    static Composed onBackup(Consumer<RoleChange> action) {
        return new Composed().onBackup(action);
    }

    /** A listener that calls the same lambda for every change of role. */
    static Composed onAnyChange(Consumer<RoleChange> action) {
        return new Composed().onAnyChange(action);
    }

    /** A listener made of lambdas. Immutable: each method returns a new one with one lambda more. */
    final class Composed implements RoleListener {
        private record Entry(Role role, boolean any, Consumer<RoleChange> action) {
            void call(RoleChange change) {
                if (role == change.to()) {
                    action.accept(change);
                }
            }
        }

        private final List<Entry> entries;
        private final List<Consumer<Duration>> drains;

        private Composed() {
            this(List.of(), List.of());
        }

        private Composed(List<Entry> entries, List<Consumer<Duration>> drains) {
            this.entries = entries;
            this.drains = drains;
        }

        /** Adds what to do as master. */
        public Composed onMaster(Consumer<RoleChange> action) {
            return with(action, false, Role.MASTER);
        }

        /** Adds what to do as backup. */
        public Composed onBackup(Consumer<RoleChange> action) {
            return with(action, false, Role.BACKUP);
        }

        /** Adds what to do when taking no part. */
        public Composed onFault(Consumer<RoleChange> action) {
            return with(action, false, Role.FAULT);
        }

        /** Adds what to do last of all. */
        public Composed onReleased(Consumer<RoleChange> action) {
            return with(action, false, Role.RELEASED);
        }

        /** Adds what to do for every change. */
        public Composed onAnyChange(Consumer<RoleChange> action) {
            return with(action, true, Role.values());
        }

        /** Adds what to finish before the address is given away; see {@link RoleListener#onDrain}. */
        public Composed onDrain(Consumer<Duration> action) {
            List<Consumer<Duration>> more = new ArrayList<>(drains);
            more.add(Objects.requireNonNull(action, "action"));
            return new Composed(entries, List.copyOf(more));
        }

        private Composed with(Consumer<RoleChange> action, boolean any, Role... roles) {
            Objects.requireNonNull(action, "action");
            List<Entry> more = new ArrayList<>(entries);
            for (Role role : roles) {
                more.add(new Entry(role, any, action));
            }
            return new Composed(List.copyOf(more), drains);
        }

        @Override
        public void onMaster(RoleChange change) {
            call(change);
        }

        @Override
        public void onBackup(RoleChange change) {
            call(change);
        }

        @Override
        public void onFault(RoleChange change) {
            call(change);
        }

        @Override
        public void onReleased(RoleChange change) {
            call(change);
        }

        /** Calls what was added for the master, if there is something that drains; what was added for every change is not called: there was none. */
        @Override
        public void onStay(RoleChange change) {
            if (!drains.isEmpty()) {
                entries.stream().filter(entry -> !entry.any()).forEach(entry -> entry.call(change));
            }
        }

        @Override
        public void onDrain(Duration time) {
            drains.forEach(action -> action.accept(time));
        }

        private void call(RoleChange change) {
            entries.forEach(entry -> entry.call(change));
        }
    }
}
