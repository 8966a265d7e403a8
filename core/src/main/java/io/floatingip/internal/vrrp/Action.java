package io.floatingip.internal.vrrp;

import io.floatingip.Reason;
import io.floatingip.Role;

/** Something to do. Actions are done in the order in which a {@link Step} lists them; if one fails, the rest of its step is left out. */
public sealed interface Action {
    void performOn(Effects effects);

    /** Send an advert; priority 0 says that this master leaves. */
    record SendAdvert(int priority) implements Action {
        @Override
        public void performOn(Effects effects) {
            effects.sendAdvert(priority);
        }
    }

    /** Let the advert that follows leave this host, and with it announcements and answers for one lease. */
    record OpenFence() implements Action {
        @Override
        public void performOn(Effects effects) {
            effects.openFence();
        }
    }

    /** The addresses are being given away: answer for them for so long and no longer, whatever happens to this process. */
    record CloseFenceAfter(long nanos) implements Action {
        @Override
        public void performOn(Effects effects) {
            effects.closeFenceAfter(nanos);
        }
    }

    /** The addresses are not ours: nothing is guarded any more. */
    record ShutFence() implements Action {
        @Override
        public void performOn(Effects effects) {
            effects.shutFence();
        }
    }

    /**
     * Put the addresses on their interfaces in advance, if the fence hides them there until the advert has left: so that they are there when the
     * old master, which gives way on the advert, takes its own away. Failure comes back as {@link Event.AddressFailed}.
     */
    record PlaceBehindFence() implements Action {
        @Override
        public void performOn(Effects effects) {
            effects.placeBehindFence();
        }
    }

    /** Make sure that every address is on its interface. Failure comes back as {@link Event.AddressFailed}. */
    record AddAddresses() implements Action {
        @Override
        public void performOn(Effects effects) {
            effects.addAddresses();
        }
    }

    record RemoveAddresses() implements Action {
        @Override
        public void performOn(Effects effects) {
            effects.removeAddresses();
        }
    }

    /** Tell the neighbours where the addresses are, so many times for each. */
    record Announce(int times) implements Action {
        @Override
        public void performOn(Effects effects) {
            effects.announce(times);
        }
    }

    /** What is still queued of the announcements is not sent any more. */
    record StopAnnouncing() implements Action {
        @Override
        public void performOn(Effects effects) {
            effects.stopAnnouncing();
        }
    }

    /** The role seen from outside is now this one. */
    record Notify(Role role, Reason reason, String detail) implements Action {
        @Override
        public void performOn(Effects effects) {
            effects.notify(role, reason, detail);
        }
    }
}
