package io.floatingip.gateway.proxy;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes over certificates that somebody has renewed. Used by one thread. */
final class CertificateWatch implements Runnable {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip.gateway");

    private final Supplier<? extends Collection<Front>> fronts;
    /** By listener: said once, not each time. */
    private final Map<String, String> complaints = new HashMap<>();

    CertificateWatch(Supplier<? extends Collection<Front>> fronts) {
        this.fronts = fronts;
    }

    /** Looks at all files once. A half-written file, or one that does not belong to the other yet, is looked at again the next time. */
    @Override
    public void run() {
        for (Front front : fronts.get()) {
            try {
                look(front);
            } catch (RuntimeException | Error e) {
                // Thrown on, it would be the last look at any of them.
                log.error("the certificate of listener {} was not looked at", front.listener.name(), e);
            }
        }
    }

    private void look(Front front) {
        Certificates present = front.settings().tls();
        if (present == null || !present.isOutdated()) {
            return;
        }
        String name = front.listener.name();
        try {
            Certificates renewed = Certificates.read(present.listener());
            front.renewed(present, renewed);
            complaints.remove(name);
            log.info("listener {} shows a new certificate", name);
        } catch (IllegalArgumentException e) {
            String complaint = String.valueOf(e.getMessage());
            if (!complaint.equals(complaints.put(name, complaint))) {
                log.warn("{}; goes on with the certificate it has, good until {}", complaint, present.notAfter());
            }
        }
    }
}
