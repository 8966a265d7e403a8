package io.floatingip.internal.runtime;

import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import io.floatingip.spi.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The addresses of one virtual router on their interfaces: put there, verified, renewed before their lifetime ends, taken off. Used by the loop
 * thread only.
 */
final class HeldAddresses {
    // Renewals are system calls; hundreds of them must not delay an advert.
    private static final int RENEWALS_PER_TURN = 16;

    private final List<VirtualAddress> wanted;
    private final Map<VirtualAddress, LinkUse> places;
    private final UnaryOperator<LinkUse> neighborsOf;
    private final Map<VirtualAddress, LinkUse> held = new LinkedHashMap<>();
    // Those of them that may or may not be there: neither adding nor looking was answered.
    private final Set<VirtualAddress> doubtful = new HashSet<>();
    private int lifetimeSeconds;
    // How many of the wanted ones, from the first, are still to be renewed.
    private int toRenew;

    /**
     * @param places where each address belongs
     * @param neighborsOf the link where the neighbours are for addresses on a link: the same, unless nothing is sent through it
     * @param lifetimeSeconds 0 for no limit
     */
    HeldAddresses(Map<VirtualAddress, LinkUse> places, UnaryOperator<LinkUse> neighborsOf, int lifetimeSeconds) {
        this.neighborsOf = neighborsOf;
        this.places = new LinkedHashMap<>(places);
        wanted = List.copyOf(places.keySet());
        this.lifetimeSeconds = lifetimeSeconds;
    }

    List<VirtualAddress> wanted() {
        return wanted;
    }

    LinkUse place(VirtualAddress address) {
        return places.get(address);
    }

    /** Where its neighbours are. */
    LinkUse neighbors(VirtualAddress address) {
        return neighborsOf.apply(places.get(address));
    }

    Set<LinkUse> neighborUses() {
        return places.values().stream().map(neighborsOf).collect(Collectors.toSet());
    }

    /** The addresses whose neighbours are on this link. */
    Set<InetAddress> announcedOn(LinkUse use) {
        return places.entrySet().stream()
                .filter(e -> neighborsOf.apply(e.getValue()) == use)
                .map(e -> e.getKey().address())
                .collect(Collectors.toSet());
    }

    Set<LinkUse> uses() {
        return Set.copyOf(places.values());
    }

    /** Where something is held, wanted or not. */
    Set<LinkUse> heldOn() {
        return Set.copyOf(held.values());
    }

    boolean holds(InetAddress address) {
        return held.keySet().stream().anyMatch(a -> a.address().equals(address));
    }

    /** What is held and cannot stay until this one is there too: one interface has an IPv4 address once for each prefix length, an IPv6 address once. */
    Optional<VirtualAddress> inTheWayOf(VirtualAddress address, LinkUse place) {
        return held.entrySet().stream()
                .filter(e -> e.getValue() == place)
                .map(Map.Entry::getKey)
                .filter(a -> a.address().equals(address.address()) && !a.equals(address))
                .filter(a -> a.family() == IpFamily.IPV6 || a.prefixLength() == address.prefixLength())
                .findFirst();
    }

    boolean any() {
        return !held.isEmpty();
    }

    int lifetimeSeconds() {
        return lifetimeSeconds;
    }

    /** From the next renewal on. */
    void lifetimeSeconds(int seconds) {
        lifetimeSeconds = seconds;
    }

    /** Takes over what a predecessor held: those that are wanted here too. What is left there goes with it. */
    void takeOver(HeldAddresses predecessor) {
        for (VirtualAddress address : wanted) {
            if (predecessor.held.get(address) == places.get(address)) {
                predecessor.held.remove(address);
                held.put(address, places.get(address));
                if (predecessor.doubtful.contains(address)) {
                    doubtful.add(address);
                }
            }
        }
    }

    /** Gives back what is held to a predecessor that stays after all. */
    void handBack(HeldAddresses predecessor) {
        for (VirtualAddress address : predecessor.wanted) {
            LinkUse place = predecessor.places.get(address);
            if (place != null && held.remove(address, place)) {
                predecessor.held.put(address, place);
            }
        }
    }

