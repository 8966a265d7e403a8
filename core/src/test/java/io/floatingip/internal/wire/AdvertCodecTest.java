package io.floatingip.internal.wire;

import static io.floatingip.internal.wire.ProfileBuilder.ip;
import static io.floatingip.internal.wire.ProfileBuilder.ips;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.Authentication;
import io.floatingip.ChecksumMode;
import io.floatingip.VrrpVersion;
import io.floatingip.internal.wire.Decoded.Accepted;
import io.floatingip.internal.wire.Decoded.ChecksumStyle;
import io.floatingip.internal.wire.Decoded.Rejected;
import io.floatingip.internal.wire.WireProfile.TtlBounds;
import io.floatingip.spi.Packet;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules for version, form, way and content; those of authentication have classes of their own. */
class AdvertCodecTest {
    private static final InetAddress OWN = ip("192.0.2.252");
    private static final InetAddress PEER = ip("192.0.2.251");
    private static final InetAddress GROUP = ip("224.0.0.18");
    private static final Accepted FROM_PEER =
            new Accepted(ProfileBuilder.v3().advert(200), PEER, ChecksumStyle.PSEUDO_HEADER);

    @Test
    void acceptsWithAndWithoutPseudoHeaderWhicheverItSends() {
        RawPacket frr = RawPacket.v3();
        RawPacket rfc9568 = RawPacket.v3();
        rfc9568.pseudoDestination = "";
        for (ChecksumMode mode : ChecksumMode.values()) {
            AdvertCodec codec = ProfileBuilder.v3().checksum(mode).codec();
            assertThat(codec.decode(frr.packet(), OWN, 0)).isEqualTo(FROM_PEER);
            assertThat(codec.decode(rfc9568.packet(), OWN, 0))
                    .isEqualTo(new Accepted(FROM_PEER.advert(), PEER, ChecksumStyle.MESSAGE_ONLY));
        }
    }

    @Test
    void acceptsThePseudoHeaderOfOldKeepalivedOnUnicastOnly() {
        RawPacket raw = RawPacket.v3();
        raw.destination = "192.0.2.252";
        AdvertCodec unicast = ProfileBuilder.v3()
                .unicast("192.0.2.252", anyTtl("192.0.2.251"))
                .codec();
        assertThat(unicast.decode(raw.packet(), OWN, 0))
                .isEqualTo(new Accepted(FROM_PEER.advert(), PEER, ChecksumStyle.OLD_UNICAST));
        assertThat(ProfileBuilder.v3().codec().decode(raw.packet(), OWN, 0))
                .isEqualTo(new Rejected(Rejection.CHECKSUM, "checksum 0xdefb is wrong under every reading"));
    }

    @Test
    void acceptsPriorityZero() {
        RawPacket raw = RawPacket.v3();
        raw.priority = 0;
        assertThat(decode(raw))
                .isEqualTo(new Accepted(FROM_PEER.advert().withPriority(0), PEER, ChecksumStyle.PSEUDO_HEADER));
    }

    @Test
    void readsTheIntervalOfVersion3WithoutItsReservedBits() {
        RawPacket raw = RawPacket.v3();
        raw.interval = 0xffff;
        assertThat(decode(raw))
                .isEqualTo(new Accepted(
                        new Advert(VrrpVersion.V3, 10, 200, 40_950_000_000L, ips("192.0.2.1", "192.0.2.2")),
                        PEER,
                        ChecksumStyle.PSEUDO_HEADER));
    }

    @Test
    void acceptsAnotherListOfAddressesUnlessStrict() {
        RawPacket raw = RawPacket.v3();
        raw.addresses = "c0000201c0000203";
        assertThat(decode(raw))
                .isEqualTo(new Accepted(
                        new Advert(VrrpVersion.V3, 10, 200, 1_000_000_000L, ips("192.0.2.1", "192.0.2.3")),
                        PEER,
                        ChecksumStyle.PSEUDO_HEADER));
        assertThat(ProfileBuilder.v3().strict().codec().decode(raw.packet(), OWN, 0))
                .isEqualTo(new Rejected(
                        Rejection.ADDRESS_LIST_MISMATCH,
                        "addresses are [192.0.2.1, 192.0.2.3], must be [192.0.2.1, 192.0.2.2]"));
    }

