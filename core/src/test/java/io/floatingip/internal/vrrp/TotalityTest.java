package io.floatingip.internal.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.internal.vrrp.Action.AddAddresses;
import io.floatingip.internal.vrrp.Action.Notify;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Whatever happens in whatever state, at whatever time: the machine has an answer, and what it asks for fits together. */
class TotalityTest {
    private static final int SEEDS = 4_000;
    private static final int EVENTS = 120;

    @Test
    void everyEventInEveryStateLeadsSomewhereLegal() {
        Set<String> cells = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                live(seed, cells);
            } catch (RuntimeException | AssertionError e) {
                fail("seed " + seed, e);
            }
        }
        // 4 states, 10 events
        assertThat(cells).hasSize(40);
    }

    private static void live(long seed, Set<String> cells) {
        RandomRouter random = new RandomRouter(seed);
        RouterParams p = random.params();
        RouterState state = Initialize.IDLE;
        Host host = new Host();
        long now = random.instant();
        for (int i = 0; i < EVENTS; i++) {
            now += random.passing(p);
            Event event = state instanceof Initialize && random.chance(2)
                    ? new Event.Startup(0, Reason.JOINED, "")
                    : random.event(p, now);
            if (event instanceof Event.ParamsChanged changed) {
                RouterParams before = p;
                p = changed.before();
                event = new Event.ParamsChanged(before);
            }
            cells.add(state.getClass().getSimpleName() + event.getClass().getSimpleName());
            state = step(state, event, p, now, host);
            if (host.failsToAdd(random)) {
                state = step(state, new Event.AddressFailed("ENODEV"), p, now, host);
            }
        }
    }

    private static RouterState step(RouterState state, Event event, RouterParams p, long now, Host host) {
        assertThat(state.nanosUntilDue(p, now)).isNotNegative();
        Step step = event.applyTo(state, p, now);
        RouterState next = step.next();
        Supplier<String> what = () -> state + " " + event + " at " + now + " -> " + step;

        assertThat(next.nanosUntilDue(p, now)).as(what).isNotNegative();
        assertThat(legal(state, next, p)).as(what).isTrue();
        host.perform(step.actions(), what);
        boolean holds = next instanceof Master || next instanceof Leaving;
        assertThat(host.holding).as(what).isEqualTo(holds);
        assertThat(host.role).as(what).isEqualTo(next.role());
        if (state instanceof Backup || state instanceof Initialize) {
            assertThat(host.sentInStep).as(what).isEqualTo(next instanceof Master ? host.sentToClaim(p) : List.of());
        }
        if (state instanceof Leaving && !(next instanceof Master)) {
            assertThat(host.sentInStep).as(what).isEmpty();
        }
        return next;
    }

    private static boolean legal(RouterState from, RouterState to, RouterParams p) {
        if (from.role() == Role.RELEASED) {
            return to.equals(from);
        }
        if (to instanceof Leaving) {
            return from instanceof Master || from instanceof Leaving;
        }
        // Nobody but the owner becomes master without having listened.
        return !(to instanceof Master) || !(from instanceof Initialize) || p.owner() && !p.grouped();
    }

    /** What the actions have made of a host. */
    private static final class Host {
        private boolean holding;
        private boolean fenceOpened;
        private boolean adding;
        private Role role = Role.FAULT;
        private List<String> sentInStep = List.of();

        void perform(List<Action> actions, Supplier<String> what) {
            sentInStep = new ArrayList<>();
            adding = false;
            for (int i = 0; i < actions.size(); i++) {
                Action action = actions.get(i);
                if (action instanceof Notify notify) {
                    assertThat(i).as(() -> "told last: " + what.get()).isEqualTo(actions.size() - 1);
                    role = notify.role();
                }
                action.performOn(new Recorder(what));
                adding |= action instanceof AddAddresses;
            }
        }

        boolean failsToAdd(RandomRouter random) {
            return adding && random.chance(10);
        }

        List<String> sentToClaim(RouterParams p) {
            return List.of("advert " + p.priority(), "announcements");
        }

        private final class Recorder implements Effects {
            private final Supplier<String> what;

            Recorder(Supplier<String> what) {
                this.what = what;
            }

            @Override
            public void sendAdvert(int priority) {
                if (priority > 0) {
                    assertThat(fenceOpened)
                            .as(() -> "a shut fence lets no advert out: " + what.get())
                            .isTrue();
                }
                sentInStep.add("advert " + priority);
            }

            @Override
            public void openFence() {
                fenceOpened = true;
            }

            @Override
            public void closeFenceAfter(long nanos) {
                assertThat(nanos).as(() -> "not at once: " + what.get()).isPositive();
            }

            @Override
            public void shutFence() {
                assertThat(holding).as(() -> "nothing unguarded: " + what.get()).isFalse();
                fenceOpened = false;
            }

            @Override
            public void placeBehindFence() {
                assertThat(fenceOpened)
                        .as(() -> "nothing unguarded: " + what.get())
                        .isTrue();
            }

            @Override
            public void addAddresses() {
                assertThat(fenceOpened)
                        .as(() -> "nothing unguarded: " + what.get())
                        .isTrue();
                holding = true;
            }

            @Override
            public void removeAddresses() {
                holding = false;
            }

            @Override
            public void announce(int times) {
                assertThat(holding)
                        .as(() -> "announces what it holds: " + what.get())
                        .isTrue();
                assertThat(times).isPositive();
                sentInStep.add("announcements");
            }

            @Override
            public void stopAnnouncing() {
                // nothing is queued here
            }

            @Override
            public void notify(Role newRole, Reason reason, String detail) {
                if (newRole == Role.MASTER) {
                    assertThat(holding)
                            .as(() -> "no master without its addresses: " + what.get())
                            .isTrue();
                }
            }
        }
    }
}
