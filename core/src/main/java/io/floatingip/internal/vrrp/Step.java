package io.floatingip.internal.vrrp;

import java.util.List;

/** What an event leads to: the state after it, and what to do, in order. */
public record Step(RouterState next, List<Action> actions) {
    public Step {
        actions = List.copyOf(actions);
    }

    static Step to(RouterState next, Action... actions) {
        return new Step(next, List.of(actions));
    }
}