    @Test
    void strictComparesListsWithoutTheirOrderAndExemptsTheOwner() {
        AdvertCodec strict = ProfileBuilder.v3().strict().codec();
        RawPacket swapped = RawPacket.v3();
        swapped.addresses = "c0000202c0000201";
        assertThat(strict.decode(swapped.packet(), OWN, 0)).isInstanceOf(Accepted.class);
        RawPacket twice = RawPacket.v3();
        twice.addresses = "c0000201c0000202c0000202";
        twice.count = 3;
        assertThat(rejection(strict.decode(twice.packet(), OWN, 0))).isEqualTo(Rejection.ADDRESS_LIST_MISMATCH);
        twice.priority = 255;
        assertThat(strict.decode(twice.packet(), OWN, 0)).isInstanceOf(Accepted.class);
    }

    @Test
    void skipsIpOptionsAndWhatALinkAppended() {
        byte[] plain = RawPacket.v3().bytes();
        byte[] long24 = new byte[plain.length + 4 + 10];
        System.arraycopy(plain, 0, long24, 0, 20);
        System.arraycopy(plain, 20, long24, 24, plain.length - 20);
        Arrays.fill(long24, plain.length + 4, long24.length, (byte) 0x77);
        long24[0] = 0x46;
        long24[3] = (byte) (plain.length + 4);
        AdvertCodec codec = ProfileBuilder.v3().codec();
        assertThat(codec.decode(RawPacket.ipv4(long24), OWN, 0)).isEqualTo(FROM_PEER);
        assertThat(codec.repeatsLastAccepted(RawPacket.ipv4(plain))).isTrue();
    }

    @Test
    void readsFromTheMiddleOfADirectBufferOfEitherOrder() {
        byte[] bytes = RawPacket.v3().bytes();
        ByteBuffer data = ByteBuffer.allocateDirect(bytes.length + 20).order(ByteOrder.LITTLE_ENDIAN);
        data.position(7).put(7, bytes).limit(7 + bytes.length);
        assertThat(ProfileBuilder.v3().codec().decode(new Packet().setIpv4(data, 0), OWN, 0))
                .isEqualTo(FROM_PEER);
    }

    @Test
    void keepsAnIpv4MappedAddressAnIpv6Address() throws Exception {
        byte[] bytes = ByteBuffer.allocate(16)
                .putShort(10, (short) 0xffff)
                .putInt(12, 0x0a000001)
                .array();
        InetAddress mapped = Inet6Address.getByAddress(null, bytes, -1);
        ProfileBuilder profile = ProfileBuilder.v3Ipv6().addresses(List.of(mapped));
        byte[] message = Wire.encode(profile.codec(), profile.advert(1), ip("fe80::c8"), ip("ff02::12"), 0);
        AdvertCodec.fillIpv6Checksum(ByteBuffer.wrap(message), ip("fe80::c8"), ip("ff02::12"));
        assertThat(profile.codec().decode(RawPacket.ipv6(message, "fe80::c8", "ff02::12", 255), ip("fe80::1"), 0))
                .isEqualTo(new Accepted(profile.advert(1), ip("fe80::c8"), ChecksumStyle.ONLY));
    }

    @Test
    void attributesWithoutJudging() {
        RawPacket raw = RawPacket.v2();
        raw.virtualRouterId = 77;
        raw.ttl = 1;
        raw.count = 0;
        raw.checksumError = 1;
        assertThat(AdvertCodec.virtualRouterId(raw.packet())).isEqualTo(77);
    }

    @Test
    void refusesTruncated() {
        byte[] whole = RawPacket.v3().bytes();
        for (int length = 0; length < 28; length++) {
            assertUnattributable(RawPacket.ipv4(Arrays.copyOf(whole, length)), Rejection.TRUNCATED);
        }
        byte[] claimsMore = whole.clone();
        claimsMore[3]++;
        assertUnattributable(RawPacket.ipv4(claimsMore), Rejection.TRUNCATED);
        byte[] claimsLess = whole.clone();
        claimsLess[3] = 27;
        assertUnattributable(RawPacket.ipv4(claimsLess), Rejection.TRUNCATED);
        byte[] notIpv4 = whole.clone();
        notIpv4[0] = 0x65;
        assertUnattributable(RawPacket.ipv4(notIpv4), Rejection.TRUNCATED);
        assertUnattributable(RawPacket.ipv6(new byte[7], "fe80::1", "ff02::12", 255), Rejection.TRUNCATED);
    }

