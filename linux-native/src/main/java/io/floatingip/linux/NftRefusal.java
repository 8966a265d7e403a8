package io.floatingip.linux;

import static io.floatingip.linux.Libc.ETH_P_IP;
import static io.floatingip.linux.Libc.ETH_P_IPV6;
import static io.floatingip.linux.Libc.IPPROTO_ICMPV6;
import static io.floatingip.linux.NftWriter.ACCEPT;
import static io.floatingip.linux.NftWriter.DROP;
import static io.floatingip.linux.NftWriter.NETWORK_HEADER;
import static io.floatingip.linux.NftWriter.TRANSPORT_HEADER;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;

/**
 * Drops IP packets for some addresses that arrive by one device, all but neighbour discovery; ARP is no IP packet (RFC 9568 section 6.1,
 * Accept_Mode). Unlike the fence this has to end with the process: the table is owned by the netlink socket, which the kernel closes for a dead
 * one, and nobody else can flush it meanwhile.
 */
final class NftRefusal {
    private static final String REFUSED4 = "refused4";
    private static final String REFUSED6 = "refused6";
    // Behind the fence, before everyone else's rules.
    private static final int PRIORITY = -490;
    private static final byte NEIGHBOR_SOLICITATION = (byte) 135;
    private static final byte NEIGHBOR_ADVERTISEMENT = (byte) 136;

    private final NetlinkSocket socket;
    private final String device;
    private final String table;
    private List<InetAddress> addresses = List.of();
    private boolean made;

    NftRefusal(NetlinkSocket socket, String device) {
        this.socket = socket;
        this.device = device;
        // One for each process: an owned table cannot be shared.
        table = "floatingip-refuse-" + device + "-" + Integer.toUnsignedString(socket.port());
    }

    /** Refuses these instead of those before, in one step. */
    void replace(Collection<InetAddress> replacement) throws NativeIoException {
        addresses = List.copyOf(replacement);
        if (!made && addresses.isEmpty()) {
            return;
        }
        NftWriter batch = new NftWriter(socket.request(), table, socket.nextSequence());
        if (made) {
            batch.deleteTable();
        }
        if (!addresses.isEmpty()) {
            add(batch, device, addresses);
        }
        batch.end();
        socket.transact("refusing traffic that arrives by " + device);
        made = !addresses.isEmpty();
    }

    /** Puts the rules back after the interface was replaced; before Linux 6.16 its chain went with it. */
    void repair() {
        try {
            replace(addresses);
        } catch (NativeIoException e) {
            // The interface is gone again: the next one calls again.
        }
    }

    static void add(NftWriter to, String device, Collection<InetAddress> addresses) {
        String in = NftRules.in(device);
        to.addTable(NftWriter.TABLE_OWNER)
                .addSet(REFUSED4, NftWriter.TYPE_IPV4, 4, 0, NftTypes.NONE)
                .addSet(REFUSED6, NftWriter.TYPE_IPV6, 16, 0, NftTypes.NONE)
                .addBaseChain(in, NftWriter.HOOK_INGRESS, device, PRIORITY);
        to.rule(in)
                .protocol(ETH_P_IP)
                .load(NETWORK_HEADER, 16, 4, 0)
                .in(REFUSED4)
                .verdict(DROP)
                .endRule();
        accept(to, in, NEIGHBOR_SOLICITATION);
        accept(to, in, NEIGHBOR_ADVERTISEMENT);
        to.rule(in)
                .protocol(ETH_P_IPV6)
                .load(NETWORK_HEADER, 24, 16, 0)
                .in(REFUSED6)
                .verdict(DROP)
                .endRule();
        for (InetAddress each : addresses) {
            byte[] key = each.getAddress();
            to.addElement(key.length == 4 ? REFUSED4 : REFUSED6, key, 0);
        }
    }

    private static void accept(NftWriter to, String chain, byte type) {
        to.rule(chain)
                .protocol(ETH_P_IPV6)
                .transport(IPPROTO_ICMPV6)
                .load(TRANSPORT_HEADER, 0, 1, 0)
                .equal(type)
                .verdict(ACCEPT)
                .endRule();
    }
}
