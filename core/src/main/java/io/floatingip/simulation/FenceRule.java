package io.floatingip.simulation;

import io.floatingip.spi.FenceSpec;
import java.net.InetAddress;

/** The packet filter's part of one fence. It survives the process that made it. */
final class FenceRule {
    /** How long after the lease it still guards: nothing may hinder other holders for good. */
    private static final long HOLD_NANOS = 10_000_000_000L;

    private final SimKernel kernel;
    final SimInterface link;
    FenceSpec spec;
    /** Whether someone flushed the rules and they were not put back yet. */
    boolean flushed;
    /** Why it is not in the kernel; empty if it is. */
    String lost = "";

    /** Lan time of the last opening, with or without an advert after it. */
    long openedAt = Long.MIN_VALUE / 2;

    private boolean guarding;
    private long openingUntil;
    private long liveUntil;
    private long heldUntil;
    private boolean watched;

    FenceRule(SimKernel kernel, SimInterface link, FenceSpec spec) {
        this.kernel = kernel;
        this.link = link;
        this.spec = spec;
        openingUntil = kernel.now();
        liveUntil = openingUntil;
        heldUntil = openingUntil;
    }

    boolean isFor(SimInterface other, FenceSpec otherSpec) {
        return link == other
                && spec.virtualRouterId() == otherSpec.virtualRouterId()
                && spec.channel().family() == otherSpec.channel().family();
    }

    void open() {
        guarding = true;
        flushed = false;
        lost = "";
        openingUntil = kernel.now() + spec.openNanos();
        hold();
        openedAt = kernel.lanNow();
    }

    private void hold() {
        heldUntil = kernel.now() + spec.leaseNanos() + HOLD_NANOS;
    }

    void openFor(long nanos) {
        openingUntil = kernel.now();
        liveUntil = kernel.now() + nanos;
        watch();
    }

    void closeAfter(long nanos) {
        openingUntil = kernel.now();
        if (live()) {
            liveUntil = kernel.now() + nanos;
        }
    }

    void shut() {
        guarding = false;
        openingUntil = kernel.now();
        liveUntil = kernel.now();
    }

    /** An advert is about to leave: whether it may. One that does and has a priority keeps the fence open. */
    boolean passes(Flight advert) {
        if (!concerns(advert) || advert.priority() == 0) {
            return true;
        }
        if (closed() && !opening()) {
            return false;
        }
        if (guarding && (live() || opening())) {
            liveUntil = kernel.now() + spec.leaseNanos();
            hold();
            watch();
        }
        return true;
    }

    private boolean live() {
        return liveUntil - kernel.now() > 0;
    }

    private boolean opening() {
        return openingUntil - kernel.now() > 0;
    }

    /** Whether the address is among those that nobody may hear of at present. */
    boolean hides(InetAddress address) {
        return closed() && spec.addresses().contains(address);
    }

    private boolean closed() {
        return guarding && !flushed && !live() && heldUntil - kernel.now() > 0;
    }

    private boolean concerns(Flight advert) {
        return advert.virtualRouterId() == spec.virtualRouterId()
                && advert.channel.family() == spec.channel().family()
                && advert.source.equals(spec.source());
    }

    /** For the trace alone: the rule itself is judged when a packet passes, so that no timer can be late. */
    private void watch() {
        if (!watched) {
            watched = true;
            kernel.after(liveUntil - kernel.now(), this::look);
        }
    }

    private void look() {
        watched = false;
        if (!guarding) {
            return;
        }
        if (live()) {
            watch();
        } else {
            kernel.trace("{}'s fence {} falls shut", kernel.host, spec.virtualRouterId());
        }
    }
}