    @Test
    void refusesOtherProtocols() {
        RawPacket raw = RawPacket.v3();
        raw.protocol = 89;
        assertUnattributable(raw.packet(), Rejection.NOT_VRRP);
    }

    @Test
    void refusesUnknownVersions() {
        for (int version : new int[] {0, 1, 4, 15}) {
            RawPacket raw = RawPacket.v3();
            raw.version = version;
            assertUnattributable(raw.packet(), Rejection.UNKNOWN_VERSION);
        }
    }

    @Test
    void refusesUnknownTypes() {
        for (int type : new int[] {0, 2, 15}) {
            RawPacket raw = RawPacket.v3();
            raw.type = type;
            assertUnattributable(raw.packet(), Rejection.UNKNOWN_TYPE);
        }
    }

    @Test
    void recognizesCarpByItsLength() {
        RawPacket carp = RawPacket.v2();
        carp.priority = 0;
        carp.count = 7;
        carp.tail = "";
        carp.addresses = "00112233445566778899aabbccddeeff0123456789abcdef01234567";
        assertUnattributable(carp.packet(), Rejection.CARP);
    }

    @Test
    void takesSevenAddressesOfEitherVersionForVrrp() {
        String seven = "0a000001".repeat(7);
        RawPacket v2 = RawPacket.v2();
        v2.count = 7;
        v2.addresses = seven;
        assertThat(ProfileBuilder.v2().codec().decode(v2.packet(), OWN, 0)).isInstanceOf(Accepted.class);
        RawPacket v3 = RawPacket.v3();
        v3.count = 7;
        v3.addresses = seven;
        assertThat(decode(v3)).isInstanceOf(Accepted.class);
    }

    @Test
    void refusesAnotherVirtualRouterAndAnotherFamily() {
        RawPacket raw = RawPacket.v3();
        raw.virtualRouterId = 11;
        assertThat(decode(raw))
                .isEqualTo(new Rejected(Rejection.UNKNOWN_VRID, "virtual router is 11 (IPV4), this is 10 (IPV4)"));
        assertThat(ProfileBuilder.v3Ipv6().codec().decode(RawPacket.v3().packet(), OWN, 0))
                .isEqualTo(new Rejected(Rejection.UNKNOWN_VRID, "virtual router is 10 (IPV4), this is 10 (IPV6)"));
    }

    @Test
    void refusesTheOtherVersion() {
        assertThat(decode(RawPacket.v2()))
                .isEqualTo(new Rejected(Rejection.VERSION_MISMATCH, "version is 2, must be 3"));
        assertThat(ProfileBuilder.v2().codec().decode(RawPacket.v3().packet(), OWN, 0))
                .isEqualTo(new Rejected(Rejection.VERSION_MISMATCH, "version is 3, must be 2"));
    }

    @Test
    void refusesNoAddress() {
        RawPacket raw = RawPacket.v3();
        raw.count = 0;
        raw.addresses = "";
        assertThat(decode(raw))
                .isEqualTo(new Rejected(Rejection.NO_ADDRESS, "count of addresses is 0, must be 1 or more"));
    }

    @Test
    void refusesALengthThatDoesNotFitTheCount() {
        RawPacket more = RawPacket.v3();
        more.count = 1;
        assertThat(decode(more))
                .isEqualTo(new Rejected(Rejection.LENGTH, "message has 16 bytes, must have 12 for 1 addresses"));
        RawPacket less = RawPacket.v3();
        less.count = 255;
        assertThat(decode(less))
                .isEqualTo(new Rejected(Rejection.LENGTH, "message has 16 bytes, must have 1028 for 255 addresses"));
        RawPacket noData = RawPacket.v2();
        noData.tail = "";
        assertThat(ProfileBuilder.v2().codec().decode(noData.packet(), OWN, 0))
                .isEqualTo(new Rejected(Rejection.LENGTH, "message has 16 bytes, must have 24 for 2 addresses"));
        RawPacket signed = RawPacket.v3();
        signed.trailer = "01".repeat(28);
        assertThat(decode(signed))
                .isEqualTo(new Rejected(
                        Rejection.LENGTH,
                        "message has 44 bytes, must have 16 for 2 addresses; the sender may sign with an HMAC"));
    }

