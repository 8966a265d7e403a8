package io.floatingip.simulation;

import io.floatingip.spi.Channel;
import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.LinkInfo;
import io.floatingip.spi.NetworkListener;
import io.floatingip.spi.Packet;
import java.net.InetAddress;

/** Something that waits in a socket of a process. */
sealed interface Notice {
    /** The interface it came from. */
    SimInterface link();

    /** Whether a link of this process on that interface wants it. */
    boolean concerns(SimLink to);

    void deliver(SimLink to, NetworkListener listener, Packet view);

    record Arrived(SimInterface link, Flight flight, long receivedAt) implements Notice {
        @Override
        public boolean concerns(SimLink to) {
            Channel channel = flight.channel;
            return to.listensTo(channel);
        }

        @Override
        public void deliver(SimLink to, NetworkListener listener, Packet view) {
            listener.packet(to, flight.show(view, receivedAt));
        }
    }

    record Changed(SimInterface link, LinkInfo info) implements Notice {
        @Override
        public boolean concerns(SimLink to) {
            return true;
        }

        @Override
        public void deliver(SimLink to, NetworkListener listener, Packet view) {
            to.info(info);
            listener.linkChanged(to);
        }
    }

    record Removed(SimInterface link) implements Notice {
        @Override
        public boolean concerns(SimLink to) {
            return true;
        }

        @Override
        public void deliver(SimLink to, NetworkListener listener, Packet view) {
            listener.addressesRemoved(to);
        }
    }

    record Claim(SimInterface link, InetAddress address, HardwareAddress claimant) implements Notice {
        @Override
        public boolean concerns(SimLink to) {
            return to.watches(address);
        }

        @Override
        public void deliver(SimLink to, NetworkListener listener, Packet view) {
            listener.neighborClaims(to, address, claimant);
        }
    }

    record Disturbed(SimInterface link) implements Notice {
        @Override
        public boolean concerns(SimLink to) {
            return to.mendFences();
        }

        @Override
        public void deliver(SimLink to, NetworkListener listener, Packet view) {
            listener.fenceDisturbed(to);
        }
    }
}
