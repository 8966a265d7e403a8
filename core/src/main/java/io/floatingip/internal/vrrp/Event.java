package io.floatingip.internal.vrrp;

import io.floatingip.Reason;
import io.floatingip.internal.wire.Advert;
import java.net.InetAddress;

/** Something that happened to a virtual router. */
public sealed interface Event {
    Step applyTo(RouterState state, RouterParams p, long now);

    /** Take part, after the delay. */
    record Startup(long delayNanos, Reason reason, String detail) implements Event {
        @Override
        public Step applyTo(RouterState state, RouterParams p, long now) {
            return state.onStartup(p, this, now);
        }
    }

    /** A valid advert of another node. */
    record AdvertReceived(Advert advert, InetAddress sender, long heardAt) implements Event {
        @Override
        public Step applyTo(RouterState state, RouterParams p, long now) {
            return state.onAdvert(p, this, now);
        }
    }

    /** Time has passed. */
    record Tick() implements Event {
        @Override
        public Step applyTo(RouterState state, RouterParams p, long now) {
            return state.onTick(p, now);
        }
    }

    /** Priority, interval or preemption are now what {@code p} says. */
    record ParamsChanged(RouterParams before) implements Event {
        @Override
        public Step applyTo(RouterState state, RouterParams p, long now) {
            return state.onParamsChanged(p, before, now);
        }
    }

    /** Give mastership up, and then be what {@link Departure#then()} says. */
    record Leave(Departure departure) implements Event {
        @Override
        public Step applyTo(RouterState state, RouterParams p, long now) {
            return state.onLeave(p, departure, now);
        }
    }

    /** All members of the group want to be master. */
    record Claim() implements Event {
        @Override
        public Step applyTo(RouterState state, RouterParams p, long now) {
            return state.onClaim(p, now);
        }
    }

    /** Another node has told the neighbours that it holds one of the addresses. */
    record SuccessorAnnounced() implements Event {
        @Override
        public Step applyTo(RouterState state, RouterParams p, long now) {
            return state.onSuccessorAnnounced(p, now);
        }
    }

    /** An address could not be put on its interface; what had been done for the claim before it is undone by the step this leads to. */
    record AddressFailed(String detail) implements Event {
        @Override
        public Step applyTo(RouterState state, RouterParams p, long now) {
            return state.onAddressFailed(p, detail, now);
        }
    }

    /**
     * An advert was held back on this host: by the fence, which has fallen shut, or because the decision to send it had grown old.
     *
     * @param reopened whether that was so although the fence had been opened for it
     * @param opening whether the step began with opening the fence: the state before it was a silence, or nothing
     * @param leftAt when one left for the last time
     * @param at when this was found out, which is later than the turn began
     */
    record AdvertFenced(boolean reopened, boolean opening, long leftAt, long at) implements Event {
        @Override
        public Step applyTo(RouterState state, RouterParams p, long now) {
            return state.onAdvertFenced(p, this, now);
        }
    }

    /** The machine was suspended: the time that others saw pass is not in {@code now}. */
    record Suspended() implements Event {
        @Override
        public Step applyTo(RouterState state, RouterParams p, long now) {
            return state.onSuspended(p, now);
        }
    }
}