    @Test
    void refusesAWrongChecksumInEveryStyle() {
        for (String pseudo : List.of("224.0.0.18", "", "224.0.0.19")) {
            RawPacket raw = RawPacket.v3();
            raw.pseudoDestination = pseudo;
            raw.checksumError = pseudo.equals("224.0.0.19") ? 0 : 1;
            assertThat(rejection(decode(raw))).isEqualTo(Rejection.CHECKSUM);
        }
        RawPacket v2 = RawPacket.v2();
        v2.checksumError = 1;
        assertThat(rejection(ProfileBuilder.v2().codec().decode(v2.packet(), OWN, 0)))
                .isEqualTo(Rejection.CHECKSUM);
    }

    @Test
    void refusesAWrongChecksumOverIpv6AndTheZeroOfAnUnfilledOne() {
        ProfileBuilder profile = ProfileBuilder.v3Ipv6();
        byte[] message = Wire.encode(profile.codec(), profile.advert(1), ip("fe80::c8"), ip("ff02::12"), 0);
        Packet received = RawPacket.ipv6(message, "fe80::c8", "ff02::12", 255);
        assertThat(rejection(profile.codec().decode(received, ip("fe80::1"), 0)))
                .isEqualTo(Rejection.CHECKSUM);
    }

    @Test
    void refusesItsOwnPacket() {
        assertThat(ProfileBuilder.v3().codec().decode(RawPacket.v3().packet(), PEER, 0))
                .isEqualTo(new Rejected(Rejection.OWN_PACKET, "sender is this node, 192.0.2.251"));
    }

    @Test
    void refusesUnicastOnAMulticastRouterAndTheOtherWayRound() {
        RawPacket raw = RawPacket.v3();
        raw.destination = "192.0.2.252";
        raw.pseudoDestination = "192.0.2.252";
        assertThat(decode(raw))
                .isEqualTo(new Rejected(Rejection.DESTINATION, "destination is 192.0.2.252, must be 224.0.0.18"));
        AdvertCodec unicast = ProfileBuilder.v3()
                .unicast("192.0.2.252", anyTtl("192.0.2.251"))
                .codec();
        assertThat(unicast.decode(RawPacket.v3().packet(), OWN, 0))
                .isEqualTo(new Rejected(Rejection.DESTINATION, "destination is 224.0.0.18, must be unicast"));
    }

    @Test
    void refusesAnotherHopLimitOnMulticast() {
        RawPacket raw = RawPacket.v3();
        raw.ttl = 254;
        assertThat(decode(raw)).isEqualTo(new Rejected(Rejection.HOP_LIMIT, "TTL is 254, must be 255"));
    }

    @Test
    void holdsUnicastPeersToTheirBounds() {
        RawPacket raw = RawPacket.v3();
        raw.destination = "192.0.2.252";
        raw.pseudoDestination = "192.0.2.252";
        AdvertCodec codec = ProfileBuilder.v3()
                .unicast("192.0.2.252", Map.of(PEER, new TtlBounds(60, 64)))
                .codec();
        raw.ttl = 60;
        assertThat(codec.decode(raw.packet(), OWN, 0)).isEqualTo(FROM_PEER);
        raw.ttl = 64;
        assertThat(codec.decode(raw.packet(), OWN, 0)).isEqualTo(FROM_PEER);
        raw.ttl = 59;
        assertThat(codec.decode(raw.packet(), OWN, 0))
                .isEqualTo(new Rejected(Rejection.HOP_LIMIT, "TTL from 192.0.2.251 is 59, must be 60 to 64"));
        raw.ttl = 65;
        assertThat(rejection(codec.decode(raw.packet(), OWN, 0))).isEqualTo(Rejection.HOP_LIMIT);
    }

