package io.floatingip.internal.runtime;

/** What is counted for each floating IP besides the refusals; {@link #key} is its name in the status. */
enum Counter {
    ADVERTS_SENT("adverts.sent"),
    ADVERTS_RECEIVED("adverts.received"),
    ADVERT_SEND_FAILURES("adverts.sendFailures"),
    PRIORITY_ZERO_SENT("adverts.priorityZeroSent"),
    PRIORITY_ZERO_RECEIVED("adverts.priorityZeroReceived"),
    BECAME_MASTER("transitions.toMaster"),
    BECAME_BACKUP("transitions.toBackup"),
    BECAME_FAULT("transitions.toFault"),
    ANNOUNCEMENTS_SENT("announcements.sent"),
    ANNOUNCEMENT_FAILURES("announcements.failures"),
    ADDRESS_FAILURES("addresses.failures"),
    ADDRESSES_RESTORED("addresses.restored"),
    ADDRESS_CONFLICTS("addresses.conflicts"),
    FENCE_DISTURBANCES("fence.disturbances"),
    FENCE_FAILURES("fence.failures"),
    PAUSES("pauses.count"),
    PAUSE_MILLIS("pauses.totalMillis"),
    LISTENER_FAILURES("listeners.failures");

    private final String key;

    Counter(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }
}
