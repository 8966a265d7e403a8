package io.floatingip.internal.runtime;

import io.floatingip.FloatingIpException;
import io.floatingip.spi.Network;
import io.floatingip.spi.NetworkProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Finds the machine's network. */
final class Networks {
    private Networks() {}

    static Network open() {
        List<String> why = new ArrayList<>();
        for (NetworkProvider provider : ServiceLoader.load(NetworkProvider.class, Networks.class.getClassLoader())) {
            var unavailable = provider.unavailable();
            if (unavailable.isPresent()) {
                why.add(unavailable.get());
                continue;
            }
            try {
                return provider.open();
            } catch (IOException e) {
                throw new FloatingIpException(e.getMessage(), e);
            }
        }
        if (why.isEmpty()) {
            throw new FloatingIpException(
                    System.getProperty("os.name").equals("Linux")
                            ? "no network provider found; add the dependency io.floatingip:floatingip-linux-native, or pass a network(...) to the configuration"
                            : "a floating IP can be joined on Linux only, this is " + System.getProperty("os.name")
                                    + "; for development and tests pass a simulated network, see io.floatingip.simulation.SimLan");
        }
        throw new FloatingIpException(String.join("; ", why));
    }
}
