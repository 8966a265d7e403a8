package io.floatingip.internal.vrrp;

import io.floatingip.Reason;
import io.floatingip.Role;

/** What an {@link Action} can ask for. */
public interface Effects {
    void sendAdvert(int priority);

    void openFence();

    void closeFenceAfter(long nanos);

    void shutFence();

    void placeBehindFence();

    void addAddresses();

    void removeAddresses();

    void announce(int times);

    void stopAnnouncing();

    void notify(Role role, Reason reason, String detail);
}
