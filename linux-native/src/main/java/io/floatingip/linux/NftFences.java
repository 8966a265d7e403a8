package io.floatingip.linux;

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
            return new NftFences(commands, NetlinkSocket.open(Libc.NETLINK_NETFILTER, GROUP_NFTABLES), "");
        } catch (NativeIoException e) {
            if (commands != null) {
                commands.close();
            }
            return new NftFences(null, null, NftFence.reason(e));
        }
    }

    /**
     * A fence for adverts that leave by {@code device}; shut as yet.
     *
     * @param addressDevice the interface that has the addresses: the same, or a virtual one above it
     */
    Fence fence(String device, String addressDevice, FenceSpec spec) {
        if (!spec.packetFilter()) {
            return new NoFence("the packet filter is switched off");
        }
        if (commands == null) {
            return new NoFence(unavailable);
        }
        tables.values().removeIf(NftTable::isUnused);
        NftTable table = tables.computeIfAbsent(device, name -> new NftTable(commands, name));
        Set<String> devices = new LinkedHashSet<>(List.of(device));
        devices.add(addressDevice);
        return new NftFence(table, NftRouter.of(spec), devices);
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
     * @param disturbed gets the device of each fence that was open and had lost rules, after the repair
     */
    void onReadable(Consumer<String> disturbed) {
        if (events == null) {
            return;
        }
        Set<NftTable> hit = new LinkedHashSet<>();
        for (int i = 0; i < DATAGRAMS_MAX; i++) {
            try {
                NetlinkMessage message = events.notifications();
                if (message == null) {
                    break;
                }
                while (message.next()) {
                    NftTable table = lostBy(message);
                    if (table != null) {
                        hit.add(table);
                    }
                }
            } catch (NativeIoException e) {
                // Notifications were lost. Putting back what is there changes nothing.
                hit.addAll(tables.values());
            }
        }
        for (NftTable table : hit) {
            if (table.repair()) {
                disturbed.accept(table.device());
            }
        }
    }

    /** The interface is new, though it may have the same name: its chains went with the old one before Linux 6.16. */
    void linkChanged(String device) {
        for (NftTable table : tables.values()) {
            if (table.uses(device)) {
                table.repair();
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

    /** The table of ours that lost something by what this notification tells; null if none. */
    private @Nullable NftTable lostBy(NetlinkMessage message) {
        int type = message.type();
        int chainAttribute = type == NftWriter.DELCHAIN ? 3 : type == NftWriter.DELRULE ? 2 : 0;
        boolean removal = chainAttribute != 0 || type == NftWriter.DELTABLE || type == NftWriter.DELSET;
        if (!removal || commands == null || message.port() == commands.port()) {
            return null;
        }
        String table = "";
        String chain = "";
        for (Attributes a = message.attributes(GENERIC_HEADER_BYTES); a.next(); ) {
            if (a.type() == 1) {
                table = a.text();
            } else if (a.type() == chainAttribute) {
                chain = a.text();
            }
        }
        for (NftTable each : tables.values()) {
            // Another process replaces and removes the chains of its own routers all the time.
            if (each.name().equals(table) && (chain.isEmpty() || each.hasRulesIn(chain))) {
                return each;
            }
        }
        return null;
    }

    /** Where the packet filter is not to be used, or not there. */
    private record NoFence(String reason) implements Fence {
        @Override
        public void open() {}

        @Override
        public void shut() {}

        @Override
        public State state() {
            return State.none(reason);
        }

        @Override
        public void close() {}
    }
}
