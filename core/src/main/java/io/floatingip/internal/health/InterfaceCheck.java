package io.floatingip.internal.health;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.UnhealthyException;
import java.net.NetworkInterface;

/** Whether an interface exists, is up and has a carrier. */
record InterfaceCheck(String name) implements HealthCheck {
    @Override
    public boolean check() throws Exception {
        NetworkInterface found = NetworkInterface.getByName(name);
        if (found == null) {
            throw new UnhealthyException("interface " + name + " does not exist");
        }
        if (!found.isUp()) {
            throw new UnhealthyException("interface " + name + " is down or has no carrier");
        }
        return true;
    }
}
