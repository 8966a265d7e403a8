package io.floatingip.internal.runtime;

import io.floatingip.Authentication;
import io.floatingip.internal.wire.Advert;
import io.floatingip.internal.wire.AdvertCodec;
import io.floatingip.spi.Channel;
import io.floatingip.spi.Link;
import io.floatingip.spi.Outgoing;
import io.floatingip.spi.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends the adverts of one virtual router, to the group or to each peer. Used by the loop thread only; allocates nothing while nothing changes. */
final class AdvertSender implements AutoCloseable {
    private static final long SECOND = 1_000_000_000L;

    private final AdvertCodec codec;
    private final InetAddress source;
    private final List<InetAddress> destinations;
    private final List<Outgoing> ways = new ArrayList<>();
    private final Ticker ticker;
    private final boolean needsWallTime;
    private final ByteBuffer buffer = ByteBuffer.allocate(AdvertCodec.PACKET_BYTES_MAX);
    private Advert advert;
    private @Nullable IOException failure;
    private @Nullable InetAddress failedTo;

    AdvertSender(
            AdvertCodec codec,
            Authentication authentication,
            Link link,
            Channel channel,
            InetAddress source,
            List<InetAddress> destinations,
            int hopLimit,
            Ticker ticker,
            Advert advert)
            throws IOException {
        this.codec = codec;
        this.source = source;
        this.destinations = List.copyOf(destinations);
        this.ticker = ticker;
        this.advert = advert;
        needsWallTime = authentication instanceof Authentication.Hmac;
        try {
            for (InetAddress destination : destinations) {
                ways.add(link.outgoing(channel, source, destination, hopLimit));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    Advert advert() {
        return advert;
    }

    void advert(Advert changed) {
        advert = changed;
    }

    /**
     * Sends to all destinations.
     *
     * @return the first failure if nothing left this machine at all; null if at least one packet did
     */
    @Nullable
    IOException send(int priority) {
        Advert sent = priority == advert.priority() ? advert : advert.withPriority(priority);
        long wallNanos = needsWallTime ? wallNanos(ticker) : 0;
        failure = null;
        int left = 0;
        for (int i = 0; i < ways.size(); i++) {
            try {
                codec.encode(sent, source, destinations.get(i), wallNanos, buffer);
                ways.get(i).send(buffer);
                left++;
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                    failedTo = destinations.get(i);
                }
            }
        }
        return left > 0 ? null : failure;
    }

    /** The first failure of the last {@link #send}, if it was for some of several destinations only; null if all packets left. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** Where {@link #failure} happened. */
    @Nullable
    InetAddress failedTo() {
        return failedTo;
    }

    static long wallNanos(Ticker ticker) {
        Instant wall = ticker.wallTime();
        return wall.getEpochSecond() * SECOND + wall.getNano();
    }

    @Override
    public void close() {
        ways.forEach(Outgoing::close);
        ways.clear();
    }
}
