package io.floatingip.gateway.balance;

import io.floatingip.gateway.config.Service;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which upstream a client, or its network, had last. Bounded: who was here longest ago is forgotten first. Any thread. */
final class Persistence {
    private static final int CLIENTS_MAX = 100_000;

    private final Service.Persistence spec;
    // By last use, so that the first are those whose time is over.
    private final Map<BigInteger, Entry> clients = new LinkedHashMap<>(16, 0.75f, true);

    private record Entry(Backend backend, long until) {}

    Persistence(Service.Persistence spec) {
        this.spec = spec;
    }

    boolean isAs(Service.Persistence other) {
        return spec.equals(other);
    }

    synchronized @Nullable Backend find(InetAddress client, long now) {
        Entry entry = clients.get(key(client));
        return entry == null || entry.until() - now <= 0 ? null : entry.backend();
    }

    synchronized void remember(InetAddress client, Backend backend, long now) {
        clients.put(key(client), new Entry(backend, now + spec.timeout().toNanos()));
        Iterator<Entry> oldest = clients.values().iterator();
        while (oldest.hasNext() && (oldest.next().until() - now <= 0 || clients.size() > CLIENTS_MAX)) {
            oldest.remove();
        }
    }

    /** The network part, with a one in front that keeps IPv4 and IPv6 apart. */
    private BigInteger key(InetAddress client) {
        byte[] address = client.getAddress();
        int prefix = address.length == 4 ? spec.prefixIpv4() : spec.prefixIpv6();
        return new BigInteger(1, address)
                .shiftRight(address.length * 8 - prefix)
                .setBit(prefix)
                .shiftLeft(1)
                .add(address.length == 4 ? BigInteger.ONE : BigInteger.ZERO);
    }
}
