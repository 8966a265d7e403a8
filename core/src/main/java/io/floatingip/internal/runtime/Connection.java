package io.floatingip.internal.runtime;

import io.floatingip.Authentication;
import io.floatingip.FenceMode;
import io.floatingip.FloatingIpConfig;
import io.floatingip.IpFamily;
import io.floatingip.UnicastPeer;
import io.floatingip.VirtualAddress;
import io.floatingip.internal.vrrp.RouterParams;
import io.floatingip.internal.wire.Advert;
import io.floatingip.internal.wire.AdvertCodec;
import io.floatingip.internal.wire.Decoded;
import io.floatingip.internal.wire.WireProfile;
import io.floatingip.spi.Channel;
import io.floatingip.spi.FenceSpec;
import io.floatingip.spi.Link;
import io.floatingip.spi.Packet;
import io.floatingip.spi.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything of one virtual router that depends on the address it sends from: codec, sockets and fence. Made anew when that address or the
 * configuration changes. Used by the loop thread only.
 */
final class Connection implements AutoCloseable {
    private static final int HOP_LIMIT = 255;

    private final LinkUse receiving;
    private final InetAddress source;
    private final Channel channel;
    private final AdvertCodec codec;
    private final AdvertSender sender;
    private final FenceUse fence;
    private final Ticker ticker;
    private final boolean needsWallTime;
    private Decoded.@Nullable Accepted lastAccepted;

    /**
     * @param receiving where adverts arrive
     * @param sending where they leave: the same link, or a virtual interface above it
     * @param places where the addresses are
     * @param predecessor what this takes the place of, without a gap and with its sequence numbers; still to be closed by the caller
     */
    Connection(
            FloatingIpConfig config,
            IpFamily family,
            LinkUse receiving,
            LinkUse sending,
            List<Link> places,
            InetAddress source,
            RouterParams params,
            List<InetAddress> guarded,
            Ticker ticker,
            @Nullable Connection predecessor)
            throws IOException {
        this.receiving = receiving;
        this.source = source;
        this.ticker = ticker;
        needsWallTime = config.authentication() instanceof Authentication.Hmac;
        List<UnicastPeer> peers = config.unicastPeers().stream()
                .filter(p -> IpFamily.of(p.address()) == family)
                .toList();
        InetAddress local = peers.isEmpty() ? config.multicastGroups().getOrDefault(family, Groups.of(family)) : source;
        channel = new Channel(family, local, config.authentication() instanceof Authentication.AuthenticationHeader);
        List<InetAddress> advertised = advertised(config, family);
        WireProfile profile = new WireProfile(
                config.version(),
                family,
                config.virtualRouterId(),
                config.advertInterval().toNanos(),
                config.checksum(),
                config.authentication(),
                local,
                HOP_LIMIT,
                peers.stream()
                        .collect(Collectors.toMap(
                                UnicastPeer::address, p -> new WireProfile.TtlBounds(p.minTtl(), p.maxTtl()))),
                advertised,
                config.strict());
        codec = new AdvertCodec(profile, predecessor == null ? null : predecessor.codec);
        Advert advert = new Advert(
                config.version(),
                config.virtualRouterId(),
                params.priority(),
                config.advertInterval().toNanos(),
                advertised);
        sender = new AdvertSender(
                codec,
                config.authentication(),
                sending.link(),
                channel,
                source,
                peers.isEmpty()
                        ? List.of(local)
                        : peers.stream().map(UnicastPeer::address).toList(),
                HOP_LIMIT,
                ticker,
                advert);
        try {
            receiving.listen(channel);
        } catch (IOException e) {
            sender.close();
            throw e;
        }
        boolean wanted = config.fence() != FenceMode.NONE && !params.owner();
        FenceSpec spec = new FenceSpec(
                channel,
                config.virtualRouterId(),
                source,
                guarded,
                params.leaseNanos(),
                params.openNanos(),
                config.fence() == FenceMode.AUTO && config.downAfterAdverts() > 1);
        try {
            fence = FenceUse.of(
                    wanted ? spec : null, sending.link(), places, predecessor == null ? null : predecessor.fence);
        } catch (IOException e) {
            receiving.ignore(channel);
            sender.close();
            throw e;
        }
    }

    static List<InetAddress> advertised(FloatingIpConfig config, IpFamily family) {
        return config.addresses().stream()
                .filter(a -> a.family() == family)
                .map(VirtualAddress::address)
                .toList();
    }

    InetAddress source() {
        return source;
    }

    AdvertSender sender() {
        return sender;
    }

    FenceUse fence() {
        return fence;
    }

    /** What was accepted last, if this packet is the same to the letter. */
    Decoded.@Nullable Accepted repeated(Packet packet) {
        Decoded.Accepted last = lastAccepted;
        return last != null && codec.repeatsLastAccepted(packet) ? last : null;
    }

    Decoded decode(Packet packet) {
        Decoded decoded = codec.decode(packet, source, needsWallTime ? AdvertSender.wallNanos(ticker) : 0);
        if (decoded instanceof Decoded.Accepted accepted) {
            lastAccepted = accepted;
        }
        return decoded;
    }

    @Override
    public void close() {
        receiving.ignore(channel);
        sender.close();
        fence.close();
    }
}
