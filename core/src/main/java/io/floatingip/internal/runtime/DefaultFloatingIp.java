package io.floatingip.internal.runtime;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;

public final class DefaultFloatingIp {
    private DefaultFloatingIp() {}

    public static FloatingIp join(FloatingIpConfig config) {
        throw new UnsupportedOperationException("to come: " + config);
    }
}
