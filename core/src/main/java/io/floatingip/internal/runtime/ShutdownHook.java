package io.floatingip.internal.runtime;

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
    private static boolean installed;

    private ShutdownHook() {}

    static void add(DefaultFloatingIp joined) {
        synchronized (JOINED) {
            JOINED.add(joined);
            if (!installed) {
                installed = true;
                Runtime.getRuntime().addShutdownHook(new Thread(ShutdownHook::releaseAll, "floatingip-shutdown"));
            }
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
            for (DefaultFloatingIp joined : JOINED) {
                releasing.add(new Thread(joined::close, "floatingip-shutdown-" + joined.name()));
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
    }
}