    @Test
    void refusesAStrangerOnUnicast() {
        RawPacket raw = RawPacket.v3();
        raw.destination = "192.0.2.252";
        raw.pseudoDestination = "192.0.2.252";
        AdvertCodec codec =
                ProfileBuilder.v3().unicast("192.0.2.252", anyTtl("192.0.2.7")).codec();
        assertThat(codec.decode(raw.packet(), OWN, 0))
                .isEqualTo(new Rejected(Rejection.UNKNOWN_PEER, "sender 192.0.2.251 is not one of the peers"));
    }

    @Test
    void refusesAnotherAuthenticationType() {
        RawPacket raw = RawPacket.v2();
        raw.authenticationType = 1;
        assertThat(ProfileBuilder.v2().codec().decode(raw.packet(), OWN, 0))
                .isEqualTo(new Rejected(Rejection.AUTHENTICATION_TYPE, "authentication type is 1, must be 0"));
    }

    @Test
    void refusesAnotherPassword() {
        AdvertCodec codec = ProfileBuilder.v2()
                .authentication(Authentication.password("secret42 and more"))
                .codec();
        RawPacket raw = RawPacket.v2();
        raw.authenticationType = 1;
        raw.tail = "7365637265743432";
        assertThat(codec.decode(raw.packet(), OWN, 0)).isInstanceOf(Accepted.class);
        raw.tail = "7365637265743433";
        assertThat(codec.decode(raw.packet(), OWN, 0))
                .isEqualTo(new Rejected(Rejection.PASSWORD, "the password is not the configured one"));
    }

    @Test
    void refusesIntervalZero() {
        Rejected zero = new Rejected(Rejection.ZERO_INTERVAL, "advertisement interval is 0");
        RawPacket v3 = RawPacket.v3();
        v3.interval = 0xf000;
        assertThat(decode(v3)).isEqualTo(zero);
        RawPacket v2 = RawPacket.v2();
        v2.interval = 0;
        assertThat(ProfileBuilder.v2().codec().decode(v2.packet(), OWN, 0)).isEqualTo(zero);
    }

    @Test
    void refusesAnotherIntervalInVersion2() {
        RawPacket raw = RawPacket.v2();
        raw.interval = 2;
        assertThat(ProfileBuilder.v2().codec().decode(raw.packet(), OWN, 0))
                .isEqualTo(new Rejected(Rejection.INTERVAL_MISMATCH, "advertisement interval is 2 s, must be 1 s"));
    }

    @Test
    void refusesAFirstAddressThatIsNotLinkLocalIfStrict() {
        ProfileBuilder sender = ProfileBuilder.v3Ipv6().addresses(ips("2001:db8::1", "fe80::1"));
        byte[] message = Wire.encode(sender.codec(), sender.advert(1), ip("fe80::c8"), ip("ff02::12"), 0);
        AdvertCodec.fillIpv6Checksum(ByteBuffer.wrap(message), ip("fe80::c8"), ip("ff02::12"));
        Packet received = RawPacket.ipv6(message, "fe80::c8", "ff02::12", 255);
        assertThat(ProfileBuilder.v3Ipv6().codec().decode(received, ip("fe80::2"), 0))
                .isInstanceOf(Accepted.class);
        assertThat(ProfileBuilder.v3Ipv6().strict().codec().decode(received, ip("fe80::2"), 0))
                .isEqualTo(new Rejected(
                        Rejection.FIRST_ADDRESS_NOT_LINK_LOCAL,
                        "first address is 2001:db8:0:0:0:0:0:1, must be link-local"));
    }

