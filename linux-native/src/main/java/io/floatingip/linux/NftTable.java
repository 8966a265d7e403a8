package io.floatingip.linux;

import io.floatingip.linux.NftRouter.Element;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * This process's share in the table of one device. The table belongs to everyone who uses this library in the network namespace: it is made by
 * the first and removed by the last, and nobody touches what another one has put into it. A table for each process would be simpler to own, but
 * one left behind by a killed process would go on dropping what its successor sends, and neither a process id (other pid namespaces) nor an owner
 * flag (which removes the rules at the very moment they are for) tells the living from the dead.
 */
final class NftTable {
    private static final int ATTEMPTS = 3;
    // What fits into one request for certain.
    private static final int TOGETHER_MAX = 32;
    private static final int ELEMENTS_TOGETHER_MAX = 4;

    private final NetlinkSocket socket;
    private final String device;
    private final String name;
    private final Set<NftFence> fences = new LinkedHashSet<>();
    private final Map<Element, NftFence> holders = new HashMap<>();
    private final Map<Integer, NftFence> armed = new HashMap<>();
    // Whose chains a router has; they stay when its fence is shut.
    private final Map<Integer, NftFence> chained = new HashMap<>();
    // What is known to be in the kernel.
    private boolean made;
    private final Set<String> hooked = new LinkedHashSet<>();

    NftTable(NetlinkSocket socket, String device) {
        this.socket = socket;
        this.device = device;
        name = NftRules.table(device);
    }

    String device() {
        return device;
    }

    String name() {
        return name;
    }

    boolean isUnused() {
        return fences.isEmpty();
    }

    boolean uses(String other) {
        return fences.stream().anyMatch(fence -> fence.devices().contains(other));
    }

    void add(NftFence fence) {
        fences.add(fence);
    }

    /** Makes what is missing of the table and of the chains of these devices. */
    void ensure(Iterable<String> devices) throws NativeIoException {
        if (!made) {
            int error = addTable();
            if (error == Errno.EEXIST) {
                List<String> chains = new NftRemains(socket, name).chains();
                if (!chains.contains(NftRules.ADVERTISED)) {
                    // Another version's; or it has gone meanwhile.
                    if (!chains.isEmpty()) {
                        removeAbandoned();
                    }
                    error = addTable();
                }
            }
            if (error != 0 && error != Errno.EEXIST) {
                throw failed(error);
            }
            made = true;
            if (error == Errno.EEXIST) {
                new NftRemains(socket, name).sweep(armed.keySet());
            }
        }
        for (String each : devices) {
            if (!hooked.contains(each)) {
                NftWriter batch = batch();
                NftRules.addDevice(batch, each);
                int error = commit(batch);
                if (error != 0 && error != Errno.EEXIST) {
                    throw failed(error);
                }
                hooked.add(each);
            }
        }
    }

    /** Guards, and lets the next advert out. */
    void open(NftFence fence) throws NativeIoException {
        NftRouter router = fence.router();
        guard(fence, batch -> NftRules.open(batch, router, router.openMillis()));
        fence.opened();
    }

    /**
     * Guards again after the rules were lost, or in place of another fence.
     *
     * @param openMillis how long an advert that is still to open it may take; 0 or less for not at all
     * @param liveMillis how long it is open without another advert; 0 or less for not at all
     */
    void restore(NftFence fence, long openMillis, long liveMillis) throws NativeIoException {
        NftRouter router = fence.router();
        guard(fence, batch -> {
            if (openMillis > 0) {
                NftRules.open(batch, router, openMillis);
            } else {
                NftRules.hold(batch, router);
                NftRules.stopOpening(batch, router);
            }
            if (liveMillis > 0) {
                NftRules.enliven(batch, router, liveMillis);
            } else {
                NftRules.close(batch, router);
            }
        });
    }

    private void guard(NftFence fence, Consumer<NftWriter> content) throws NativeIoException {
        NftRouter router = fence.router();
        for (int attempt = 1; ; attempt++) {
            ensure(fence.devices());
            NftWriter batch = batch();
            if (!fence.prepared() || chained.get(router.number()) != fence) {
                NftRules.addRouter(batch, router);
            }
            content.accept(batch);
            int error = commit(batch);
            if (error == 0) {
                break;
            }
            if (attempt == ATTEMPTS) {
                throw failed(error);
            }
            // Someone removed the rules a moment ago; or an address
            // belonged to a router that died, and its element says so.
            forget();
            for (Element each : router.elements()) {
                commit(deletion(each));
            }
        }
        guarding(fence);
    }

    private int addTable() throws NativeIoException {
        NftWriter batch = batch();
        NftRules.addTable(batch);
        return commit(batch);
    }

    /** What another version of this library has left, and nobody holds anything in. */
    private void removeAbandoned() throws NativeIoException {
        if (!new NftRemains(socket, name).nothingHeld()) {
            throw new NativeIoException(
                    "netlink request",
                    Errno.EEXIST,
                    doing(),
                    "its table " + name
                            + " is another version's of this library, which still holds an address there; it can go when that has ended");
        }
        commit(batch().deleteTable());
    }

    private void guarding(NftFence fence) {
        NftRouter router = fence.router();
        fence.guarding();
        armed.put(router.number(), fence);
        chained.put(router.number(), fence);
        router.elements().forEach(each -> holders.put(each, fence));
    }

