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
import io.floatingip.spi.Fence;
import io.floatingip.spi.FenceSpec;
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

    private final RouterMember member;
    private final LinkUse link;
    private final IpFamily family;
    private final int vrid;
    private final InetAddress source;
    private final Channel channel;
    private final AdvertCodec codec;
    private final AdvertSender sender;
    private final @Nullable Fence fence;
    private final Ticker ticker;
    private final boolean needsWallTime;
    private Decoded.@Nullable Accepted lastAccepted;

    Connection(
            RouterMember member,
            FloatingIpConfig config,
            IpFamily family,
            LinkUse link,
            InetAddress source,
            RouterParams params,
            List<InetAddress> guarded,
            Ticker ticker)
            throws IOException {
        this.member = member;
        this.link = link;
        this.family = family;
        this.source = source;
        this.ticker = ticker;
        vrid = config.virtualRouterId();
        needsWallTime = config.authentication() instanceof Authentication.Hmac;
        List<UnicastPeer> peers = config.unicastPeers().stream()
                .filter(p -> IpFamily.of(p.address()) == family)
                .toList();
        InetAddress local = peers.isEmpty() ? config.multicastGroups().getOrDefault(family, Groups.of(family)) : source;
        channel = new Channel(family, local, config.authentication() instanceof Authentication.AuthenticationHeader);
        List<InetAddress> advertised = advertised(config, family);
        codec = new AdvertCodec(new WireProfile(
                config.version(),
                family,
                vrid,
                config.advertInterval().toNanos(),
                config.checksum(),
                config.authentication(),
                local,
                HOP_LIMIT,
                peers.stream()
                        .collect(Collectors.toMap(
                                UnicastPeer::address, p -> new WireProfile.TtlBounds(p.minTtl(), p.maxTtl()))),
                advertised,
                config.strict()));
        sender = new AdvertSender(
                codec,
                config.authentication(),
                link.link(),
                channel,
                source,
                peers.isEmpty()
                        ? List.of(local)
                        : peers.stream().map(UnicastPeer::address).toList(),
                HOP_LIMIT,
                ticker,
                new Advert(
                        config.version(),
                        vrid,
                        params.priority(),
                        config.advertInterval().toNanos(),
                        advertised));
        try {
            link.listen(member, family, vrid, channel);
        } catch (IOException e) {
            sender.close();
            throw e;
        }
        try {
            fence = config.fence() == FenceMode.NONE || params.owner()
                    ? null
                    : link.link()
                            .fence(new FenceSpec(
                                    channel,
                                    vrid,
                                    source,
                                    guarded,
                                    params.leaseNanos(),
                                    config.fence() == FenceMode.AUTO));
        } catch (IOException e) {
            link.ignore(member, family, vrid, channel);
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

    @Nullable
    Fence fence() {
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
        link.ignore(member, family, vrid, channel);
        sender.close();
        if (fence != null) {
            fence.close();
        }
    }
}