    @Test
    void countsAPacketThatIsWrongInEveryWayUnderTheFirstRuleItBreaks() {
        AdvertCodec codec = ProfileBuilder.v2()
                .authentication(Authentication.password("secret42"))
                .strict()
                .codec();
        RawPacket raw = RawPacket.v2();
        raw.protocol = 89;
        raw.version = 4;
        raw.type = 2;
        raw.virtualRouterId = 11;
        raw.count = 0;
        raw.checksumError = 1;
        raw.source = "192.0.2.252";
        raw.destination = "224.0.0.19";
        raw.ttl = 3;
        raw.tail = "00";
        raw.interval = 0;
        raw.addresses = "c0000201c0000203";
        List<Runnable> repairs = List.of(
                () -> raw.protocol = 112,
                () -> raw.version = 3,
                () -> raw.type = 1,
                () -> raw.virtualRouterId = 10,
                () -> raw.version = 2,
                () -> raw.count = 2,
                () -> raw.tail = "0000000000000000",
                () -> raw.checksumError = 0,
                () -> raw.source = "192.0.2.251",
                () -> raw.destination = "224.0.0.18",
                () -> raw.ttl = 255,
                () -> raw.authenticationType = 1,
                () -> raw.tail = "7365637265743432",
                () -> raw.interval = 3,
                () -> raw.interval = 1,
                () -> raw.addresses = "c0000201c0000202");
        List<Rejection> verdicts = new ArrayList<>();
        for (Runnable repair : repairs) {
            verdicts.add(rejection(codec.decode(raw.packet(), OWN, 0)));
            repair.run();
        }
        assertThat(verdicts)
                .containsExactly(
                        Rejection.NOT_VRRP,
                        Rejection.UNKNOWN_VERSION,
                        Rejection.UNKNOWN_TYPE,
                        Rejection.UNKNOWN_VRID,
                        Rejection.VERSION_MISMATCH,
                        Rejection.NO_ADDRESS,
                        Rejection.LENGTH,
                        Rejection.CHECKSUM,
                        Rejection.OWN_PACKET,
                        Rejection.DESTINATION,
                        Rejection.HOP_LIMIT,
                        Rejection.AUTHENTICATION_TYPE,
                        Rejection.PASSWORD,
                        Rejection.ZERO_INTERVAL,
                        Rejection.INTERVAL_MISMATCH,
                        Rejection.ADDRESS_LIST_MISMATCH);
        assertThat(codec.decode(raw.packet(), OWN, 0)).isInstanceOf(Accepted.class);
    }

    @Test
    void aRepetitionDiffersInNothingButTheIpHeadersId() {
        AdvertCodec codec = ProfileBuilder.v3().codec();
        RawPacket raw = RawPacket.v3();
        byte[] accepted = raw.bytes();
        assertThat(codec.repeatsLastAccepted(raw.packet())).isFalse();
        assertThat(codec.decode(RawPacket.ipv4(accepted), OWN, 0)).isEqualTo(FROM_PEER);
        for (int i = 8; i < accepted.length; i++) {
            byte[] other = accepted.clone();
            other[i] ^= 1;
            boolean headerChecksum = i == 10 || i == 11;
            assertThat(codec.repeatsLastAccepted(RawPacket.ipv4(other)))
                    .as("byte %d", i)
                    .isEqualTo(headerChecksum);
        }
        accepted[5]++;
        assertThat(codec.repeatsLastAccepted(RawPacket.ipv4(accepted))).isTrue();
    }

    @Test
    void aRefusedPacketDoesNotEndTheRepetition() {
        AdvertCodec codec = ProfileBuilder.v3().codec();
        RawPacket raw = RawPacket.v3();
        assertThat(codec.decode(raw.packet(), OWN, 0)).isEqualTo(FROM_PEER);
        raw.ttl = 1;
        assertThat(rejection(codec.decode(raw.packet(), OWN, 0))).isEqualTo(Rejection.HOP_LIMIT);
        raw.ttl = 255;
        assertThat(codec.repeatsLastAccepted(raw.packet())).isTrue();
    }

    @Test
    void idsGrowAndLeaveOutZero() {
        AdvertCodec codec = ProfileBuilder.v3().codec();
        Advert advert = ProfileBuilder.v3().advert(100);
        for (int i = 0; i < 0x1_0001; i++) {
            byte[] packet = Wire.encode(codec, advert, PEER, GROUP, i);
            int id = (packet[4] & 0xff) << 8 | packet[5] & 0xff;
            assertThat(id).isEqualTo(i % 0xffff + 1);
        }
    }

