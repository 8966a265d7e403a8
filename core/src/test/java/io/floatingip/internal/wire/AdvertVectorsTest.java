package io.floatingip.internal.wire;

import static io.floatingip.internal.wire.ProfileBuilder.ip;
import static io.floatingip.internal.wire.ProfileBuilder.ips;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Authentication;
import io.floatingip.ChecksumMode;
import io.floatingip.VrrpVersion;
import io.floatingip.internal.wire.Decoded.Accepted;
import io.floatingip.internal.wire.Decoded.ChecksumStyle;
import io.floatingip.internal.wire.WireProfile.TtlBounds;
import io.floatingip.spi.Packet;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Known bytes, both ways: vectors from other implementations and drafts, and captures of a real keepalived. */
class AdvertVectorsTest {
    private static final InetAddress NODE = ip("192.0.2.251");
    private static final InetAddress PEER = ip("192.0.2.252");
    private static final InetAddress GROUP = ip("224.0.0.18");
    private static final Authentication PASSWORD = Authentication.password("secret42");
    private static final Authentication HEADER = Authentication.authenticationHeader("secret42");
    private static final Authentication HMAC =
            Authentication.hmac().key(1, countingUp(32)).build();
    /** The vectors' time stamp: seconds 0x68000000 and a half. */
    private static final long HMAC_WALL_NANOS = 0x6800_0000L * 1_000_000_000L + 500_000_000L;

    @Test
    void version2WithTwoAddresses() {
        ProfileBuilder profile = ProfileBuilder.v2();
        agree(profile, 200, "210ac802000192edc0000201c00002020000000000000000", ChecksumStyle.ONLY);
    }

    @Test
    void version2OfHolosUnitTest() {
        ProfileBuilder profile = ProfileBuilder.v2().virtualRouterId(51).addresses(ips("10.0.1.5"));
        agree(profile, 30, "21331e010001b5c50a0001050000000000000000", ChecksumStyle.ONLY);
    }

    @Test
    void version3WithPseudoHeaderAsKeepalivedAndFrr() {
        agree(ProfileBuilder.v3(), 200, "310ac8020064defbc0000201c0000202", ChecksumStyle.PSEUDO_HEADER);
    }

    @Test
    void version3WithoutPseudoHeaderAsRfc9568() {
        ProfileBuilder profile = ProfileBuilder.v3().checksum(ChecksumMode.MESSAGE_ONLY);
        agree(profile, 200, "310ac8020064828ac0000201c0000202", ChecksumStyle.MESSAGE_ONLY);
    }

    @Test
    void version3OverIpv6() {
        ProfileBuilder profile = ProfileBuilder.v3Ipv6();
        String vector = "310a640200643f5d" + "fe800000000000000000000000000001" + "20010db8000000000000000000000001";
        Advert advert = profile.advert(100);

        byte[] sent = Wire.encode(profile.codec(), advert, ip("fe80::c8"), ip("ff02::12"), 0);
        assertThat(hex(sent)).isEqualTo(vector.replace("3f5d", "0000"));
        AdvertCodec.fillIpv6Checksum(ByteBuffer.wrap(sent), ip("fe80::c8"), ip("ff02::12"));
        assertThat(hex(sent)).isEqualTo(vector);

        Packet received = RawPacket.ipv6(bytes(vector), "fe80::c8", "ff02::12", 255);
        assertThat(profile.codec().decode(received, ip("fe80::1:1"), 0))
                .isEqualTo(new Accepted(advert, ip("fe80::c8"), ChecksumStyle.ONLY));
    }

    @Test
    void hmacTrailerOverIpv4AsInTheDraft() {
        ProfileBuilder profile = ProfileBuilder.v3()
                .virtualRouterId(51)
                .addresses(ips("192.0.2.100"))
                .checksum(ChecksumMode.MESSAGE_ONLY)
                .authentication(HMAC);
        String vector = "3133c80100644402c0000264" + "010100006800000080000000" + "1b84bc4e8e43892dc6d98448f8ee2265";
        Advert advert = profile.advert(200);
        InetAddress sender = ip("198.51.100.10");

        byte[] sent = Wire.encode(profile.codec(), advert, sender, GROUP, HMAC_WALL_NANOS);
        assertThat(hex(sent)).isEqualTo("45c0003c00010000ff700000" + "c633640a" + "e0000012" + vector);
        assertThat(profile.codec().decode(RawPacket.ipv4(sent), NODE, HMAC_WALL_NANOS))
                .isEqualTo(new Accepted(advert, sender, ChecksumStyle.MESSAGE_ONLY));
    }

    @Test
    void hmacTrailerOverIpv6AsInTheDraft() {
        ProfileBuilder profile = ProfileBuilder.v3Ipv6()
                .virtualRouterId(51)
                .addresses(ips("fe80::100"))
                .authentication(HMAC)
                .unicast("fe80::10", Map.of(ip("fe80::10"), TtlBounds.ANY));
        String vector = "3133c8010064a2e9" + "fe800000000000000000000000000100" + "010100006800000080000000"
                + "c8c56146ebfd66ee10ec4d8186461b78";
        Advert advert = profile.advert(200);

        byte[] sent = Wire.encode(profile.codec(), advert, ip("fe80::10"), ip("fe80::20"), HMAC_WALL_NANOS);
        AdvertCodec.fillIpv6Checksum(ByteBuffer.wrap(sent), ip("fe80::10"), ip("fe80::20"));
        assertThat(hex(sent)).isEqualTo(vector);

        Packet received = RawPacket.ipv6(bytes(vector), "fe80::10", "fe80::20", 255);
        assertThat(profile.codec().decode(received, ip("fe80::20"), HMAC_WALL_NANOS))
                .isEqualTo(new Accepted(advert, ip("fe80::10"), ChecksumStyle.ONLY));
    }

