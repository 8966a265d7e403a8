package io.floatingip.internal.runtime;

import io.floatingip.internal.notify.Outbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Releases every floating IP of this process when the JVM ends in an orderly way: all of them at the same time, each in its own. */
final class ShutdownHook {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");
    private static final Set<DefaultFloatingIp> JOINED = new LinkedHashSet<>();
    private static final Duration LISTENERS_LIMIT = Duration.ofSeconds(2);
    private static final Duration NOTIFY_LIMIT = Duration.ofSeconds(5);
    private static boolean installed;
    private static boolean ending;

    private ShutdownHook() {}

    /** False if the JVM is ending already and nobody would release it. */
    static boolean add(DefaultFloatingIp joined) {
        synchronized (JOINED) {
            if (!ending && !installed) {
                try {
                    Runtime.getRuntime().addShutdownHook(new Thread(ShutdownHook::releaseAll, "floatingip-shutdown"));
                    installed = true;
                } catch (IllegalStateException e) {
                    ending = true;
                }
            }
            return !ending && JOINED.add(joined);
        }
    }

    static void remove(DefaultFloatingIp joined) {
        synchronized (JOINED) {
            JOINED.remove(joined);
        }
    }

    private static void releaseAll() {
        List<Thread> releasing = new ArrayList<>();
        synchronized (JOINED) {
            ending = true;
            for (DefaultFloatingIp joined : JOINED) {
                releasing.add(new Thread(() -> release(joined), "floatingip-shutdown-" + joined.name()));
            }
        }
        releasing.forEach(Thread::start);
        for (Thread thread : releasing) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                log.warn("interrupted while releasing floating IPs");
                return;
            }
        }
        // What the listeners have just been told may still be on its way to others.
        Outbox.flushAll(NOTIFY_LIMIT);
    }

    private static void release(DefaultFloatingIp joined) {
        joined.close();
        try {
            joined.awaitEveryoneTold(LISTENERS_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
