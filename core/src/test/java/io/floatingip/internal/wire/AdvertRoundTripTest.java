package io.floatingip.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.IpFamily;
import io.floatingip.VrrpVersion;
import io.floatingip.internal.wire.Decoded.Accepted;
import io.floatingip.spi.Packet;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdvertRoundTripTest {
    private static final int ROUTERS = 1000;
    private static final int ADVERTS = 8;

    @Test
    void whatOneNodeMeansAnotherUnderstands() {
        long seed = Long.getLong("wire.seed", System.nanoTime());
        System.out.println("AdvertRoundTripTest seed: -Dwire.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < ROUTERS; i++) {
            RandomWire wire = new RandomWire(random);
            AdvertCodec sender = wire.codec();
            AdvertCodec receiver = wire.codec();
            Advert advert = wire.advert();
            for (int j = 0; j < ADVERTS; j++) {
                String context = "seed " + seed + ", router " + i + ", advert " + j;
                if (random.nextBoolean()) {
                    advert = random.nextBoolean() ? wire.advert() : advert.withPriority(random.nextInt(256));
                }
                byte[] sent = wire.send(sender, advert, RandomWire.WALL_NANOS + j);
                Packet packet = wire.received(sent);
                assertThat(AdvertCodec.virtualRouterId(packet)).as(context).isEqualTo(advert.virtualRouterId());
                Decoded decoded = receiver.decode(packet, wire.receiver, RandomWire.WALL_NANOS + j);
                assertThat(decoded).as(context).isInstanceOf(Accepted.class);
                Accepted accepted = (Accepted) decoded;
                assertThat(accepted.advert()).as(context).isEqualTo(advert);
                assertThat(accepted.sender()).as(context).isEqualTo(wire.sender);
                boolean oneReading = wire.version == VrrpVersion.V2 || wire.family == IpFamily.IPV6;
                assertThat(accepted.checksumStyle() == Decoded.ChecksumStyle.ONLY)
                        .as(context)
                        .isEqualTo(oneReading);
                assertThat(receiver.repeatsLastAccepted(packet)).as(context).isEqualTo(!wire.counts());
            }
        }
    }

    /** Changing a kept packet must give the bytes that building it anew gives, but for what counts. */
    @Test
    void aPacketChangedInPlaceIsThePacketBuiltAnew() {
        long seed = Long.getLong("wire.seed", System.nanoTime());
        System.out.println("AdvertRoundTripTest seed: -Dwire.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < ROUTERS; i++) {
            RandomWire wire = new RandomWire(random);
            if (wire.counts()) {
                continue;
            }
            AdvertCodec keeping = wire.codec();
            Advert[] adverts = {wire.advert(), wire.advert()};
            for (int j = 0; j < ADVERTS; j++) {
                Advert advert = adverts[random.nextInt(2)];
                byte[] kept = wire.send(keeping, advert, j);
                byte[] anew = wire.send(wire.codec(), advert, j);
                if (wire.family == IpFamily.IPV4) {
                    Arrays.fill(kept, 4, 6, (byte) 0);
                    Arrays.fill(anew, 4, 6, (byte) 0);
                }
                assertThat(kept).as("seed %d, router %d, advert %d", seed, i, j).isEqualTo(anew);
            }
        }
    }
}
