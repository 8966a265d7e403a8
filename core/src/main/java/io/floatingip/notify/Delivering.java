package io.floatingip.notify;

import io.floatingip.internal.notify.Outbox;

/** What all notifiers have in common: an outbox, and its counts. */
abstract sealed class Delivering implements Notifier permits NotifyCommands, NotifyFifo, NotifyMail, NotifyWebhook {
    final Outbox outbox;

    Delivering(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public final long delivered() {
        return outbox.delivered();
    }

    @Override
    public final long undelivered() {
        return outbox.undelivered();
    }

    @Override
    public final int pending() {
        return outbox.pending();
    }
}