    @Test
    void copiesToSeveralPeersShareTheIdAndDifferInDestinationAndChecksum() {
        AdvertCodec codec = ProfileBuilder.v3()
                .unicast("192.0.2.251", anyTtl("192.0.2.252", "192.0.2.253"))
                .hopLimit(64)
                .codec();
        Advert advert = ProfileBuilder.v3().advert(100);
        RawPacket first = RawPacket.v3();
        first.priority = 100;
        first.ttl = 64;
        first.destination = "192.0.2.252";
        first.pseudoDestination = "192.0.2.252";
        byte[] firstBytes = first.bytes();
        RawPacket second = RawPacket.v3();
        second.priority = 100;
        second.ttl = 64;
        second.destination = "192.0.2.253";
        second.pseudoDestination = "192.0.2.253";
        byte[] secondBytes = second.bytes();

        assertThat(Wire.encode(codec, advert, PEER, OWN, 5)).isEqualTo(firstBytes);
        assertThat(Wire.encode(codec, advert, PEER, ip("192.0.2.253"), 5)).isEqualTo(secondBytes);
        firstBytes[5] = 2;
        secondBytes[5] = 2;
        assertThat(Wire.encode(codec, advert, PEER, OWN, 5)).isEqualTo(firstBytes);
        assertThat(Wire.encode(codec, advert, PEER, ip("192.0.2.253"), 5)).isEqualTo(secondBytes);
        secondBytes[5] = 3;
        assertThat(Wire.encode(codec, advert, PEER, ip("192.0.2.253"), 6)).isEqualTo(secondBytes);
    }

    @Test
    void refusesToWriteWhatItsProfileCannotSay() {
        ProfileBuilder v3 = ProfileBuilder.v3();
        ByteBuffer out = ByteBuffer.allocate(AdvertCodec.PACKET_BYTES_MAX);
        AdvertCodec codec = v3.codec();
        Advert good = v3.advert(100);
        List<Advert> bad = List.of(
                ProfileBuilder.v2().advert(100),
                v3.virtualRouterId(11).advert(100),
                new Advert(VrrpVersion.V3, 10, 100, 9_999_999, good.addresses()),
                new Advert(VrrpVersion.V3, 10, 100, 40_960_000_000L, good.addresses()),
                new Advert(VrrpVersion.V3, 10, 100, 1_000_000_000L, ips("2001:db8::1")),
                new Advert(VrrpVersion.V3, 10, 100, 1_000_000_000L, Collections.nCopies(256, GROUP)));
        for (Advert advert : bad) {
            assertThatThrownBy(() -> codec.encode(advert, PEER, GROUP, 0, out))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        codec.encode(good, PEER, GROUP, 0, out);
        assertThat(ProfileBuilder.v3().codec().decode(new Packet().setIpv4(out, 0), OWN, 0))
                .isEqualTo(new Accepted(good, PEER, ChecksumStyle.PSEUDO_HEADER));
    }

    @Test
    void theLongestPacketFits() {
        ProfileBuilder profile = ProfileBuilder.v3Ipv6()
                .addresses(Collections.nCopies(255, ip("2001:db8::1")))
                .authentication(Authentication.hmac().key(1, new byte[32]).build());
        byte[] message = Wire.encode(profile.codec(), profile.advert(1), ip("fe80::c8"), ip("ff02::12"), 0);
        AdvertCodec.fillIpv6Checksum(ByteBuffer.wrap(message), ip("fe80::c8"), ip("ff02::12"));
        assertThat(message).hasSize(8 + 255 * 16 + 28);
        assertThat(profile.codec().decode(RawPacket.ipv6(message, "fe80::c8", "ff02::12", 255), ip("fe80::1"), 0))
                .isEqualTo(new Accepted(profile.advert(1), ip("fe80::c8"), ChecksumStyle.ONLY));
    }

    private static Decoded decode(RawPacket raw) {
        return ProfileBuilder.v3().codec().decode(raw.packet(), OWN, 0);
    }

    private static void assertUnattributable(Packet packet, Rejection wanted) {
        assertThat(Rejection.values()[~AdvertCodec.virtualRouterId(packet)]).isEqualTo(wanted);
        assertThat(rejection(ProfileBuilder.v3().codec().decode(packet, OWN, 0)))
                .isEqualTo(wanted);
    }

    static Rejection rejection(Decoded decoded) {
        assertThat(decoded).isInstanceOf(Rejected.class);
        return ((Rejected) decoded).rejection();
    }

    private static Map<InetAddress, TtlBounds> anyTtl(String... peers) {
        return ips(peers).stream().collect(Collectors.toMap(peer -> peer, peer -> TtlBounds.ANY));
    }
}
