package io.floatingip.gateway.proxy;

import io.netty.channel.Channel;

/** Whether a slow reader still takes something of what waits for it: an upstream that ends its connection leaves megabytes at once. */
final class Backlog {
    private long before;

    /** Whether less waits than when this was asked last; also if something waits that did not then. */
    boolean shrinks(Channel... channels) {
        long bytes = 0;
        for (Channel channel : channels) {
            // What is shut down or closed has nothing waiting, and says the maximum.
            bytes += channel.bytesBeforeWritable() == Long.MAX_VALUE ? 0 : channel.bytesBeforeWritable();
        }
        boolean shrinks = bytes > 0 && (before == 0 || bytes < before);
        before = bytes;
        return shrinks;
    }
}
