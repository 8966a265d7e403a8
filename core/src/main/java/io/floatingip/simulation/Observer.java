package io.floatingip.simulation;

import java.net.InetAddress;

/** Sees what leaves the hosts, at the moment it does. */
interface Observer {
    void sent(SimHost host, Flight flight);

    void announced(SimHost host, InetAddress address);
}