    /** Takes over what a predecessor holds that should have been taken off: it goes with what is held here, or before. */
    void inherit(HeldAddresses predecessor) {
        held.putAll(predecessor.held);
        doubtful.addAll(predecessor.doubtful);
        predecessor.held.clear();
    }

    boolean anyInherited() {
        return !places.keySet().containsAll(held.keySet());
    }

    void removeInherited() throws IOException {
        remove(a -> !places.containsKey(a));
    }

    /**
     * Puts every address on its interface, or fails with the first that could not be. What is there already with our mark is renewed.
     *
     * @param late whether to stop
     * @return false if it was stopped
     */
    boolean add(BooleanSupplier late) throws IOException {
        for (VirtualAddress address : wanted) {
            if (late.getAsBoolean()) {
                return false;
            }
            LinkUse use = places.get(address);
            try {
                use.link().addAddress(address, lifetimeSeconds);
            } catch (IOException | RuntimeException | Error e) {
                holdWhatIsThere(address, use);
                throw e;
            }
            held.put(address, use);
            doubtful.remove(address);
        }
        toRenew = 0;
        return true;
    }

    /** It may be there although the answer was lost; what is there has to be taken off. */
    private void holdWhatIsThere(VirtualAddress address, LinkUse use) {
        try {
            if (isMarked(use.link(), address)) {
                held.put(address, use);
            }
        } catch (IOException | RuntimeException | Error e) {
            held.put(address, use);
            doubtful.add(address);
        }
    }

    private static boolean isMarked(Link link, VirtualAddress address) throws IOException {
        return link.markedAddresses().stream()
                .anyMatch(marked -> marked.address().equals(address.address()));
    }

    /** Takes all off; goes on after a failure and throws the first at the end. */
    void remove() throws IOException {
        toRenew = 0;
        remove(a -> true);
    }

    private void remove(Predicate<VirtualAddress> which) throws IOException {
        Throwable failure = null;
        for (Map.Entry<VirtualAddress, LinkUse> entry : Map.copyOf(held).entrySet()) {
            VirtualAddress address = entry.getKey();
            Link link = entry.getValue().link();
            if (!which.test(address)) {
                continue;
            }
            try {
                // What may never have been put there may be somebody else's.
                if (!doubtful.contains(address) || isMarked(link, address)) {
                    link.removeAddress(address);
                }
                held.remove(address);
                doubtful.remove(address);
            } catch (IOException | RuntimeException | Error e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure instanceof Error e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        } else if (failure != null) {
            throw (IOException) failure;
        }
    }

    /** Those that should be on this link and are not. */
    List<VirtualAddress> missing(LinkUse use) throws IOException {
        List<InetAddress> there = use.link().addresses();
        return held.entrySet().stream()
                .filter(e -> e.getValue() == use)
                .map(Map.Entry::getKey)
                .filter(a -> places.containsKey(a) && !there.contains(a.address()))
                .toList();
    }

    void restore(VirtualAddress address) throws IOException {
        places.get(address).link().addAddress(address, lifetimeSeconds);
    }

    /** Takes off one address that is not there. */
    void rehearse() throws IOException {
        VirtualAddress address = wanted.get(0);
        LinkUse use = places.get(address);
        if (!held.containsKey(address) && !use.link().addresses().contains(address.address())) {
            use.link().removeAddress(address);
        }
    }

    void renewAll() {
        if (lifetimeSeconds > 0 && toRenew == 0) {
            toRenew = wanted.size();
        }
    }

    boolean renewing() {
        return toRenew > 0;
    }

    /** Renews some of what {@link #renewAll} listed, while it may. */
    void renewSome(BooleanSupplier renewable) throws IOException {
        for (int i = 0; i < RENEWALS_PER_TURN && toRenew > 0 && renewable.getAsBoolean(); i++) {
            VirtualAddress address = wanted.get(--toRenew);
            if (held.containsKey(address)) {
                places.get(address).link().addAddress(address, lifetimeSeconds);
            }
        }
    }
}
