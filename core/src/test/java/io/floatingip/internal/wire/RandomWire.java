package io.floatingip.internal.wire;

import static io.floatingip.internal.wire.ProfileBuilder.ip;

import io.floatingip.Authentication;
import io.floatingip.Authentication.Hmac;
import io.floatingip.ChecksumMode;
import io.floatingip.IpFamily;
import io.floatingip.VrrpVersion;
import io.floatingip.internal.wire.WireProfile.TtlBounds;
import io.floatingip.spi.Packet;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A random virtual router: its profile, adverts for it, and the way of their bytes from one node to another. */
final class RandomWire {
    static final long WALL_NANOS = 1_800_000_000_000_000_000L;

    private final Random random;
    final VrrpVersion version;
    final IpFamily family;
    final boolean unicast;
    final InetAddress sender;
    final InetAddress receiver;
    final InetAddress destination;
    private final ProfileBuilder profile;
    private final int virtualRouterId;
    private final long version2Nanos;

    RandomWire(Random random) {
        this.random = random;
        ProfileBuilder builder;
        switch (random.nextInt(3)) {
            case 0 -> {
                version = VrrpVersion.V2;
                family = IpFamily.IPV4;
                builder = ProfileBuilder.v2();
            }
            case 1 -> {
                version = VrrpVersion.V3;
                family = IpFamily.IPV4;
                builder = ProfileBuilder.v3();
            }
            default -> {
                version = VrrpVersion.V3;
                family = IpFamily.IPV6;
                builder = ProfileBuilder.v3Ipv6();
            }
        }
        sender = ip(family == IpFamily.IPV4 ? "10.1.2." + (1 + random.nextInt(100)) : "fe80::" + random.nextInt(99));
        receiver = ip(family == IpFamily.IPV4 ? "10.1.2.200" : "fe80::1:2");
        unicast = random.nextBoolean();
        if (unicast) {
            builder.unicast(receiver.getHostAddress(), Map.of(sender, TtlBounds.ANY));
        }
        destination = unicast ? receiver : ip(family == IpFamily.IPV4 ? "224.0.0.18" : "ff02::12");
        virtualRouterId = 1 + random.nextInt(255);
        version2Nanos = 1_000_000_000L * (1 + random.nextInt(255));
        profile = builder.virtualRouterId(virtualRouterId)
                .adverNanos(version2Nanos)
                .checksum(ChecksumMode.values()[random.nextInt(2)])
                .authentication(authentication());
    }

    private Authentication authentication() {
        switch (random.nextInt(version == VrrpVersion.V2 ? 4 : 2)) {
            case 0:
                return Authentication.none();
            case 1:
                byte[] key = new byte[32 + random.nextInt(33)];
                random.nextBytes(key);
                return Authentication.hmac()
                        .key(1 + random.nextInt(255), key)
                        .mode(Hmac.Mode.values()[random.nextInt(3)])
                        .antiReplay(Hmac.AntiReplay.values()[random.nextInt(2)])
                        .build();
            case 2:
                return Authentication.password("p" + random.nextInt());
            default:
                return Authentication.authenticationHeader("p" + random.nextInt());
        }
    }

    AdvertCodec codec() {
        return profile.codec();
    }

    boolean counts() {
        Authentication authentication = profile.build().authentication();
        return authentication instanceof Hmac || authentication instanceof Authentication.AuthenticationHeader;
    }

    Advert advert() {
        int count = 1 + (random.nextInt(10) == 0 ? random.nextInt(255) : random.nextInt(4));
        List<InetAddress> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addresses.add(address());
        }
        long nanos = version == VrrpVersion.V2 ? version2Nanos : 10_000_000L * (1 + random.nextInt(4095));
        return new Advert(version, virtualRouterId, random.nextInt(256), nanos, addresses);
    }

    private InetAddress address() {
        byte[] bytes = new byte[family.addressLength()];
        random.nextBytes(bytes);
        try {
            return family == IpFamily.IPV4
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** What leaves the kernel: over IPv6 with the checksum. */
    byte[] send(AdvertCodec codec, Advert advert, long wallNanos) {
        byte[] sent = Wire.encode(codec, advert, sender, destination, wallNanos);
        fill(sent);
        return sent;
    }

    private void fill(byte[] packet) {
        if (family == IpFamily.IPV6) {
            AdvertCodec.fillIpv6Checksum(ByteBuffer.wrap(packet), sender, destination);
        }
    }

    /** Somewhere in a larger buffer, heap or direct. */
    Packet received(byte[] bytes) {
        int start = random.nextInt(50);
        int size = start + bytes.length + random.nextInt(50);
        ByteBuffer data = random.nextBoolean() ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
        data.position(start).put(start, bytes).limit(start + bytes.length);
        if (family == IpFamily.IPV4) {
            return new Packet().setIpv4(data, 0);
        }
        AddressBits from = AddressBits.of(sender);
        AddressBits to = AddressBits.of(destination);
        return new Packet().setIpv6(data, 112, from.high(), from.low(), to.high(), to.low(), 255, 0);
    }

    /** Makes the checksum right again after a change to the message, so that the change is what gets judged. */
    void mendChecksum(byte[] packet) {
        if (family == IpFamily.IPV6) {
            if (packet.length >= 8) {
                fill(packet);
            }
            return;
        }
        Packet view = RawPacket.ipv4(packet);
        if (Envelope.refusal(view) == null) {
            int start = Envelope.start(view);
            int end = Math.min(
                    Envelope.end(view), start + Message.length(version, family, Message.count(view.data(), start)));
            packet[start + 6] = 0;
            packet[start + 7] = 0;
            int field = Checksum.field(Checksum.sum(view.data(), start, end));
            packet[start + 6] = (byte) (field >> 8);
            packet[start + 7] = (byte) field;
        }
    }
}
