package io.floatingip.internal.wire;

import static io.floatingip.internal.wire.AdvertCodecTest.rejection;
import static io.floatingip.internal.wire.ProfileBuilder.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Authentication;
import io.floatingip.Authentication.Hmac;
import io.floatingip.Authentication.Hmac.AntiReplay;
import io.floatingip.Authentication.Hmac.Mode;
import io.floatingip.internal.wire.Decoded.Accepted;
import io.floatingip.internal.wire.Decoded.ChecksumStyle;
import io.floatingip.internal.wire.Decoded.Rejected;
import io.floatingip.internal.wire.WireProfile.TtlBounds;
import io.floatingip.spi.Packet;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HmacTrailerTest {
    private static final InetAddress SENDER = ip("192.0.2.251");
    private static final InetAddress RECEIVER = ip("192.0.2.252");
    private static final InetAddress GROUP = ip("224.0.0.18");
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1_800_000_000L * SECOND;
    private static final int TRAILER = 20 + 16;
    private static final Advert ADVERT = ProfileBuilder.v3().advert(200);
    private static final Accepted ACCEPTED = new Accepted(ADVERT, SENDER, ChecksumStyle.PSEUDO_HEADER);

    private final AdvertCodec sender = codec(key(1));
    private final AdvertCodec receiver = codec(key(1));

    @Test
    void missingIsRefusedByEnforceOnly() {
        Packet unsigned = RawPacket.v3().packet();
        assertThat(codec(key(1)).decode(unsigned, RECEIVER, NOW))
                .isEqualTo(new Rejected(Rejection.HMAC_MISSING, "no HMAC trailer, and the mode is ENFORCE"));
        assertThat(codec(key(1).mode(Mode.PERMISSIVE)).decode(unsigned, RECEIVER, NOW))
                .isEqualTo(ACCEPTED);
        assertThat(codec(key(1).mode(Mode.RECEIVE_ONLY)).decode(unsigned, RECEIVER, NOW))
                .isEqualTo(ACCEPTED);
    }

    @Test
    void receiveOnlyDoesNotSignAndTheOthersDo() {
        assertThat(send(codec(key(1).mode(Mode.RECEIVE_ONLY)), NOW)).hasSize(TRAILER);
        assertThat(send(codec(key(1).mode(Mode.PERMISSIVE)), NOW)).hasSize(TRAILER + 28);
        assertThat(send(codec(key(1)), NOW)).hasSize(TRAILER + 28);
    }

    @Test
    void aWrongTrailerIsRefusedInEveryMode() {
        byte[] sent = send(sender, NOW);
        sent[TRAILER + 27] ^= 1;
        for (Mode mode : Mode.values()) {
            assertThat(codec(key(1).mode(mode)).decode(RawPacket.ipv4(sent), RECEIVER, NOW))
                    .isEqualTo(new Rejected(Rejection.HMAC_FORGED, "the HMAC does not fit key 1"));
        }
    }

    @Test
    void refusesAnotherLengthTypeAndReservedField() {
        RawPacket raw = RawPacket.v3();
        raw.trailer = "01".repeat(27);
        assertThat(receiver.decode(raw.packet(), RECEIVER, NOW))
                .isEqualTo(new Rejected(
                        Rejection.HMAC_MALFORMED, "27 bytes behind the message, must be an HMAC trailer of 28 bytes"));
        raw.trailer = "01".repeat(29);
        assertThat(rejection(receiver.decode(raw.packet(), RECEIVER, NOW))).isEqualTo(Rejection.HMAC_MALFORMED);
        raw.trailer = "0201" + "0000" + "00".repeat(24);
        assertThat(receiver.decode(raw.packet(), RECEIVER, NOW))
                .isEqualTo(new Rejected(
                        Rejection.HMAC_MALFORMED,
                        "type and reserved field of the HMAC trailer are 2 and 0, must be 1 and 0"));
        raw.trailer = "0101" + "0100" + "00".repeat(24);
        assertThat(receiver.decode(raw.packet(), RECEIVER, NOW))
                .isEqualTo(new Rejected(
                        Rejection.HMAC_MALFORMED,
                        "type and reserved field of the HMAC trailer are 1 and 256, must be 1 and 0"));
    }

    @Test
    void acceptsAnyConfiguredKeyAndSignsWithTheActiveOne() {
        AdvertCodec both = codec(key(1).key(200, secret(200)).activeKey(200));
        byte[] signed = send(both, NOW);
        assertThat(signed[TRAILER + 1] & 0xff).isEqualTo(200);
        assertThat(receiver.decode(RawPacket.ipv4(signed), RECEIVER, NOW))
                .isEqualTo(new Rejected(Rejection.HMAC_UNKNOWN_KEY, "signed with key 200, which is not configured"));
        assertThat(codec(key(200)).decode(RawPacket.ipv4(signed), RECEIVER, NOW))
                .isEqualTo(ACCEPTED);
        assertThat(both.decode(RawPacket.ipv4(send(sender, NOW)), RECEIVER, NOW))
                .isEqualTo(ACCEPTED);
    }

    @Test
    void everyByteOfMessageAndTrailerIsSignedButTheChecksum() {
        byte[] sent = send(sender, NOW);
        for (int i = 20; i < sent.length; i++) {
            byte[] changed = sent.clone();
            changed[i] ^= 1;
            assertThat(codec(key(1)).decode(RawPacket.ipv4(changed), RECEIVER, NOW))
                    .as("byte %d", i)
                    .isInstanceOf(Rejected.class);
        }
    }

    @Test
    void bindsTheSource() {
        ProfileBuilder other = ProfileBuilder.v3().authentication(key(1).build());
        byte[] fromOther = Wire.encode(other.codec(), ADVERT, ip("192.0.2.250"), GROUP, NOW);
        byte[] spliced = send(sender, NOW);
        System.arraycopy(fromOther, TRAILER, spliced, TRAILER, 28);
        assertThat(rejection(receiver.decode(RawPacket.ipv4(spliced), RECEIVER, NOW)))
                .isEqualTo(Rejection.HMAC_FORGED);
    }

    @Test
    void timeStampsOutsideTheWindowAreStale() {
        assertThat(codec(key(1)).decode(RawPacket.ipv4(send(sender, NOW)), RECEIVER, NOW + 6 * SECOND))
                .isEqualTo(
                        new Rejected(Rejection.HMAC_STALE, "time stamp is 6 s behind our clock, must be within 5 s"));
        assertThat(codec(key(1)).decode(RawPacket.ipv4(send(codec(key(1)), NOW + 6 * SECOND)), RECEIVER, NOW))
                .isEqualTo(
                        new Rejected(Rejection.HMAC_STALE, "time stamp is -6 s behind our clock, must be within 5 s"));
        assertThat(codec(key(1)).decode(RawPacket.ipv4(send(sender, NOW + SECOND)), RECEIVER, NOW + 6 * SECOND))
                .isEqualTo(ACCEPTED);
    }

    @Test
    void theWindowIsThreeAdvertsIfThatIsLongerOrWhatIsConfigured() {
        ProfileBuilder slow = ProfileBuilder.v3().adverNanos(20 * SECOND);
        AdvertCodec slowSender = slow.authentication(key(1).build()).codec();
        byte[] sent = Wire.encode(slowSender, slow.advert(200), SENDER, GROUP, NOW);
        assertThat(slow.codec().decode(RawPacket.ipv4(sent), RECEIVER, NOW + 60 * SECOND))
                .isInstanceOf(Accepted.class);
        assertThat(rejection(slow.codec().decode(RawPacket.ipv4(sent), RECEIVER, NOW + 61 * SECOND)))
                .isEqualTo(Rejection.HMAC_STALE);
        AdvertCodec narrow = codec(key(1).timeWindow(Duration.ofSeconds(1)));
        assertThat(rejection(narrow.decode(RawPacket.ipv4(send(sender, NOW)), RECEIVER, NOW + 2 * SECOND)))
                .isEqualTo(Rejection.HMAC_STALE);
    }

    @Test
    void monotonicDoesNotLookAtTheClock() {
        AdvertCodec monotonic = codec(key(1).antiReplay(AntiReplay.MONOTONIC));
        byte[] first = send(sender, NOW);
        byte[] second = send(sender, NOW + SECOND);
        assertThat(monotonic.decode(RawPacket.ipv4(first), RECEIVER, NOW - 1000 * SECOND))
                .isEqualTo(ACCEPTED);
        assertThat(monotonic.decode(RawPacket.ipv4(second), RECEIVER, 0)).isEqualTo(ACCEPTED);
        assertThat(rejection(monotonic.decode(RawPacket.ipv4(first), RECEIVER, 0)))
                .isEqualTo(Rejection.HMAC_REPLAY);
    }

    @Test
    void refusesWhatItHasSeenAndWhatIsOlder() {
        byte[] first = send(sender, NOW);
        byte[] second = send(sender, NOW + SECOND / 2);
        assertThat(receiver.decode(RawPacket.ipv4(second), RECEIVER, NOW)).isEqualTo(ACCEPTED);
        assertThat(receiver.repeatsLastAccepted(RawPacket.ipv4(second))).isFalse();
        assertThat(receiver.decode(RawPacket.ipv4(second), RECEIVER, NOW))
                .isEqualTo(new Rejected(
                        Rejection.HMAC_REPLAY, "sequence is 6b49d20080000000, must be above 6b49d20080000000"));
        assertThat(receiver.decode(RawPacket.ipv4(first), RECEIVER, NOW))
                .isEqualTo(new Rejected(
                        Rejection.HMAC_REPLAY, "sequence is 6b49d20000000000, must be above 6b49d20080000000"));
    }

    @Test
    void countsWhenTheClockStandsStillOrGoesBack() {
        assertThat(sequence(send(sender, NOW))).isEqualTo(0x6b49d200_0000_0000L);
        assertThat(sequence(send(sender, NOW))).isEqualTo(0x6b49d200_0000_0001L);
        assertThat(sequence(send(sender, NOW - 5 * SECOND))).isEqualTo(0x6b49d200_0000_0002L);
        assertThat(sequence(send(sender, NOW + SECOND / 4))).isEqualTo(0x6b49d200_4000_0000L);
    }

    @Test
    void followsAClockSetBackBeyondTheWindowAndReceiversForgive() {
        assertThat(receiver.decode(RawPacket.ipv4(send(sender, NOW)), RECEIVER, NOW))
                .isEqualTo(ACCEPTED);
        long before = NOW - 100 * SECOND;
        byte[] setBack = send(sender, before);
        assertThat(sequence(setBack)).isEqualTo(0x6b49d19c_0000_0000L);
        assertThat(receiver.decode(RawPacket.ipv4(setBack), RECEIVER, before)).isEqualTo(ACCEPTED);
        AdvertCodec monotonic = codec(key(1).antiReplay(AntiReplay.MONOTONIC));
        send(monotonic, NOW);
        assertThat(sequence(send(monotonic, before))).isEqualTo(0x6b49d200_0000_0001L);
    }

    @Test
    void timePasses2038And2106() {
        for (long seconds : new long[] {0x7fff_ffffL, 0xffff_ffffL}) {
            AdvertCodec out = codec(key(1));
            AdvertCodec in = codec(key(1));
            for (long now = seconds * SECOND; now < (seconds + 3) * SECOND; now += SECOND) {
                byte[] sent = send(out, now);
                assertThat(sequence(sent)).isEqualTo(now / SECOND << 32);
                assertThat(in.decode(RawPacket.ipv4(sent), RECEIVER, now)).isEqualTo(ACCEPTED);
                assertThat(rejection(in.decode(RawPacket.ipv4(sent), RECEIVER, now)))
                        .isEqualTo(Rejection.HMAC_REPLAY);
            }
        }
    }

    @Test
    void remembersFourSendersOnMulticastAndForgetsTheOneSilentForLongest() {
        AdvertCodec[] senders = new AdvertCodec[5];
        byte[][] sent = new byte[5][];
        // The first of the four is heard again before the fifth comes, so the second is the one silent for longest.
        for (int i : new int[] {0, 1, 2, 3, 0, 4}) {
            senders[i] = senders[i] == null ? codec(key(1)) : senders[i];
            sent[i] = Wire.encode(senders[i], ADVERT, ip("192.0.2." + (i + 1)), GROUP, NOW);
            assertThat(receiver.decode(RawPacket.ipv4(sent[i]), RECEIVER, NOW)).isInstanceOf(Accepted.class);
        }
        for (int i : new int[] {0, 2, 3, 4}) {
            assertThat(rejection(receiver.decode(RawPacket.ipv4(sent[i]), RECEIVER, NOW)))
                    .isEqualTo(Rejection.HMAC_REPLAY);
        }
        assertThat(receiver.decode(RawPacket.ipv4(sent[1]), RECEIVER, NOW)).isInstanceOf(Accepted.class);
    }

    @Test
    void remembersEveryUnicastPeer() {
        Map<InetAddress, TtlBounds> peers = new HashMap<>();
        for (int i = 1; i <= 9; i++) {
            peers.put(ip("192.0.2." + i), TtlBounds.ANY);
        }
        ProfileBuilder profile =
                ProfileBuilder.v3().authentication(key(1).build()).unicast("192.0.2.252", peers);
        AdvertCodec in = profile.codec();
        peers.keySet().forEach(peer -> {
            byte[] sent = Wire.encode(profile.codec(), ADVERT, peer, RECEIVER, NOW);
            assertThat(in.decode(RawPacket.ipv4(sent), RECEIVER, NOW)).isInstanceOf(Accepted.class);
        });
        peers.keySet().forEach(peer -> {
            byte[] sent = Wire.encode(profile.codec(), ADVERT, peer, RECEIVER, NOW);
            assertThat(rejection(in.decode(RawPacket.ipv4(sent), RECEIVER, NOW)))
                    .isEqualTo(Rejection.HMAC_REPLAY);
        });
    }

    @Test
    void copiesToSeveralPeersCarryOneSignatureAndTheNextAdvertAnother() {
        AdvertCodec unicast = ProfileBuilder.v3()
                .authentication(key(1).build())
                .unicast("192.0.2.251", Map.of(SENDER, TtlBounds.ANY))
                .codec();
        byte[] toFirst = Wire.encode(unicast, ADVERT, SENDER, ip("192.0.2.1"), NOW);
        byte[] toSecond = Wire.encode(unicast, ADVERT, SENDER, ip("192.0.2.2"), NOW);
        byte[] again = Wire.encode(unicast, ADVERT, SENDER, ip("192.0.2.1"), NOW);
        assertThat(trailer(toSecond)).isEqualTo(trailer(toFirst));
        assertThat(sequence(again)).isEqualTo(sequence(toFirst) + 1);
    }

    @Test
    void theIpv4ChecksumLeavesTheTrailerOut() {
        byte[] signed = send(sender, NOW);
        byte[] unsigned = send(codec(key(1).mode(Mode.RECEIVE_ONLY)), NOW);
        assertThat(Arrays.copyOfRange(signed, 20, TRAILER)).isEqualTo(Arrays.copyOfRange(unsigned, 20, TRAILER));
    }

    @Test
    void signsVersion2Too() {
        ProfileBuilder v2 = ProfileBuilder.v2().authentication(key(1).build());
        byte[] sent = Wire.encode(v2.codec(), v2.advert(200), SENDER, GROUP, NOW);
        assertThat(sent).hasSize(20 + 24 + 28);
        assertThat(v2.codec().decode(RawPacket.ipv4(sent), RECEIVER, NOW))
                .isEqualTo(new Accepted(v2.advert(200), SENDER, ChecksumStyle.ONLY));
    }

    private static byte[] send(AdvertCodec codec, long wallNanos) {
        return Wire.encode(codec, ADVERT, SENDER, GROUP, wallNanos);
    }

    private static byte[] trailer(byte[] packet) {
        return Arrays.copyOfRange(packet, packet.length - 28, packet.length);
    }

    private static long sequence(byte[] packet) {
        return ByteBuffer.wrap(packet).getLong(packet.length - 24);
    }

    private static AdvertCodec codec(Hmac.Builder hmac) {
        return ProfileBuilder.v3().authentication(hmac.build()).codec();
    }

    private static Hmac.Builder key(int id) {
        return Authentication.hmac().key(id, secret(id));
    }

    private static byte[] secret(int id) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) id);
        return secret;
    }
}
