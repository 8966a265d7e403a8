package io.floatingip.internal.wire;

import io.floatingip.Authentication.Hmac;
import io.floatingip.IpFamily;
import io.floatingip.internal.wire.Decoded.Rejected;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The trailer behind the message that keepalived 2.4 calls {@code auth_hmac} (draft-cassen-vrrp-auth-hmac). Over IPv4 the VRRP checksum does
 * not cover it; over IPv6 the kernel's does.
 *
 * <pre>
 * +---------------+---------------+-------------------------------+
 * |    Type 1     |    Key id     |          Reserved 0           |
 * +---------------+---------------+-------------------------------+
 * |                   Seconds since the epoch                     |
 * +-------------------------------+-------------------------------+
 * |      1/65536 of a second      |            Counter            |
 * +-------------------------------+-------------------------------+
 * |           first 16 bytes of the HMAC-SHA256                   |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * <p>What is signed: a 20-byte pseudo-header (family 4 or 6, version, virtual router id, 0, the source address in 16 bytes with IPv4 in the
 * first 4), the message with checksum 0, and the trailer with the HMAC zero. The destination is not in it, so one signature serves all peers.
 *
 * <p>Time and counter together are one 64-bit sequence, compared in serial arithmetic (RFC 1982). It is the clock, or the last one plus 1
 * when the clock stood still or went back. With {@link Hmac.AntiReplay#TIME} a sender whose clock was set back by more than the window
 * follows the clock, since nobody would accept the old time, and a receiver forgets a sequence that has left the window.
 */
final class HmacTrailer {
    static final int LENGTH = 28;

    private static final byte TYPE_SHA256 = 1;
    private static final int KEY_ID = 1;
    private static final int RESERVED = 2;
    private static final int SEQUENCE = 4;
    private static final int SIGNATURE = 12;
    private static final int SIGNATURE_LENGTH = 16;
    private static final int PSEUDO_HEADER = 20;
    private static final int MULTICAST_SENDERS = 4;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long WINDOW_SECONDS_MIN = 5;

    private final int family;
    private final WireProfile profile;
    private final @Nullable KeyedHash[] keys = new KeyedHash[256];
    private final int activeKey;
    private final Hmac.Mode mode;
    private final boolean timed;
    private final long windowSeconds;
    private final ReplayTable accepted;
    private boolean sentBefore;
    private long sent;
    private byte[] scratch = new byte[0];

    HmacTrailer(Hmac hmac, WireProfile profile) {
        this.profile = profile;
        family = profile.family() == IpFamily.IPV6 ? 6 : 4;
        hmac.keyIds().forEach(id -> hmac.key(id).ifPresent(key -> keys[id] = KeyedHash.sha256(key)));
        activeKey = hmac.activeKey();
        mode = hmac.mode();
        timed = hmac.antiReplay() == Hmac.AntiReplay.TIME;
        long threeAdverts = Math.floorDiv(3 * profile.adverNanos() + NANOS_PER_SECOND - 1, NANOS_PER_SECOND);
        windowSeconds =
                hmac.timeWindow().map(window -> window.toSeconds()).orElse(Math.max(threeAdverts, WINDOW_SECONDS_MIN));
        accepted =
                new ReplayTable(profile.unicast() ? Math.max(1, profile.peers().size()) : MULTICAST_SENDERS);
    }

    /** Counts on from where a predecessor stopped, and knows the senders that it knew. */
    void follow(HmacTrailer predecessor) {
        sentBefore = predecessor.sentBefore;
        sent = predecessor.sent;
        accepted.takeOver(predecessor.accepted);
    }

    boolean signs() {
        return mode != Hmac.Mode.RECEIVE_ONLY;
    }

    /** Whether an advert without a trailer is refused. */
    boolean required() {
        return mode == Hmac.Mode.ENFORCE;
    }

    /** Writes the trailer behind a message, with the next sequence. */
    void sign(ByteBuffer packet, int messageAt, int trailerAt, AddressBits source, long wallNanos) {
        packet.put(trailerAt, TYPE_SHA256);
        packet.put(trailerAt + KEY_ID, (byte) activeKey);
        packet.putShort(trailerAt + RESERVED, (short) 0);
        packet.putLong(trailerAt + SEQUENCE, nextSequence(wallNanos));
        KeyedHash key = keys[activeKey];
        if (key == null) {
            throw new AssertionError("the active key is one of the keys");
        }
        byte[] signature = signature(key, packet, messageAt, trailerAt, source.high(), source.low());
        packet.put(trailerAt + SIGNATURE, signature, 0, SIGNATURE_LENGTH);
    }

    /**
     * Judges what lies between the end of the message and the end of the packet. Changes nothing. What is cheap comes first: an old capture
     * sent again in masses costs no HMAC.
     */
    @Nullable
    Rejected refusal(
            ByteBuffer data, int messageAt, int trailerAt, int end, long sourceHigh, long sourceLow, long wallNanos) {
        int length = end - trailerAt;
        if (length == 0) {
            return required() ? new Rejected(Rejection.HMAC_MISSING, "no HMAC trailer, and the mode is ENFORCE") : null;
        }
        if (length != LENGTH) {
            return new Rejected(
                    Rejection.HMAC_MALFORMED,
                    length + " bytes behind the message, must be an HMAC trailer of " + LENGTH + " bytes");
        }
        int reserved = (data.get(trailerAt + RESERVED) & 0xff) << 8 | data.get(trailerAt + RESERVED + 1) & 0xff;
        if (data.get(trailerAt) != TYPE_SHA256 || reserved != 0) {
            return new Rejected(
                    Rejection.HMAC_MALFORMED,
                    "type and reserved field of the HMAC trailer are " + data.get(trailerAt) + " and " + reserved
                            + ", must be 1 and 0");
        }
        long sequence = sequence(data, trailerAt);
        int behind = (int) (seconds(wallNanos) - (sequence >>> 32));
        if (timed && Math.abs((long) behind) > windowSeconds) {
            return new Rejected(
                    Rejection.HMAC_STALE,
                    "time stamp is " + behind + " s behind our clock, must be within " + windowSeconds + " s");
        }
        int keyId = data.get(trailerAt + KEY_ID) & 0xff;
        KeyedHash key = keys[keyId];
        if (key == null) {
            return new Rejected(Rejection.HMAC_UNKNOWN_KEY, "signed with key " + keyId + ", which is not configured");
        }
        byte[] signature = signature(key, data, messageAt, trailerAt, sourceHigh, sourceLow);
        int difference = 0;
        for (int i = 0; i < SIGNATURE_LENGTH; i++) {
            difference |= signature[i] ^ data.get(trailerAt + SIGNATURE + i);
        }
        if (difference != 0) {
            return new Rejected(Rejection.HMAC_FORGED, "the HMAC does not fit key " + keyId);
        }
        if (remembers(sourceHigh, sourceLow, wallNanos) && sequence - accepted.last(sourceHigh, sourceLow) <= 0) {
            return new Rejected(
                    Rejection.HMAC_REPLAY,
                    "sequence is " + Long.toHexString(sequence) + ", must be above "
                            + Long.toHexString(accepted.last(sourceHigh, sourceLow)));
        }
        return null;
    }

    /** The advert was accepted: from this sender only later ones are from now on. */
    void accept(ByteBuffer data, int trailerAt, long sourceHigh, long sourceLow) {
        accepted.accept(sourceHigh, sourceLow, sequence(data, trailerAt));
    }

    private boolean remembers(long sourceHigh, long sourceLow, long wallNanos) {
        if (!accepted.knows(sourceHigh, sourceLow)) {
            return false;
        }
        int behind = (int) (seconds(wallNanos) - (accepted.last(sourceHigh, sourceLow) >>> 32));
        return !timed || Math.abs((long) behind) <= windowSeconds;
    }

    private long nextSequence(long wallNanos) {
        long fraction = Math.floorMod(wallNanos, NANOS_PER_SECOND) * 0x10000 / NANOS_PER_SECOND;
        long clock = seconds(wallNanos) << 32 | fraction << 16;
        int secondsAhead = (int) ((sent >>> 32) - (clock >>> 32));
        boolean followClock = !sentBefore || clock - sent > 0 || timed && secondsAhead > windowSeconds;
        sentBefore = true;
        sent = followClock ? clock : sent + 1;
        return sent;
    }

    private byte[] signature(
            KeyedHash key, ByteBuffer data, int messageAt, int trailerAt, long sourceHigh, long sourceLow) {
        int signedLength = trailerAt + LENGTH - messageAt;
        int length = PSEUDO_HEADER + signedLength;
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        Arrays.fill(scratch, 0, PSEUDO_HEADER, (byte) 0);
        scratch[0] = (byte) family;
        scratch[1] = (byte) profile.version().number();
        scratch[2] = (byte) profile.virtualRouterId();
        if (family == 6) {
            putLong(4, sourceHigh);
            putLong(12, sourceLow);
        } else {
            putLong(4, sourceLow << 32);
        }
        data.get(messageAt, scratch, PSEUDO_HEADER, signedLength);
        scratch[PSEUDO_HEADER + Message.CHECKSUM] = 0;
        scratch[PSEUDO_HEADER + Message.CHECKSUM + 1] = 0;
        Arrays.fill(scratch, length - SIGNATURE_LENGTH, length, (byte) 0);
        return key.of(scratch, length);
    }

    private void putLong(int at, long bits) {
        for (int i = 0; i < Long.BYTES; i++) {
            scratch[at + i] = (byte) (bits >>> 56 - 8 * i);
        }
    }

    private static long sequence(ByteBuffer data, int trailerAt) {
        long bits = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            bits = bits << 8 | data.get(trailerAt + SEQUENCE + i) & 0xff;
        }
        return bits;
    }

    private static long seconds(long wallNanos) {
        return Math.floorDiv(wallNanos, NANOS_PER_SECOND);
    }
}
