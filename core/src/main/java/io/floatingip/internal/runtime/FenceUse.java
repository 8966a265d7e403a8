package io.floatingip.internal.runtime;

import io.floatingip.spi.Fence;
import io.floatingip.spi.FenceSpec;
import io.floatingip.spi.Link;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The fence of a connection, or none; handed on to a successor that needs the same one. Used by the loop thread only. */
final class FenceUse implements AutoCloseable {
    private final @Nullable FenceSpec spec;
    private final @Nullable Link link;
    private @Nullable Fence fence;

    private FenceUse(@Nullable FenceSpec spec, @Nullable Link link, @Nullable Fence fence) {
        this.spec = spec;
        this.link = link;
        this.fence = fence;
    }

    /** @param spec null for none */
    static FenceUse of(@Nullable FenceSpec spec, Link link, @Nullable FenceUse predecessor) throws IOException {
        if (predecessor != null && spec != null && spec.equals(predecessor.spec) && link == predecessor.link) {
            FenceUse same = new FenceUse(spec, link, predecessor.fence);
            predecessor.fence = null;
            return same;
        }
        if (predecessor != null) {
            // Two fences of one virtual router would take each other's rules away.
            predecessor.close();
        }
        return new FenceUse(spec, link, spec == null ? null : link.fence(spec));
    }

    void open() throws IOException {
        if (fence != null) {
            fence.open();
        }
    }

    void shut() throws IOException {
        if (fence != null) {
            fence.shut();
        }
    }

    Fence.State state() {
        return fence == null ? Fence.State.none("switched off") : fence.state();
    }

    @Override
    public void close() {
        if (fence != null) {
            fence.close();
            fence = null;
        }
    }
}
