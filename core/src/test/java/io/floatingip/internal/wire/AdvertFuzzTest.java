package io.floatingip.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.internal.wire.Decoded.Accepted;
import io.floatingip.internal.wire.Decoded.Rejected;
import io.floatingip.spi.Packet;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Garbage of every kind gets exactly one verdict and no exception, and what is refused leaves no trace: a second decoder that never saw it
 * judges everything after it alike.
 */
class AdvertFuzzTest {
    private static final int ROUTERS = 300;
    private static final int PACKETS = 100;
    private static final long NOW = RandomWire.WALL_NANOS;

    @Test
    void garbageGetsOneVerdictAndLeavesNoTrace() {
        long seed = Long.getLong("wire.seed", System.nanoTime());
        System.out.println("AdvertFuzzTest seed: -Dwire.seed=" + seed);
        Random random = new Random(seed);
        Map<Rejection, Integer> seen = new EnumMap<>(Rejection.class);
        for (int i = 0; i < ROUTERS; i++) {
            RandomWire wire = new RandomWire(random);
            AdvertCodec sender = wire.codec();
            AdvertCodec tried = wire.codec();
            AdvertCodec spared = wire.codec();
            for (int j = 0; j < PACKETS; j++) {
                String context = "seed " + seed + ", router " + i + ", packet " + j;
                byte[] valid = wire.send(sender, wire.advert(), NOW);
                byte[] garbage = garbage(wire, valid, random);
                Packet packet = wire.received(garbage);
                boolean repeats = tried.repeatsLastAccepted(packet);
                Decoded verdict = tried.decode(packet, wire.receiver, NOW);
                if (verdict instanceof Rejected rejected) {
                    seen.merge(rejected.rejection(), 1, Integer::sum);
                    assertThat(repeats).as(context).isFalse();
                    assertThat(rejected.detail()).as(context).isNotBlank();
                } else {
                    assertThat(spared.decode(packet, wire.receiver, NOW))
                            .as(context)
                            .isEqualTo(verdict);
                }
                int id = AdvertCodec.virtualRouterId(packet);
                if (id < 0) {
                    Rejection why = Rejection.values()[~id];
                    assertThat(verdict).as(context).isInstanceOf(Rejected.class);
                    assertThat(((Rejected) verdict).rejection()).as(context).isEqualTo(why);
                }
                Packet after = wire.received(valid);
                assertThat(tried.repeatsLastAccepted(after)).as(context).isEqualTo(spared.repeatsLastAccepted(after));
                Decoded expected = spared.decode(after, wire.receiver, NOW);
                assertThat(tried.decode(after, wire.receiver, NOW)).as(context).isEqualTo(expected);
                if (verdict instanceof Rejected) {
                    assertThat(expected).as(context).isInstanceOf(Accepted.class);
                }
            }
        }
        // It reaches deep: each of these at least some 20 times in a run.
        assertThat(seen.keySet())
                .as("seed %d", seed)
                .contains(
                        Rejection.TRUNCATED,
                        Rejection.NOT_VRRP,
                        Rejection.UNKNOWN_VERSION,
                        Rejection.UNKNOWN_TYPE,
                        Rejection.UNKNOWN_VRID,
                        Rejection.VERSION_MISMATCH,
                        Rejection.CHECKSUM,
                        Rejection.NO_ADDRESS,
                        Rejection.LENGTH,
                        Rejection.AUTHENTICATION_TYPE,
                        Rejection.AUTHENTICATION_HEADER,
                        Rejection.HMAC_FORGED,
                        Rejection.INTERVAL_MISMATCH);
    }

    private static byte[] garbage(RandomWire wire, byte[] valid, Random random) {
        switch (random.nextInt(5)) {
            case 0:
                byte[] noise = new byte[random.nextInt(120)];
                random.nextBytes(noise);
                return noise;
            case 1:
                return claimingItsLength(Arrays.copyOf(valid, random.nextInt(valid.length)), random);
            case 2:
                return claimingItsLength(Arrays.copyOf(valid, valid.length + 1 + random.nextInt(40)), random);
            case 3:
                return flipped(valid, random);
            default:
                byte[] mended = flipped(valid, random);
                wire.mendChecksum(mended);
                return mended;
        }
    }

    /** Half of the time with an IPv4 total length to match; over IPv6 that is noise like other noise. */
    private static byte[] claimingItsLength(byte[] packet, Random random) {
        if (packet.length > 3 && random.nextBoolean()) {
            packet[2] = (byte) (packet.length >> 8);
            packet[3] = (byte) packet.length;
        }
        return packet;
    }

    /** A few changed bytes, mostly among the first, where the meaning is. */
    private static byte[] flipped(byte[] valid, Random random) {
        byte[] changed = valid.clone();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(random.nextBoolean() ? Math.min(changed.length, 52) : changed.length);
            changed[at] =
                    random.nextBoolean() ? (byte) random.nextInt(4) : (byte) (changed[at] ^ 1 << random.nextInt(8));
        }
        return changed;
    }
}
