package io.floatingip.simulation;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Cuts, one-way cuts, splits and heals. */
class PartitionSimulationTest {
    @Test
    void oneMasterOnEachSideAndOneWhenItHeals() {
        Seeds.run(getClass(), "oneMasterOnEachSideAndOneWhenItHeals", 2000, (seed, using) -> {
            Cluster cluster = new Cluster(seed, seed % 3 != 0);
            using.accept(cluster.lan);
            Invariants invariants = Invariants.watch(cluster).lossy();
            cluster.joinAll();
            cluster.run(cluster.masterDown());
            FaultPlan plan = new FaultPlan(cluster, invariants, FaultPlan.PARTITIONS);
            plan.run(Duration.ofSeconds(75));
            plan.heal();
            invariants.checkHealed();
        });
    }
}