    /** Opens those that are ready for it in one transaction; returns which, none if any of them was refused. */
    List<NftFence> openTogether(List<NftFence> wanted) {
        List<NftFence> ready = wanted.stream()
                .filter(fence -> made
                        && hooked.containsAll(fence.devices())
                        && fence.prepared()
                        && chained.get(fence.router().number()) == fence
                        && fence.router().elements().size() <= ELEMENTS_TOGETHER_MAX)
                .limit(TOGETHER_MAX)
                .toList();
        try {
            NftWriter batch = batch();
            ready.forEach(
                    fence -> NftRules.open(batch, fence.router(), fence.router().openMillis()));
            if (ready.isEmpty() || commit(batch) != 0) {
                return List.of();
            }
        } catch (NativeIoException e) {
            // Each by itself says what is wrong.
            return List.of();
        }
        for (NftFence each : ready) {
            guarding(each);
            each.opened();
        }
        return ready;
    }

    void closeAfter(NftFence fence, long millis) throws NativeIoException {
        NftWriter batch = batch();
        NftRules.closeAfter(batch, fence.router(), millis);
        int error = commit(batch);
        if (error == Errno.ENOENT) {
            // Nothing of it was done, then.
            NftWriter rest = batch();
            NftRules.stopOpening(rest, fence.router());
            error = commit(rest);
        }
        if (error != 0 && error != Errno.ENOENT) {
            throw failed(error);
        }
    }

    /** Takes out what this fence put in, unless another one of this process has taken it over. Nothing that is missing is an error. */
    void shut(NftFence fence) throws NativeIoException {
        NftRouter router = fence.router();
        boolean disarm = armed.remove(router.number(), fence);
        List<Element> own = new ArrayList<>();
        List<Element> others = new ArrayList<>();
        router.elements().forEach(each -> (holders.remove(each, fence) ? own : others).add(each));
        NftWriter batch = batch();
        NftRules.shut(batch, router, others, disarm);
        if (batch.isEmpty() || commit(batch) == 0) {
            return;
        }
        // One refusal has undone all: each by itself, then. What fails now is not there, or not ours.
        for (Element each : own) {
            commit(deletion(each));
        }
        if (disarm) {
            NftWriter last = batch();
            NftRules.shut(last, router, router.elements(), true);
            commit(last);
        }
    }

    /** Gives back everything that was put into the kernel for a fence that is shut. */
    void remove(NftFence fence) throws NativeIoException {
        fences.remove(fence);
        NftRouter router = fence.router();
        if (!armed.containsKey(router.number())) {
            NftWriter batch = batch();
            NftRules.deleteRouter(batch, router);
            chained.remove(router.number());
            // Refused if another process has the same router open, or if this one never was.
            commit(batch);
        }
        if (fences.isEmpty()) {
            NftWriter batch = batch();
            NftRules.deleteTable(batch, hooked);
            commit(batch);
            forget();
        } else {
            for (String each : fence.devices()) {
                if (!uses(each) && hooked.remove(each)) {
                    commit(batch().deleteChain(NftRules.in(each)).deleteChain(NftRules.out(each)));
                }
            }
        }
    }

    /** Whether the chains that all routers share are in the kernel still. */
    boolean isIntact() throws NativeIoException {
        List<String> chains = new NftRemains(socket, name).chains();
        return hooked.stream()
                .allMatch(each -> chains.contains(NftRules.in(each)) && chains.contains(NftRules.out(each)));
    }

    /** Whether the chains of our routers that are open are, too: another process that makes the table again makes its own only. */
    boolean guards() throws NativeIoException {
        List<String> chains = new NftRemains(socket, name).chains();
        return armed.values().stream()
                .map(NftFence::router)
                .allMatch(each -> chains.contains(each.guardChain()) && chains.contains(each.advertChain()));
    }

    /**
     * Someone has removed the table, or the kernel a device with its chains: puts everything back.
     *
     * @param damaged whether only some of it is gone, so that the rest has to go first
     * @return whether a fence was open
     */
    boolean repair(boolean damaged) {
        forget();
        if (damaged) {
            try {
                commit(batch().deleteTable());
            } catch (NativeIoException e) {
                // Then the rest does not come back either, and says why.
            }
        }
        boolean any = false;
        for (NftFence fence : fences) {
            if (fence.isOpen()) {
                fence.repair();
                any = true;
            }
        }
        return any;
    }

    void close() {
        new ArrayList<>(fences).forEach(NftFence::close);
    }

    private void forget() {
        made = false;
        hooked.clear();
        fences.forEach(NftFence::unprepared);
    }

    private NftWriter deletion(Element element) {
        return batch().deleteElement(element.map(), element.key());
    }

    private NftWriter batch() {
        return new NftWriter(socket.request(), name, socket.nextSequence());
    }

    /** The kernel's first error, 0 for none. */
    private int commit(NftWriter batch) throws NativeIoException {
        batch.end();
        return socket.tryTransact(doing(), 1);
    }

    private NativeIoException failed(int error) {
        return socket.failed(doing(), error);
    }

    private String doing() {
        return "changing the packet filter of " + device;
    }
}
