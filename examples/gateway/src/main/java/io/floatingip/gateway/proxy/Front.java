package io.floatingip.gateway.proxy;

import io.floatingip.gateway.balance.Balancer;
import io.floatingip.gateway.config.Limits;
import io.floatingip.gateway.config.Listener;
import org.jspecify.annotations.Nullable;

/** One listener at work: what it is, and what may change while it runs. */
final class Front {
    final Listener listener;
    final Counters counters;
    private volatile Settings settings;

    /** What may change, all at once. A connection asks anew with every request. */
    record Settings(
            Limits limits, Balancer balancer, @Nullable Certificates tls) {}

    Front(Listener listener, Counters counters, Settings settings) {
        this.listener = listener;
        this.counters = counters;
        this.settings = settings;
    }

    Settings settings() {
        return settings;
    }

    synchronized void settings(Settings latest) {
        settings = latest;
    }

    /** Unless others are configured meanwhile. */
    synchronized void renewed(Certificates before, @Nullable Certificates after) {
        Settings present = settings;
        if (present.tls() == before) {
            settings = new Settings(present.limits(), present.balancer(), after);
        }
    }
}
