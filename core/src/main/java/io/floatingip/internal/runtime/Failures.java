package io.floatingip.internal.runtime;

import org.slf4j.Logger;

/** Says that something went wrong where nothing may be thrown: what was out of memory a moment ago may be so again while it is written down. */
final class Failures {
    private Failures() {}

    static void log(Logger log, String sentence, Throwable failure) {
        try {
            log.error(sentence, failure);
        } catch (Throwable e) {
            logWithout(log, sentence, failure);
        }
    }

    /** Its exception cannot even be printed. */
    private static void logWithout(Logger log, String sentence, Throwable failure) {
        try {
            log.error("{}: {}", sentence, failure.getClass().getName());
        } catch (Throwable e) {
            // Whoever failed goes on, if without a word.
        }
    }
}
