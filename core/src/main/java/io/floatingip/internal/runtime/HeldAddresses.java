package io.floatingip.internal.runtime;

import io.floatingip.VirtualAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final List<VirtualAddress> toRenew = new ArrayList<>();
    private int lifetimeSeconds;

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

    /** Puts every address on its interface, or fails with the first that could not be. What is there already with our mark is renewed. */
    void add() throws IOException {
        for (VirtualAddress address : wanted) {
            LinkUse use = places.get(address);
            use.link().addAddress(address, lifetimeSeconds);
            held.put(address, use);
        }
        toRenew.clear();
    }

    /** Takes all off; goes on after a failure and throws the first at the end. */
    void remove() throws IOException {
        IOException failure = null;
        for (Map.Entry<VirtualAddress, LinkUse> entry : Map.copyOf(held).entrySet()) {
            try {
                entry.getValue().link().removeAddress(entry.getKey());
                held.remove(entry.getKey());
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        toRenew.clear();
        if (failure != null) {
            throw failure;
        }
    }

    /** Those that should be on this link and are not. */
    List<VirtualAddress> missing(LinkUse use) throws IOException {
        List<InetAddress> there = use.link().addresses();
        return held.entrySet().stream()
                .filter(e -> e.getValue() == use)
                .map(Map.Entry::getKey)
                .filter(a -> !there.contains(a.address()))
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
        if (lifetimeSeconds > 0 && toRenew.isEmpty()) {
            toRenew.addAll(held.keySet());
        }
    }

    boolean renewing() {
        return !toRenew.isEmpty();
    }

    /** Renews some of what {@link #renewAll} listed. */
    void renewSome() throws IOException {
        for (int i = 0; i < RENEWALS_PER_TURN && !toRenew.isEmpty(); i++) {
            VirtualAddress address = toRenew.remove(toRenew.size() - 1);
            if (held.containsKey(address)) {
                places.get(address).link().addAddress(address, lifetimeSeconds);
            }
        }
    }
}