    @Test
    void keepalivedVersion2() throws IOException {
        sendsAndUnderstandsWhatKeepalivedSent("v2", ProfileBuilder.v2(), GROUP, ChecksumStyle.ONLY);
    }

    @Test
    void keepalivedVersion2WithPassword() throws IOException {
        ProfileBuilder profile = ProfileBuilder.v2().authentication(PASSWORD);
        sendsAndUnderstandsWhatKeepalivedSent("v2-pass", profile, GROUP, ChecksumStyle.ONLY);
    }

    @Test
    void keepalivedVersion2WithAuthenticationHeader() throws IOException {
        ProfileBuilder profile = ProfileBuilder.v2().authentication(HEADER);
        sendsAndUnderstandsWhatKeepalivedSent("v2-ah", profile, GROUP, ChecksumStyle.ONLY);
    }

    @Test
    void keepalivedVersion2WithAuthenticationHeaderUnicast() throws IOException {
        ProfileBuilder profile = unicast(ProfileBuilder.v2().authentication(HEADER));
        sendsAndUnderstandsWhatKeepalivedSent("v2-ah-unicast", profile, PEER, ChecksumStyle.ONLY);
    }

    @Test
    void keepalivedVersion3OverIpv4() throws IOException {
        sendsAndUnderstandsWhatKeepalivedSent("v3-ipv4", ProfileBuilder.v3(), GROUP, ChecksumStyle.PSEUDO_HEADER);
    }

    @Test
    void keepalivedVersion3OverIpv4Unicast() throws IOException {
        ProfileBuilder profile = unicast(ProfileBuilder.v3());
        sendsAndUnderstandsWhatKeepalivedSent("v3-unicast", profile, PEER, ChecksumStyle.PSEUDO_HEADER);
    }

    @Test
    void keepalivedVersion3OverIpv6() throws IOException {
        ProfileBuilder profile = ProfileBuilder.v3Ipv6();
        AdvertCodec sender = profile.codec();
        AdvertCodec receiver = profile.codec();
        List<byte[]> captured = captured("v3-ipv6");
        for (int i = 0; i < captured.size(); i++) {
            byte[] packet = captured.get(i);
            InetAddress source = InetAddress.getByAddress(Arrays.copyOfRange(packet, 8, 24));
            InetAddress destination = InetAddress.getByAddress(Arrays.copyOfRange(packet, 24, 40));
            byte[] message = Arrays.copyOfRange(packet, 40, packet.length);
            Advert advert = profile.advert(i < captured.size() - 1 ? 200 : 0);

            Packet received =
                    RawPacket.ipv6(message, source.getHostAddress(), destination.getHostAddress(), packet[7] & 0xff);
            assertThat(receiver.decode(received, ip("fe80::1:1"), 0))
                    .isEqualTo(new Accepted(advert, source, ChecksumStyle.ONLY));

            byte[] sent = Wire.encode(sender, advert, source, destination, i);
            AdvertCodec.fillIpv6Checksum(ByteBuffer.wrap(sent), source, destination);
            assertThat(hex(sent)).isEqualTo(hex(message));
        }
    }

    private static ProfileBuilder unicast(ProfileBuilder profile) {
        return profile.unicast("192.0.2.252", Map.of(NODE, TtlBounds.ANY, PEER, TtlBounds.ANY));
    }

    /** From its first advert to the priority 0 at its end; all but the IP header's checksum, which is the kernel's. */
    private static void sendsAndUnderstandsWhatKeepalivedSent(
            String name, ProfileBuilder profile, InetAddress destination, ChecksumStyle style) throws IOException {
        AdvertCodec sender = profile.codec();
        AdvertCodec receiver = profile.codec();
        List<byte[]> captured = captured(name);
        for (int i = 0; i < captured.size(); i++) {
            byte[] packet = captured.get(i);
            Advert advert = profile.advert(i < captured.size() - 1 ? 200 : 0);
            assertThat(receiver.decode(RawPacket.ipv4(packet), PEER, 0)).isEqualTo(new Accepted(advert, NODE, style));

            packet[10] = 0;
            packet[11] = 0;
            assertThat(hex(Wire.encode(sender, advert, NODE, destination, i))).isEqualTo(hex(packet));
        }
    }

    private static void agree(ProfileBuilder profile, int priority, String message, ChecksumStyle style) {
        Advert advert = profile.advert(priority);
        byte[] sent = Wire.encode(profile.codec(), advert, NODE, GROUP, 0);
        byte[] header = Arrays.copyOf(sent, 20);
        assertThat(hex(header))
                .isEqualTo("45c0" + String.format("%04x", 20 + message.length() / 2) + "00010000ff700000" + "c00002fb"
                        + "e0000012");
        assertThat(hex(Arrays.copyOfRange(sent, 20, sent.length))).isEqualTo(message);
        assertThat(profile.codec().decode(RawPacket.ipv4(sent), PEER, 0)).isEqualTo(new Accepted(advert, NODE, style));
        assertThat(advert.version()).isEqualTo(message.startsWith("2") ? VrrpVersion.V2 : VrrpVersion.V3);
    }

    private static List<byte[]> captured(String name) throws IOException {
        String file = "/vectors/keepalived-2.2.7-" + name + ".hex";
        try (InputStream in = AdvertVectorsTest.class.getResourceAsStream(file)) {
            List<byte[]> packets = new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(AdvertVectorsTest::bytes)
                    .toList();
            assertThat(packets).hasSize(6);
            return packets;
        }
    }

    private static byte[] countingUp(int length) {
        byte[] key = new byte[length];
        for (int i = 0; i < length; i++) {
            key[i] = (byte) i;
        }
        return key;
    }

    private static byte[] bytes(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
