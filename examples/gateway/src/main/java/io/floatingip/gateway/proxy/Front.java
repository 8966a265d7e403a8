package io.floatingip.gateway.proxy;

import io.floatingip.gateway.balance.Balancer;
import io.floatingip.gateway.config.Limits;
import io.floatingip.gateway.config.Listener;
import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

/** One listener at work: what it is, and what may change while it runs. */
final class Front {
    final Listener listener;
    final Counters counters;
    private volatile Settings settings;

    /** What may change, all at once. A connection asks anew with every request. */
    record Settings(
            Limits limits, Balancer balancer, @Nullable SslContext tls) {}

    Front(Listener listener, Counters counters, Settings settings) {
        this.listener = listener;
        this.counters = counters;
        this.settings = settings;
    }

    Settings settings() {
        return settings;
    }

    void settings(Settings latest) {
        settings = latest;
    }
}
