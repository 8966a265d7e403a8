package io.floatingip.linux;

import static io.floatingip.linux.Libc.SOL_SOCKET;
import static io.floatingip.linux.Libc.SO_RCVBUFFORCE;

import io.floatingip.linux.NetlinkMessage.Attributes;
import io.floatingip.spi.Fence;
import io.floatingip.spi.FenceSpec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything this library has in the packet filter of one network namespace: fences and refused traffic. It listens for rules that others remove
 * (firewalld and {@code nft flush ruleset} remove all) and puts them back. Speaks netlink itself; no {@code nft} command is needed. Used by the
 * loop thread.
 */
final class NftFences implements AutoCloseable {
    /** NFNLGRP_NFTABLES, group 7. */
    private static final int GROUP_NFTABLES = 1 << 6;

    private static final int GENERIC_HEADER_BYTES = 4;
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;
    // Of a busy firewall at most this many datagrams at once, so that its changes do not hold up the loop.
    private static final int DATAGRAMS_MAX = 64;

    private final @Nullable NetlinkSocket commands;
    private final @Nullable NetlinkSocket events;
    private final String unavailable;
    private final Map<String, NftTable> tables = new LinkedHashMap<>();
    private final Map<String, NftRefusal> refusals = new LinkedHashMap<>();

    private NftFences(@Nullable NetlinkSocket commands, @Nullable NetlinkSocket events, String unavailable) {
        this.commands = commands;
        this.events = events;
        this.unavailable = unavailable;
    }

    /** Opens the sockets in the network namespace of the calling thread. A kernel without a packet filter is no error; the fences say so. */
    static NftFences open() {
        NetlinkSocket commands = null;
        try {
            commands = NetlinkSocket.open(Libc.NETLINK_NETFILTER, 0);
            return new NftFences(commands, listener(commands.port()), "");
        } catch (NativeIoException e) {
            if (commands != null) {
                commands.close();
            }
            return new NftFences(null, null, NftFence.reason(e));
        }
    }

    /** Hears what others change, not what we do: 255 routers that open at once would overrun it with their own doing. */
    private static NetlinkSocket listener(int ownPort) throws NativeIoException {
        NetlinkSocket socket = NetlinkSocket.open(Libc.NETLINK_NETFILTER, GROUP_NFTABLES);
        Machine.optional(() -> Sys.setsockopt(
                socket.fd(), SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES, "enlarging a receive buffer"));
        Machine.attach(socket.fd(), SocketFilter.notFrom(ownPort), "filtering notifications");
        return socket;
    }

    /**
     * A fence for adverts that leave by {@code device}; shut as yet.
     *
     * @param addressDevices the interfaces that have the addresses: the same, a virtual one above it, or others
     * @param renewal sends what passes the fence as an advert does, if adverts may wait for a neighbour
     */
    Fence fence(String device, Collection<String> addressDevices, FenceSpec spec, Runnable renewal) {
        if (!spec.packetFilter()) {
            return new NoFence("the packet filter is switched off");
        }
        if (commands == null) {
            return new NoFence(unavailable);
        }
        tables.values().removeIf(NftTable::isUnused);
        NftTable table = tables.computeIfAbsent(device, name -> new NftTable(commands, name));
        Set<String> devices = new LinkedHashSet<>(List.of(device));
        devices.addAll(addressDevices);
        return new NftFence(table, NftRouter.of(spec), devices, renewal);
    }

    /** As {@link io.floatingip.spi.Link#refuseTraffic}, for what arrives by this device. */
    void refuse(String device, Collection<InetAddress> addresses) throws NativeIoException {
        if (commands == null) {
            if (addresses.isEmpty()) {
                return;
            }
            throw new NativeIoException("netlink socket", Errno.EPROTONOSUPPORT, "refusing traffic", unavailable);
        }
        refusals.computeIfAbsent(device, name -> new NftRefusal(commands, name)).replace(addresses);
    }

    /** To be polled for reading; null if there is no packet filter. */
    @Nullable
    Fd fd() {
        return events == null ? null : events.fd();
    }

    /**
     * Reads what others changed, without waiting, and puts back what they removed of ours.
     *
     * @param disturbed gets the device of each fence that was open and had lost rules, after the repair, which may have failed:
     *     {@link Fence#state()} says so
     */
    void onReadable(Consumer<String> disturbed) {
        if (events == null) {
            return;
        }
        Map<NftTable, Boolean> hit = new LinkedHashMap<>();
        for (int i = 0; i < DATAGRAMS_MAX; i++) {
            try {
                NetlinkMessage message = events.notifications();
                if (message == null) {
                    break;
                }
                while (message.next()) {
                    note(message, hit);
                }
            } catch (NativeIoException e) {
                // Notifications were lost: look instead. Putting back without looking would cause as many again.
                tables.values().forEach(table -> look(table, hit));
            }
        }
        hit.forEach((table, damaged) -> {
            if (table.repair(damaged)) {
                disturbed.accept(table.device());
            }
        });
    }

    private static void look(NftTable table, Map<NftTable, Boolean> hit) {
        if (table.isUnused()) {
            return;
        }
        try {
            if (!table.isIntact()) {
                hit.put(table, true);
            } else if (!table.guards()) {
                hit.putIfAbsent(table, false);
            }
        } catch (NativeIoException e) {
            hit.put(table, true);
        }
    }

    /** The interface is new, though it may have the same name: its chains went with the old one before Linux 6.16. */
    void linkChanged(String device) {
        for (NftTable table : tables.values()) {
            if (table.uses(device)) {
                table.repair(false);
            }
        }
        NftRefusal refusal = refusals.get(device);
        if (refusal != null) {
            refusal.repair();
        }
    }

    /** Closes the fences that are open still, and the sockets; refusals end with them. */
    @Override
    public void close() {
        new ArrayList<>(tables.values()).forEach(NftTable::close);
        tables.clear();
        if (commands != null && events != null) {
            commands.close();
            events.close();
        }
    }

    /** Notes a table of ours that lost something by what a notification tells: true if only a part of it. */
    private void note(NetlinkMessage message, Map<NftTable, Boolean> hit) {
        int type = message.type();
        int chainAttribute = type == NftWriter.DELCHAIN ? 3 : type == NftWriter.DELRULE ? 2 : 0;
        if (chainAttribute == 0 && type != NftWriter.DELTABLE && type != NftWriter.DELSET) {
            return;
        }
        String name = "";
        String chain = "";
        for (Attributes a = message.attributes(GENERIC_HEADER_BYTES); a.next(); ) {
            if (a.type() == 1) {
                name = a.text();
            } else if (a.type() == chainAttribute) {
                chain = a.text();
            }
        }
        for (NftTable table : tables.values()) {
            if (!table.name().equals(name)) {
                continue;
            }
            if (type == NftWriter.DELTABLE) {
                // The last word of a table that is deleted: what went before it was not damage.
                hit.put(table, false);
            } else if (type == NftWriter.DELSET || NftRules.shared(chain)) {
                hit.put(table, true);
            }
            // Chains of single routers are replaced and removed by the processes they belong to.
        }
    }
}
