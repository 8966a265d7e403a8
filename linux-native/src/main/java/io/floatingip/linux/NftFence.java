package io.floatingip.linux;

import io.floatingip.spi.Fence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The fence of one virtual router in the packet filter; what it does is in {@link NftRules}. Used by the loop thread. */
final class NftFence implements Fence {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final NftTable table;
    private final NftRouter router;
    private final Set<String> devices;
    private final Runnable renewal;
    private State state = new State(true, "");
    private boolean open;
    // When it falls or fell shut, as far as that is known here: the kernel hears of adverts before.
    private long closesAt = System.nanoTime();
    // Until when the first advert may leave.
    private long openingUntil = closesAt;
    private boolean prepared;
    private boolean openedWithOthers;
    private boolean closed;

    /**
     * @param devices whose packets it guards: the one that adverts leave by, and the one that has the addresses if that is another
     * @param renewal sends what passes it as an advert does
     */
    NftFence(NftTable table, NftRouter router, Set<String> devices, Runnable renewal) {
        this.renewal = renewal;
        this.table = table;
        this.router = router;
        this.devices = Set.copyOf(devices);
        table.add(this);
        try {
            table.ensure(devices);
        } catch (NativeIoException e) {
            state = State.none(reason(e));
        }
    }

    /**
     * {@inheritDoc} Where the kernel cannot do it, {@link #state()} says so and nothing is thrown; what was missing, such as the interface, is
     * looked for again.
     */
    @Override
    public void open() throws NativeIoException {
        boolean already = openedWithOthers && openingUntil - System.nanoTime() > 0;
        openedWithOthers = false;
        if (!closed && !already && isPossible()) {
            guard(() -> table.open(this));
        }
    }

    @Override
    public void openFor(long nanos) throws NativeIoException {
        openedWithOthers = false;
        if (!closed && isPossible()) {
            openingUntil = System.nanoTime();
            closesAt = openingUntil + nanos;
            guard(this::restore);
        }
    }

    private boolean isPossible() {
        if (!state.packetFilter()) {
            try {
                table.ensure(devices);
            } catch (NativeIoException e) {
                state = State.none(reason(e));
                return false;
            }
        }
        return true;
    }

    private interface Guarding {
        void run() throws NativeIoException;
    }

    private void guard(Guarding guarding) throws NativeIoException {
        try {
            guarding.run();
            state = new State(true, "");
        } catch (NativeIoException e) {
            state = State.none(reason(e));
            throw e;
        }
    }

    @Override
    public void advertised(boolean promptly) {
        if (!open) {
            return;
        }
        if (promptly && state.packetFilter()) {
            renewal.run();
        }
        closesAt = System.nanoTime() + router.leaseMillis() * NANOS_PER_MILLI;
    }

    @Override
    public void closeAfter(long nanos) throws NativeIoException {
        openedWithOthers = false;
        if (open) {
            long now = System.nanoTime();
            // What has fallen shut stays so.
            closesAt = closesAt - now > 0 ? now + nanos : closesAt;
            openingUntil = now;
            table.closeAfter(this, nanos / NANOS_PER_MILLI);
        }
    }

    @Override
    public void shut() throws NativeIoException {
        openedWithOthers = false;
        if (open) {
            open = false;
            closesAt = System.nanoTime();
            openingUntil = closesAt;
            table.shut(this);
        }
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                shut();
                table.remove(this);
            } catch (NativeIoException e) {
                // What stays ends by its own time.
            }
        }
    }

    /** As {@link io.floatingip.spi.Network#openTogether}: the kernel checks the whole table for each transaction, however little is in it. */
    static void openTogether(Collection<? extends Fence> fences) {
        Map<NftTable, List<NftFence>> byTable = new LinkedHashMap<>();
        for (Fence each : fences) {
            if (each instanceof NftFence fence && !fence.closed && fence.state.packetFilter()) {
                byTable.computeIfAbsent(fence.table, table -> new ArrayList<>()).add(fence);
            }
        }
        byTable.forEach(
                (table, together) -> table.openTogether(together).forEach(fence -> fence.openedWithOthers = true));
    }

    NftRouter router() {
        return router;
    }

    Set<String> devices() {
        return devices;
    }

    boolean isOpen() {
        return open;
    }

    boolean prepared() {
        return prepared;
    }

    void guarding() {
        open = true;
        prepared = true;
    }

    void opened() {
        openingUntil = System.nanoTime() + router.openMillis() * NANOS_PER_MILLI;
    }

    void unprepared() {
        prepared = false;
    }

    /**
     * Puts it back after its rules were lost, to close when it would have: whoever is leaving, or was stopped and has not decided yet whether it
     * still is master, gets no more time by that.
     */
    void repair() {
        try {
            guard(this::restore);
        } catch (NativeIoException e) {
            // The state says why.
        }
    }

    private void restore() throws NativeIoException {
        table.restore(this, millisUntil(openingUntil), millisUntil(closesAt));
    }

    private static long millisUntil(long end) {
        return (end - System.nanoTime()) / NANOS_PER_MILLI;
    }

    /** What the errno of a refused rule means. */
    static String reason(NativeIoException e) {
        return switch (e.errno()) {
            case Errno.EPERM, Errno.EACCES -> "the packet filter cannot be changed: CAP_NET_ADMIN is needed";
            case Errno.EOPNOTSUPP, Errno.EPROTONOSUPPORT, Errno.EAFNOSUPPORT, Errno.EINVAL ->
                "this kernel's packet filter cannot do it (" + e.errnoName()
                        + "): it takes nf_tables with the egress hook, Linux 5.16 with CONFIG_NETFILTER_EGRESS";
            case Errno.ENOENT, Errno.ENODEV -> "the interface does not exist";
            default -> e.getMessage();
        };
    }
}
