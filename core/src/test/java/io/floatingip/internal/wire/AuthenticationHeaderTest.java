package io.floatingip.internal.wire;

import static io.floatingip.internal.wire.AdvertCodecTest.rejection;
import static io.floatingip.internal.wire.ProfileBuilder.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Authentication;
import io.floatingip.internal.wire.Decoded.Accepted;
import io.floatingip.internal.wire.Decoded.ChecksumStyle;
import io.floatingip.internal.wire.Decoded.Rejected;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class AuthenticationHeaderTest {
    private static final InetAddress A = ip("192.0.2.251");
    private static final InetAddress B = ip("192.0.2.252");
    private static final InetAddress GROUP = ip("224.0.0.18");
    private static final ProfileBuilder PROFILE =
            ProfileBuilder.v2().authentication(Authentication.authenticationHeader("secret42"));
    private static final Advert ADVERT = PROFILE.advert(200);
    private static final Accepted FROM_A = new Accepted(ADVERT, A, ChecksumStyle.ONLY);

    private final AdvertCodec a = PROFILE.codec();
    private final AdvertCodec b = PROFILE.codec();

    @Test
    void refusesAPacketWithoutOneAndWithoutNeed() {
        assertThat(a.decode(RawPacket.v2().packet(), B, 0))
                .isEqualTo(new Rejected(Rejection.AUTHENTICATION_HEADER_MISMATCH, "has no authentication header"));
        assertThat(ProfileBuilder.v2().codec().decode(RawPacket.ipv4(send(a)), B, 0))
                .isEqualTo(new Rejected(
                        Rejection.AUTHENTICATION_HEADER_MISMATCH, "has an authentication header, none is configured"));
    }

    @Test
    void attributesWhatLiesBehindIt() {
        assertThat(AdvertCodec.virtualRouterId(RawPacket.ipv4(send(a)))).isEqualTo(10);
        byte[] other = send(a);
        other[20] = 89;
        assertThat(AdvertCodec.virtualRouterId(RawPacket.ipv4(other))).isEqualTo(~Rejection.NOT_VRRP.ordinal());
        byte[] longer = send(a);
        longer[21] = 20;
        assertThat(AdvertCodec.virtualRouterId(RawPacket.ipv4(longer))).isEqualTo(~Rejection.TRUNCATED.ordinal());
        byte[] cut = Arrays.copyOf(send(a), 20 + 11);
        cut[3] = 20 + 11;
        assertThat(AdvertCodec.virtualRouterId(RawPacket.ipv4(cut))).isEqualTo(~Rejection.TRUNCATED.ordinal());
    }

    @Test
    void refusesAnotherSecretAndEveryChangedByteButThoseRoutersChange() {
        byte[] sent = send(a);
        AdvertCodec stranger = ProfileBuilder.v2()
                .authentication(Authentication.authenticationHeader("secret43"))
                .codec();
        Rejected wrong =
                new Rejected(Rejection.AUTHENTICATION_HEADER, "integrity value of the authentication header is wrong");
        assertThat(stranger.decode(RawPacket.ipv4(sent), B, 0)).isEqualTo(wrong);
        for (int i = 0; i < sent.length; i++) {
            byte[] changed = sent.clone();
            changed[i] ^= 1;
            boolean mutable = i == 1 || i == 6 || i == 7 || i == 10 || i == 11;
            Decoded verdict = PROFILE.codec().decode(RawPacket.ipv4(changed), B, 0);
            assertThat(verdict instanceof Accepted).as("byte %d", i).isEqualTo(mutable);
        }
        byte[] id = sent.clone();
        id[5] ^= 1;
        assertThat(b.decode(RawPacket.ipv4(id), B, 0)).isEqualTo(wrong);
    }

    @Test
    void refusesAnSpiThatIsNotTheSource() throws Exception {
        byte[] sent = send(a);
        sent[27] ^= 1;
        sign(sent);
        assertThat(b.decode(RawPacket.ipv4(sent), B, 0))
                .isEqualTo(new Rejected(
                        Rejection.AUTHENTICATION_HEADER, "SPI is 0xc00002fa, must be the source address 0xc00002fb"));
    }

    @Test
    void refusesAnotherLengthOfIntegrityValue() {
        byte[] sent = send(a);
        byte[] shorter = new byte[sent.length - 4];
        System.arraycopy(sent, 0, shorter, 0, 40);
        System.arraycopy(sent, 44, shorter, 40, sent.length - 44);
        shorter[3] -= 4;
        shorter[21] = 3;
        assertThat(b.decode(RawPacket.ipv4(shorter), B, 0))
                .isEqualTo(new Rejected(
                        Rejection.AUTHENTICATION_HEADER, "length field of the authentication header is 3, must be 4"));
    }

    @Test
    void refusesWhatItHasSeenAndWhatIsOlder() {
        byte[] first = send(a);
        byte[] second = send(a);
        assertThat(b.decode(RawPacket.ipv4(second), B, 0)).isEqualTo(FROM_A);
        assertThat(b.repeatsLastAccepted(RawPacket.ipv4(second))).isFalse();
        assertThat(b.decode(RawPacket.ipv4(second), B, 0))
                .isEqualTo(
                        new Rejected(Rejection.AUTHENTICATION_HEADER_REPLAY, "sequence number is 2, must be above 2"));
        assertThat(b.decode(RawPacket.ipv4(first), B, 0))
                .isEqualTo(
                        new Rejected(Rejection.AUTHENTICATION_HEADER_REPLAY, "sequence number is 1, must be above 2"));
    }

    @Test
    void aBackupThatTakesOverCountsOnFromTheMaster() {
        for (int i = 1; i <= 7; i++) {
            assertThat(b.decode(RawPacket.ipv4(send(a)), B, 0)).isEqualTo(FROM_A);
        }
        byte[] takeover = Wire.encode(b, ADVERT, B, GROUP, 0);
        assertThat(sequence(takeover)).isEqualTo(8);
        assertThat(a.decode(RawPacket.ipv4(takeover), A, 0)).isEqualTo(new Accepted(ADVERT, B, ChecksumStyle.ONLY));
        assertThat(sequence(send(a))).isEqualTo(9);
    }

    @Test
    void aRefusedAdvertDoesNotRaiseTheCount() throws Exception {
        byte[] otherInterval = send(a);
        otherInterval[44 + 5] = 2;
        // One second more in the message is one less in its checksum.
        otherInterval[44 + 7]--;
        otherInterval[31] = 100;
        sign(otherInterval);
        assertThat(rejection(b.decode(RawPacket.ipv4(otherInterval), B, 0))).isEqualTo(Rejection.INTERVAL_MISMATCH);
        assertThat(b.decode(RawPacket.ipv4(send(a)), B, 0)).isEqualTo(FROM_A);
    }

    @Test
    void theCountStartsAgainAt1PastItsEndAndPeersFollow() throws Exception {
        byte[] last = send(a);
        Arrays.fill(last, 28, 32, (byte) 0xff);
        sign(last);
        assertThat(b.decode(RawPacket.ipv4(last), B, 0)).isEqualTo(FROM_A);
        AdvertCodec c = PROFILE.codec();
        assertThat(c.decode(RawPacket.ipv4(last), ip("192.0.2.253"), 0)).isEqualTo(FROM_A);

        byte[] next = Wire.encode(b, ADVERT, B, GROUP, 1);
        assertThat(sequence(next)).isEqualTo(1);
        assertThat(c.decode(RawPacket.ipv4(next), ip("192.0.2.253"), 0))
                .isEqualTo(new Accepted(ADVERT, B, ChecksumStyle.ONLY));
        assertThat(rejection(c.decode(RawPacket.ipv4(next), ip("192.0.2.253"), 0)))
                .isEqualTo(Rejection.AUTHENTICATION_HEADER_REPLAY);
    }

    @Test
    void copiesToSeveralPeersCarryOneNumberAndEachItsOwnIntegrityValue() {
        ProfileBuilder unicast = ProfileBuilder.v2()
                .authentication(Authentication.authenticationHeader("secret42"))
                .unicast("192.0.2.251", Map.of(A, WireProfile.TtlBounds.ANY));
        AdvertCodec sender = unicast.codec();
        for (int round = 1; round <= 3; round++) {
            for (String peer : new String[] {"192.0.2.252", "192.0.2.253"}) {
                byte[] sent = Wire.encode(sender, ADVERT, A, ip(peer), 7);
                assertThat(sequence(sent)).isEqualTo(round);
                assertThat(unicast.codec().decode(RawPacket.ipv4(sent), ip(peer), 0))
                        .isEqualTo(FROM_A);
            }
        }
    }

    private static byte[] send(AdvertCodec codec) {
        return Wire.encode(codec, ADVERT, A, GROUP, 0);
    }

    private static int sequence(byte[] packet) {
        return ByteBuffer.wrap(packet).getInt(28);
    }

    /** As keepalived does for multicast, with the JDK's HMAC. */
    private static void sign(byte[] packet) throws Exception {
        byte[] input = packet.clone();
        for (int mutable : new int[] {1, 6, 7, 10, 11}) {
            input[mutable] = 0;
        }
        Arrays.fill(input, 32, 44, (byte) 0);
        Mac mac = Mac.getInstance("HmacMD5");
        mac.init(new SecretKeySpec("secret42".getBytes(StandardCharsets.US_ASCII), "HmacMD5"));
        byte[] sum = mac.doFinal(input);
        System.arraycopy(sum, 0, packet, 32, 12);
    }
}
