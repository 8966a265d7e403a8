package io.floatingip.internal.runtime;

import io.floatingip.spi.Fence;
import io.floatingip.spi.FenceSpec;
import io.floatingip.spi.Link;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fence of a connection, or none; handed on to a successor that needs the same one. Used by the loop thread only. */
final class FenceUse implements AutoCloseable {
    private static final Fence.State NONE = Fence.State.none("switched off");

    private final @Nullable FenceSpec spec;
    private final Link link;
    private final List<Link> places;
    private @Nullable Fence fence;

    private FenceUse(@Nullable FenceSpec spec, Link link, List<Link> places, @Nullable Fence fence) {
        this.spec = spec;
        this.link = link;
        this.places = List.copyOf(places);
        this.fence = fence;
    }

    /**
     * @param spec null for none
     * @param link where adverts leave
     * @param places where the addresses are
     */
    static FenceUse of(@Nullable FenceSpec spec, Link link, List<Link> places, @Nullable FenceUse predecessor)
            throws IOException {
        if (predecessor != null
                && spec != null
                && spec.equals(predecessor.spec)
                && link == predecessor.link
                && places.equals(predecessor.places)) {
            FenceUse same = new FenceUse(spec, link, places, predecessor.fence);
            predecessor.fence = null;
            return same;
        }
        if (predecessor != null) {
            // Two fences of one virtual router would take each other's rules away.
            predecessor.close();
        }
        return new FenceUse(spec, link, places, spec == null ? null : link.fence(spec, places));
    }

    /** For opening it together with others; null if there is none. */
    @Nullable
    Fence fence() {
        return fence;
    }

    void open() throws IOException {
        if (fence != null) {
            fence.open();
        }
    }

    void openFor(long nanos) throws IOException {
        if (fence != null) {
            fence.openFor(nanos);
        }
    }

    void advertised(boolean promptly) {
        if (fence != null) {
            fence.advertised(promptly);
        }
    }

    void closeAfter(long nanos) throws IOException {
        if (fence != null) {
            fence.closeAfter(nanos);
        }
    }

    void shut() throws IOException {
        if (fence != null) {
            fence.shut();
        }
    }

    Fence.State state() {
        return fence == null ? NONE : fence.state();
    }

    @Override
    public void close() {
        if (fence != null) {
            fence.close();
            fence = null;
        }
    }
}
