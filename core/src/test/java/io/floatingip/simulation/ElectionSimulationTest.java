package io.floatingip.simulation;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nothing but loss, delay, duplication, reordering and damage: the election itself. */
@Tag("once")
class ElectionSimulationTest {
    @Test
    void electsTheBestHoweverBadTheNetworkWas() {
        Seeds.run(getClass(), "electsTheBestHoweverBadTheNetworkWas", 3000, (seed, using) -> {
            Cluster cluster = new Cluster(seed, true);
            using.accept(cluster.lan);
            Invariants invariants = Invariants.watch(cluster).lossy();
            cluster.joinAll();
            cluster.lan
                    .loss(cluster.random.nextDouble(0.3))
                    .duplication(cluster.random.nextDouble(0.3))
                    .bitFlips(cluster.random.nextDouble(0.3))
                    .delay(Duration.ZERO, Duration.ofMillis(cluster.random.nextInt(400)));
            cluster.run(Duration.ofSeconds(60));
            cluster.lan.loss(0).duplication(0).bitFlips(0).delay(Duration.ZERO, cluster.delayMax);
            cluster.run(Duration.ofSeconds(15));
            invariants.checkHealed();
        });
    }
}
