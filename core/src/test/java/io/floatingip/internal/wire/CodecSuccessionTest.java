package io.floatingip.internal.wire;

import static io.floatingip.internal.wire.AdvertCodecTest.rejection;
import static io.floatingip.internal.wire.ProfileBuilder.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Authentication;
import io.floatingip.internal.wire.Decoded.Accepted;
import io.floatingip.internal.wire.WireProfile.TtlBounds;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What goes on when a codec takes the place of another: peers must notice nothing. */
class CodecSuccessionTest {
    private static final InetAddress A = ip("192.0.2.251");
    private static final InetAddress B = ip("192.0.2.252");
    private static final InetAddress GROUP = ip("224.0.0.18");
    private static final long SECOND = 1_000_000_000L;
    private static final Authentication SAME =
            Authentication.hmac().key(1, new byte[32]).build();
    private static final long NOW = 1_800_000_000L * SECOND;

    @Test
    void anEqualAuthenticationHeaderCountsOn() {
        AdvertCodec a = header("secret").codec();
        AdvertCodec b = header("secret").codec();
        for (int i = 0; i < 60; i++) {
            assertThat(decode(b, send(a, header("secret"), NOW), NOW)).isInstanceOf(Accepted.class);
        }
        AdvertCodec successor = new AdvertCodec(header("secret").build(), a);
        assertThat(decode(b, send(successor, header("secret"), NOW), NOW)).isInstanceOf(Accepted.class);
    }

    @Test
    void anAuthenticationHeaderOfAnotherSecretCountsOnAndRemembersWhatItHeard() {
        AdvertCodec a = header("secret").codec();
        AdvertCodec b = header("secret").codec();
        for (int i = 0; i < 60; i++) {
            decode(b, send(a, header("secret"), NOW), NOW);
        }
        AdvertCodec nextA = new AdvertCodec(header("other").build(), a);
        AdvertCodec nextB = new AdvertCodec(header("other").build(), b);
        byte[] sent = send(nextA, header("other"), NOW);
        assertThat(decode(nextB, sent, NOW)).isInstanceOf(Accepted.class);
        assertThat(rejection(decode(nextB, sent, NOW))).isEqualTo(Rejection.AUTHENTICATION_HEADER_REPLAY);
    }

    @Test
    void anHmacCountsOnWhoseClockIsBehindItsLastSequence() {
        AdvertCodec a = hmac(1).codec();
        AdvertCodec b = hmac(1).codec();
        assertThat(decode(b, send(a, hmac(1), NOW), NOW)).isInstanceOf(Accepted.class);
        for (ProfileBuilder next : List.of(hmac(1), hmac(1).adverNanos(2 * SECOND))) {
            a = new AdvertCodec(next.build(), a);
            assertThat(decode(b, send(a, next, NOW - 2 * SECOND), NOW)).isInstanceOf(Accepted.class);
        }
    }

    @Test
    void anHmacRefusesWhatItsPredecessorAccepted() {
        AdvertCodec a = hmac(1).codec();
        AdvertCodec b = hmac(1).codec();
        byte[] sent = send(a, hmac(1), NOW);
        assertThat(decode(b, sent, NOW)).isInstanceOf(Accepted.class);
        AdvertCodec successor = new AdvertCodec(hmac(1).adverNanos(2 * SECOND).build(), b);
        assertThat(rejection(decode(successor, sent, NOW))).isEqualTo(Rejection.HMAC_REPLAY);
    }

    @Test
    void anHmacRemembersEveryPeerOfALongerList() {
        AdvertCodec b = new AdvertCodec(unicast(1).build());
        b = new AdvertCodec(unicast(9).build(), b);
        Map<InetAddress, byte[]> sent = new HashMap<>();
        for (int i = 1; i <= 9; i++) {
            byte[] packet = sendTo(unicast(9).codec(), unicast(9), peer(i), B, NOW);
            assertThat(b.decode(RawPacket.ipv4(packet), B, NOW)).isInstanceOf(Accepted.class);
            sent.put(peer(i), packet);
        }
        for (byte[] packet : sent.values()) {
            assertThat(rejection(b.decode(RawPacket.ipv4(packet), B, NOW))).isEqualTo(Rejection.HMAC_REPLAY);
        }
    }

    @Test
    void ofMoreSendersThanPlacesThoseHeardLastAreRemembered() {
        ReplayTable many = new ReplayTable(3);
        many.accept(0, 1, 10);
        many.accept(0, 2, 20);
        many.accept(0, 3, 30);
        many.accept(0, 1, 11);
        ReplayTable few = new ReplayTable(2);
        few.takeOver(many);
        assertThat(few.knows(0, 2)).isFalse();
        assertThat(few.last(0, 1)).isEqualTo(11);
        assertThat(few.last(0, 3)).isEqualTo(30);
    }

    private static Decoded decode(AdvertCodec codec, byte[] packet, long wallNanos) {
        return codec.decode(RawPacket.ipv4(packet), B, wallNanos);
    }

    private static byte[] send(AdvertCodec codec, ProfileBuilder profile, long wallNanos) {
        return sendTo(codec, profile, A, GROUP, wallNanos);
    }

    private static byte[] sendTo(
            AdvertCodec codec, ProfileBuilder profile, InetAddress from, InetAddress to, long wallNanos) {
        ByteBuffer out = ByteBuffer.allocate(AdvertCodec.PACKET_BYTES_MAX);
        codec.encode(profile.advert(200), from, to, wallNanos, out);
        return Arrays.copyOf(out.array(), out.limit());
    }

    private static ProfileBuilder header(String secret) {
        return ProfileBuilder.v2().authentication(Authentication.authenticationHeader(secret));
    }

    private static ProfileBuilder hmac(int keyId) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) keyId);
        return ProfileBuilder.v3()
                .authentication(Authentication.hmac().key(keyId, key).build());
    }

    private static ProfileBuilder unicast(int peers) {
        Map<InetAddress, TtlBounds> bounds = new HashMap<>();
        for (int i = 1; i <= peers; i++) {
            bounds.put(peer(i), TtlBounds.ANY);
        }
        return hmac(1).authentication(SAME).unicast("192.0.2.252", bounds);
    }

    private static InetAddress peer(int number) {
        return ip("192.0.2." + (100 + number));
    }
}
